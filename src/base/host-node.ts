import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import { homedir, hostname, tmpdir } from 'node:os'
import { dirname, isAbsolute, resolve } from 'node:path'
import { failure } from './diagnostic.ts'
import type { Command, CommandResult, FileInfo, FileSystem, FolderEntry, Host, ProcessIdentity } from './host.ts'

const MAX_COMMAND_OUTPUT = 256 * 1024 * 1024

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOENT' || code === 'ENOTDIR'
}

function orUndefinedWhenMissing<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** By bytes, in place; UTF-16 orders alike but for characters beyond the first plane. */
function sortedNames(names: string[]): readonly string[] {
  if (!names.some((name) => /[\ud800-\udfff]/.test(name))) return names.sort()
  return names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}

function kindOf(entry: fs.Dirent): FolderEntry['kind'] {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'directory'
  return entry.isSymbolicLink() ? 'link' : 'other'
}

/** The first `size` bytes, fewer where the file has shrunk. */
function readBytes(descriptor: number, size: number): Uint8Array {
  const data = Buffer.allocUnsafeSlow(size)
  let length = 0
  for (let read = -1; length < size && read !== 0; length += read) read = fs.readSync(descriptor, data, length, size - length, null)
  return length === size ? data : data.subarray(0, length)
}

function nodeFileSystem(at: (path: string) => string, temporaryName: (path: string) => string): FileSystem {
  const info = (stats: fs.Stats): FileInfo => ({
    kind: stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : 'other',
    size: stats.size,
    mode: stats.mode & 0o7777,
    modified: stats.mtimeMs,
  })
  return {
    readFile: (path) => fs.readFileSync(at(path)),
    readText: (path) => fs.readFileSync(at(path), 'utf8'),
    openFile: (path, accept) => {
      const descriptor = fs.openSync(at(path), 'r')
      try {
        const opened = info(fs.fstatSync(descriptor))
        accept(opened)
        return { info: opened, data: readBytes(descriptor, opened.size) }
      } finally {
        fs.closeSync(descriptor)
      }
    },
    stat: (path) => {
      const stats = orUndefinedWhenMissing(() => fs.statSync(at(path), { throwIfNoEntry: false }))
      return stats && info(stats)
    },
    isLink: (path) => fs.lstatSync(at(path), { throwIfNoEntry: false })?.isSymbolicLink() ?? false,
    readDir: (path) => orUndefinedWhenMissing(() => sortedNames(fs.readdirSync(at(path)))),
    entries: (path) =>
      orUndefinedWhenMissing(() => {
        const kinds = new Map(fs.readdirSync(at(path), { withFileTypes: true }).map((entry) => [entry.name, kindOf(entry)]))
        return sortedNames([...kinds.keys()]).map((name) => ({ name, kind: kinds.get(name) as FolderEntry['kind'] }))
      }),
    realPath: (path) => fs.realpathSync(at(path)),
    writeFile: (path, data, options = {}) => {
      const target = at(path)
      const temporary = temporaryName(target)
      fs.mkdirSync(dirname(target), { recursive: true })
      try {
        fs.writeFileSync(temporary, data, { mode: options.mode ?? 0o644 })
        fs.renameSync(temporary, target)
      } catch (error) {
        fs.rmSync(temporary, { force: true })
        throw error
      }
    },
    makeDir: (path) => {
      fs.mkdirSync(at(path), { recursive: true })
    },
    // Another process may put something into a folder while it is being removed.
    remove: (path) => fs.rmSync(at(path), { recursive: true, force: true, maxRetries: 3 }),
    rename: (from, to) => fs.renameSync(at(from), at(to)),
    touch: (path) => touch(at(path)),
  }
}

const UNTOUCHABLE = new Set(['ENOENT', 'EROFS', 'EACCES', 'EPERM'])

