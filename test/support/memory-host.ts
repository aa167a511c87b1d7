import { posix } from 'node:path'
import type { CommandResult, FileInfo, FileSystem, Host } from '../../src/base/host.ts'

/** Where relative paths of a memory host start. */
export const MEMORY_ROOT = '/repo'

export interface MemoryHostOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Answers commands; without it there are none. */
  readonly run?: (file: string, args: readonly string[]) => { readonly code: number; readonly stdout: string }
}

function contains(folder: string, path: string): boolean {
  return path.startsWith(folder === '/' ? '/' : `${folder}/`)
}

function memoryFiles(files: Map<string, Uint8Array>): FileSystem {
  const at = (path: string): string => posix.resolve(MEMORY_ROOT, path)
  const read = (path: string): Uint8Array => {
    const data = files.get(at(path))
    if (!data) throw Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: 'ENOENT' })
    return data
  }
  const isFolder = (path: string): boolean => [...files.keys()].some((name) => contains(path, name))
  const info = (kind: FileInfo['kind'], size: number): FileInfo => ({ kind, size, mode: 0o644, modified: 0 })
  const readDir: FileSystem['readDir'] = (path) => {
    const folder = at(path)
    const inside = [...files.keys()].filter((name) => contains(folder, name))
    if (inside.length === 0) return undefined
    return [...new Set(inside.map((name) => posix.relative(folder, name).split('/')[0] as string))].sort()
  }
  return {
    readFile: read,
    readText: (path) => Buffer.from(read(path)).toString('utf8'),
    openFile: (path, accept) => {
      const data = read(path)
      const opened = info('file', data.length)
      accept(opened)
      return { info: opened, data }
    },
    stat: (path) => {
      const data = files.get(at(path))
      if (data) return info('file', data.length)
      return isFolder(at(path)) ? info('directory', 0) : undefined
    },
    isLink: () => false,
    readDir,
    entries: (path) => readDir(path)?.map((name) => ({ name, kind: files.has(posix.join(at(path), name)) ? 'file' : 'directory' })),
    realPath: at,
    writeFile: (path, data) => void files.set(at(path), Buffer.from(data)),
    makeDir: () => {},
    remove: (path) => {
      for (const name of [...files.keys()]) if (name === at(path) || contains(at(path), name)) files.delete(name)
    },
    rename: (from, to) => {
      files.set(at(to), read(from))
      files.delete(at(from))
    },
    touch: () => {},
  }
}

/** A machine with just these files (relative paths start at `MEMORY_ROOT`), a clock that stands still and no programs. */
export function memoryHost(files: Readonly<Record<string, string>>, options: MemoryHostOptions = {}): Host {
  const held = new Map(Object.entries(files).map(([path, text]) => [posix.resolve(MEMORY_ROOT, path), Buffer.from(text) as Uint8Array]))
  const run = (file: string, args: readonly string[]): CommandResult => {
    const answer = options.run?.(file, args)
    return { code: answer?.code ?? null, stdout: Buffer.from(answer?.stdout ?? ''), stderr: new Uint8Array(), missing: answer === undefined }
  }
  return {
    cwd: MEMORY_ROOT,
    homeDir: '/home',
    tempDir: '/tmp',
    env: options.env ?? {},
    fs: memoryFiles(held),
    now: () => 0,
    monotonic: () => 0,
    resources: () => ({ cpuMs: 0, peakBytes: 0 }),
    sleep: () => Promise.resolve(),
    randomBytes: (length) => new Uint8Array(length),
    process: { hostname: 'memory', pid: 1, pidSpace: undefined, isRunning: () => true },
    runSync: (command) => run(command.file, command.args),
    run: (command) => Promise.resolve(run(command.file, command.args)),
  }
}
