import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { goldenFolder } from './golden.ts'
import { parseTranscript, type Transcript } from './transcript.ts'

/** What helm-unittest said of small charts: transcripts with its output, without the time it took; `@CWD@` is their folder. */
export function unittestCases(): readonly { readonly name: string; readonly transcript: Transcript }[] {
  const folder = goldenFolder('unittest')
  return readdirSync(folder).map((name) => ({ name, transcript: parseTranscript(readFileSync(join(folder, name), 'utf8')) }))
}
