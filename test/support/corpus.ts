import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { repositoryRoot } from './paths.ts'

/** Where the corpora lie: `FLOTILLA_CORPUS`, or `../shared/corpus` beside the repository. */
export const corpusFolder: string = process.env['FLOTILLA_CORPUS'] ?? resolve(repositoryRoot, '../shared/corpus')

/** Why tests that need the file `name` are skipped (`charts.tar.xz`, `functions.jsonl.xz`), or false when it is there: node:test's `skip` option. */
export function skipWithout(name: string): string | false {
  return existsSync(join(corpusFolder, name)) ? false : `no ${name} in ${corpusFolder} (set FLOTILLA_CORPUS)`
}

/** Runs `fill` on a fresh folder and moves it to `target`; when another process was faster, its result stays. */
function once(target: string, fill: (folder: string) => void): string {
  if (existsSync(target)) return target
  mkdirSync(dirname(target), { recursive: true })
  const fresh = mkdtempSync(`${target}.`)
  try {
    fill(fresh)
    renameSync(fresh, target)
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true })
    if (!existsSync(target)) throw error
  }
  return target
}

function cacheFolder(archive: string): string {
  const digest = createHash('sha256').update(readFileSync(archive)).digest('hex').slice(0, 16)
  return join(tmpdir(), `flotilla-corpus-${process.getuid?.() ?? 0}`, digest)
}

/** The one folder inside `folder` if nothing else is in it, else `folder`. */
function descend(folder: string): string {
  const names = readdirSync(folder)
  return names.length === 1 && existsSync(join(folder, names[0] as string, '.')) ? join(folder, names[0] as string) : folder
}

/**
 * The folder with the contents of `name` (`charts.tar.xz`), unpacked once per content under the system's temporary folder.
 * Shared by all tests: read only, copy before running anything in it.
 */
export function unpackedCorpus(name: string): string {
  const archive = join(corpusFolder, name)
  return descend(once(cacheFolder(archive), (folder) => void execFileSync('tar', ['xJf', archive, '-C', folder])))
}

/** The values of a compressed JSON-lines file (`functions.jsonl.xz`), one per line. */
export function corpusLines<T>(name: string): readonly T[] {
  const archive = join(corpusFolder, name)
  const folder = once(cacheFolder(archive), (target) =>
    writeFileSync(join(target, 'lines.jsonl'), execFileSync('xz', ['-dc', archive], { maxBuffer: 1 << 30 })),
  )
  const text = readFileSync(join(folder, 'lines.jsonl'), 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)
}
