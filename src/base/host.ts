/** What a path is. */
export interface FileInfo {
  readonly kind: 'file' | 'directory' | 'other'
  readonly size: number
  /** Unix permission bits. */
  readonly mode: number
  /** Milliseconds since the epoch. */
  readonly modified: number
}

/** What stands in a folder. */
export interface FolderEntry {
  readonly name: string
  /** What it is itself: a link is not followed. */
  readonly kind: 'file' | 'directory' | 'link' | 'other'
}

/** A file's content and what it was when it was opened. */
export interface OpenedFile {
  readonly info: FileInfo
  readonly data: Uint8Array
}

/**
 * Files. Reading is synchronous on purpose: templates call `readFile`, `isFile` and `exec` in the middle of an expression,
 * and on a local disk a synchronous read is the faster one. Relative paths start at `Host.cwd`.
 * A missing path makes `stat`, `linkInfo` and `readDir` answer undefined; every other failure throws the system's error.
 */
export interface FileSystem {
  readFile(path: string): Uint8Array
  readText(path: string): string
  /** As `readFile`; `accept` sees what the file is before any of it is read, and may throw. */
  openFile(path: string, accept: (info: FileInfo) => void): OpenedFile
  /** Follows links; undefined where nothing is. */
  stat(path: string): FileInfo | undefined
  /** True when the path itself is a symbolic link (dangling or not). */
  isLink(path: string): boolean
  /** Names, sorted bytewise; undefined where there is no such folder. */
  readDir(path: string): readonly string[] | undefined
  /** As `readDir`, with what each entry is. */
  entries(path: string): readonly FolderEntry[] | undefined
  realPath(path: string): string
  /** Writes to a temporary neighbour and renames, so that readers never see half a file. Makes missing folders. */
  writeFile(path: string, data: Uint8Array | string, options?: { readonly mode?: number }): void
  makeDir(path: string): void
  /** Removes a file or a whole folder; nothing happens where nothing is. */
  remove(path: string): void
  rename(from: string, to: string): void
  /** Makes `FileInfo.modified` now, as far as the file system lets us; what cannot be changed stays as it is. */
  touch(path: string): void
}

/** A program to run; no shell is involved. */
export interface Command {
  readonly file: string
  readonly args: readonly string[]
  readonly cwd?: string
  /** Added to `Host.env`. */
  readonly env?: Readonly<Record<string, string>>
  readonly input?: Uint8Array | string
}

/** How a program ended. `code` is null when a signal ended it; `missing` is true when there was no such program. */
export interface CommandResult {
  readonly code: number | null
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
  readonly missing: boolean
}

/** Which process this is, for those who ask who holds something. */
export interface ProcessIdentity {
  readonly hostname: string
  readonly pid: number
  /** The running kernel and its namespace of process numbers; undefined where that cannot be told. Two processes of one space can see each other. */
  readonly pidSpace: string | undefined
  /** False when the process's space has no process of that number. */
  isRunning(pid: number): boolean
}

/** Every effect of the program but network requests. Made once in `cli/run-process.ts` (`nodeHost`), passed first where needed. */
export interface Host {
  readonly cwd: string
  readonly homeDir: string
  readonly tempDir: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly fs: FileSystem
  /** Milliseconds since the epoch. */
  now(): number
  /** Milliseconds from an arbitrary start, never going back. */
  monotonic(): number
  /** Processor time in milliseconds and memory at its most in bytes, of this process since it began. */
  resources(): { readonly cpuMs: number; readonly peakBytes: number }
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  randomBytes(length: number): Uint8Array
  readonly process: ProcessIdentity
  /** Runs a program and waits for it; for `exec` inside templates, where nothing can be awaited. */
  runSync(command: Command): CommandResult
  /** Runs a program without blocking; ended when `signal` is aborted. */
  run(command: Command, signal?: AbortSignal): Promise<CommandResult>
}