function touch(path: string): void {
  const now = new Date()
  try {
    fs.utimesSync(path, now, now)
  } catch (error) {
    if (!UNTOUCHABLE.has((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}

/** The real machine. `cwd` and `env` default to the process's own. */
export function nodeHost(options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string | undefined>> } = {}): Host {
  const cwd = options.cwd ?? process.cwd()
  const env = options.env ?? process.env
  const homeDir = env['HOME'] ?? homedir()
  const childOptions = (command: Command) => ({ cwd: resolve(cwd, command.cwd ?? '.'), env: { ...env, ...command.env } })
  return {
    cwd,
    homeDir,
    tempDir: env['TMPDIR'] ?? tmpdir(),
    env,
    fs: nodeFileSystem(
      (path) => (isAbsolute(path) && !path.includes('..') ? path : resolve(cwd, path)),
      (path) => `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`,
    ),
    now: () => Date.now(),
    monotonic: () => performance.now(),
    resources: () => {
      const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
      return { cpuMs: (userCPUTime + systemCPUTime) / 1000, peakBytes: maxRSS * 1024 }
    },
    sleep: (ms, signal) => sleep(ms, signal),
    randomBytes: (length) => randomBytes(length),
    process: thisProcess,
    runSync: (command) => {
      const result = spawnSync(command.file, [...command.args], {
        ...childOptions(command),
        maxBuffer: MAX_COMMAND_OUTPUT,
        ...(command.input === undefined ? {} : { input: command.input }),
      })
      if (result.error && (result.error as NodeJS.ErrnoException).code !== 'ENOENT') throw startFailure(command, result.error)
      return {
        code: result.status,
        stdout: result.stdout ?? Buffer.alloc(0),
        stderr: result.stderr ?? Buffer.alloc(0),
        missing: result.error !== undefined,
      }
    },
    run: (command, signal) => runAsync(command, childOptions(command), signal),
  }
}

/** Read when it is asked for: most runs never do. */
const thisProcess: ProcessIdentity = {
  get hostname() {
    return hostname()
  },
  pid: process.pid,
  get pidSpace() {
    return linuxPidSpace()
  },
  isRunning: (pid) => {
    try {
      return process.kill(pid, 0)
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== 'ESRCH'
    }
  },
}

/** Only Linux gives kernel and namespace names that no other machine has; a hardened one may hide them. */
function linuxPidSpace(): string | undefined {
  try {
    return `${fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fs.readlinkSync('/proc/self/ns/pid')}`
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
    return undefined
  }
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done, fail) => {
    if (signal?.aborted) return fail(signal.reason)
    const onAbort = () => {
      clearTimeout(timer)
      fail(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort)
      done()
    }, ms)
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}

/** Why the system does not start a file that exists, by its error. */
const UNSTARTABLE: Readonly<Record<string, { readonly summary: string; readonly hint?: string }>> = {
  EACCES: { summary: 'it is not executable', hint: 'make it executable (chmod +x), or name its interpreter and pass it as an argument' },
  ENOEXEC: { summary: 'it is no program', hint: 'begin a script with a line such as #!/bin/sh' },
  E2BIG: { summary: 'its arguments are too long' },
  ENOTDIR: { summary: 'a part of its path is no folder' },
}

/** @returns a DiagnosticError `base/cannot-run` for what a person can repair, else `error` */
function startFailure({ file }: Command, error: Error): Error {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  const why = Object.hasOwn(UNSTARTABLE, code) ? UNSTARTABLE[code] : undefined
  return why ? failure('base/cannot-run', `"${file}" cannot be run: ${why.summary}`, { ...(why.hint && { hint: why.hint }), cause: error }) : error
}

/** Some errors are thrown where others are told of as an event. */
function started<T>(command: Command, start: () => T): T {
  try {
    return start()
  } catch (error) {
    throw error instanceof Error ? startFailure(command, error) : error
  }
}

function runAsync(
  command: Command,
  childOptions: { cwd: string; env: Record<string, string | undefined> },
  signal?: AbortSignal,
): Promise<CommandResult> {
  return new Promise((done, fail) => {
    const child = started(command, () => spawn(command.file, [...command.args], { ...childOptions, stdio: 'pipe', ...(signal ? { signal } : {}) }))
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    // A program may end without reading its input; that is its choice, not our failure.
    child.stdin.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') fail(error)
    })
    child.stdin.end(command.input ?? '')
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') done({ code: null, stdout: new Uint8Array(), stderr: new Uint8Array(), missing: true })
      else fail(startFailure(command, error))
    })
    child.on('close', (code) => done({ code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr), missing: false }))
  })
}
