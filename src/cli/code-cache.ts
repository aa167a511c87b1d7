import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { Script } from 'node:vm'
import type { FileSystem } from '../base/host.ts'

/** A program that was loaded from one CommonJS file. */
export interface LoadedProgram {
  /** What it exports. */
  readonly exports: Readonly<Record<string, unknown>>
  /** The commands whose compiled code was found; empty where V8 compiles everything as it is called. */
  readonly known: readonly string[]
  /** Writes what V8 has compiled by now, for programs to come. It cannot fail: where nothing can be written, nothing is kept. */
  keep(command: string): void
}

/** What was compiled in an earlier run, and which commands had run by then. */
interface Kept {
  readonly commands: readonly string[]
  readonly data: Buffer
}

/** A file that others may write could have this program run anything. */
function isOnlyOurs(descriptor: number): boolean {
  const { uid, mode } = fstatSync(descriptor)
  return uid === process.getuid?.() && (mode & 0o022) === 0
}

function digestOf(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

/** The first line of the file has the digest of what follows, which is V8's own, and the commands. V8 checks nothing: damage would crash it. */
function parseKept(file: Buffer): Kept | undefined {
  const end = file.indexOf('\n')
  const [digest, commands = ''] = file.toString('latin1', 0, end).split(' ')
  const data = file.subarray(end + 1)
  return digest === digestOf(data) ? { commands: commands.split(','), data } : undefined
}

function formatKept({ commands, data }: Kept): Buffer {
  return Buffer.concat([Buffer.from(`${digestOf(data)} ${commands.join(',')}\n`), data])
}

function readKept(path: string): Kept | undefined {
  let descriptor: number | undefined
  try {
    descriptor = openSync(path, 'r')
    return isOnlyOurs(descriptor) ? parseKept(readFileSync(descriptor)) : undefined
  } catch {
    // The first run of a version has none, and whatever else is wrong with it, the program runs without.
    return undefined
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

/**
 * Loads a CommonJS file of ASCII text as `require` does, with what V8 compiled of it in earlier runs; Node does that for the files
 * it loads itself from version 22 on only (`module.enableCompileCache`). Packages it imports with `importPackage(name)`.
 *
 * @param file the program
 * @param cache where compiled code lies, named after the program's content and the version of Node; without it, none is looked for
 */
export function loadProgram(fs: Pick<FileSystem, 'writeFile'>, file: string, cache: string | undefined): LoadedProgram {
  const kept = cache === undefined ? undefined : readKept(cache)
  const script = new Script(`(function (exports, require, module, __filename, __dirname, importPackage) {${readFileSync(file, 'latin1')}\n})`, {
    filename: file,
    ...(kept && { cachedData: kept.data }),
  })
  const known = kept && script.cachedDataRejected === false ? kept.commands : []
  const module = { exports: {} }
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file), (name: string): Promise<unknown> => import(name))
  const keep = (command: string): void => {
    if (cache === undefined) return
    try {
      fs.writeFile(cache, formatKept({ commands: [...known, command], data: script.createCachedData() }), { mode: 0o600 })
    } catch {
      // A home that cannot be written is no reason to fail: the command has done its work.
    }
  }
  return { exports: module.exports, known, keep }
}
