import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { goldenFolder } from './golden.ts'
import { parseTranscript, type Transcript } from './transcript.ts'
import { writeFiles } from './write-files.ts'

/** What real Helm said of small charts: transcripts whose output is that of `helm lint`, with `@CWD@` for their folder. */
export function lintCases(): readonly { readonly name: string; readonly transcript: Transcript }[] {
  const folder = goldenFolder('lint')
  return readdirSync(folder).map((name) => ({ name, transcript: parseTranscript(readFileSync(join(folder, name), 'utf8')) }))
}

/** What `work` gives for a folder with the files of a case; the folder is removed after. */
export async function withCaseFolder<T>({ files }: Pick<Transcript, 'files'>, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-lint-'))
  try {
    writeFiles(folder, Object.fromEntries(files))
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
