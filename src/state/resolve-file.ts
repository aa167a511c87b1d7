import { isAbsolute } from 'node:path'
import { type Diagnostic, DiagnosticError, failure, withNote } from '../base/diagnostic.ts'
import { glob } from '../base/glob.ts'
import type { Host } from '../base/host.ts'
import type { Span } from '../base/source.ts'
import type { SecretReader } from '../secrets/secret-reader.ts'
import { publicUrl } from '../supply/public-url.ts'
import type { RemoteFiles } from '../supply/remote-files.ts'
import type { ReadClusterData } from './cluster-data.ts'
import type { Fetching } from './fetched-secrets.ts'
import { joinPath } from './working-folder.ts'

/** Where the relative paths of a state file start, and how Helmfile would name them. */
export interface FileBase {
  /** Its `cwd` is the folder the run is in while this file is worked on. */
  readonly host: Host
  /** The file's folder as paths of messages show it: `.` or absolute. */
  readonly basePath: string
  /** The state file as messages show it. */
  readonly filePath: string
  /** How a person who stands where the run started would name a path of this file. */
  readonly nameOf: (path: string) => string
  readonly warn: (diagnostic: Diagnostic) => void
  /** Decrypts files of this run, each once. */
  readonly secrets: SecretReader
  /** Reads what references to objects of a cluster name; undefined where none can be asked. */
  readonly clusterData: ReadClusterData | undefined
  /** What this file names by URL. */
  readonly remote: RemoteFiles
  /** Flotilla's lock (absolute) of what this file names by URL; undefined where there can be none. */
  readonly pinsFile: string | undefined
}

/** What secrets of the file's run are fetched with. */
export function fetchingOf({ host, secrets, clusterData }: FileBase): Fetching {
  return { host, reader: secrets, clusterData }
}

const HANDLERS: readonly string[] = ['Error', 'Warn', 'Info', 'Debug']
const SCHEME = /^[a-zA-Z][a-zA-Z0-9+.-]*:/
const REMOTE = /^(?:[a-zA-Z][a-zA-Z0-9+.-]*::)?[a-zA-Z][a-zA-Z0-9+.-]*:\/\//

/** True for paths that mean something to fetch: `git::https://…`, `s3://…`. */
export function isRemotePath(path: string): boolean {
  return REMOTE.test(path)
}

/** A path of a state file as Helmfile hands it on: joined to the file's folder unless absolute or a URL. */
export function normalizePath(base: FileBase, path: string): string {
  if (SCHEME.test(path) || isAbsolute(path)) return path
  if (base.basePath !== '.' && path.startsWith(`${base.basePath}/`)) return path
  return joinPath(base.basePath, path)
}

/** The files that a path or pattern of a state file stands for, sorted. */
export function expandPaths(base: FileBase, pattern: string): readonly string[] {
  return glob(base.host.fs, normalizePath(base, pattern))
}

/** Which file is looked for, in the words of messages, and what to do when it is not there. */
export interface Wanted {
  /** `values`, `secrets`, `environment values`. */
  readonly what: string
  readonly path: string
  /** `Error`, `Warn`, `Info` or `Debug`; `Error` when absent. */
  readonly whenMissing: string | undefined
  /** Whether a branch, tag or commit that is not there counts as a file that is not there. */
  readonly ignoreMissingBranch?: boolean | undefined
  readonly at?: Span | undefined
}

/**
 * The files that `wanted` stands for; none when it is missing and its handler allows that.
 * @throws DiagnosticError `state/missing-file`, `state/bad-missing-file-handler`, `supply/…` for remote files
 * Source: Helmfile 1.8 pkg/state/storage.go
 */
export async function resolveFile(base: FileBase, wanted: Wanted): Promise<readonly string[]> {
  const { path } = wanted
  const files = isRemotePath(path) ? await remoteFiles(base, wanted) : expandPaths(base, path)
  if (files.length === 0) handleMissing(base, wanted)
  return files
}

async function remoteFiles(base: FileBase, { path, what, ignoreMissingBranch, at }: Wanted): Promise<readonly string[]> {
  try {
    return await base.remote.select(path)
  } catch (error) {
    if (ignoreMissingBranch && isMissingBranch(error)) return []
    throw withNote(error, { text: `fetching a ${what} file`, ...place(at) })
  }
}

/** Whether a branch, tag or commit is not there that something was to be fetched from. */
export function isMissingBranch(error: unknown): boolean {
  return error instanceof DiagnosticError && error.diagnostics[0]?.code === 'supply/no-ref'
}

function handleMissing(base: FileBase, { path: given, what, whenMissing = 'Error', at }: Wanted): void {
  const path = isRemotePath(given) ? publicUrl(given) : given
  if (!HANDLERS.includes(whenMissing)) {
    const summary = `invalid missing file handler "${whenMissing}" while processing "${path}" in "${base.filePath}": it must be one of [${HANDLERS.join(' ')}]`
    throw failure('state/bad-missing-file-handler', summary, place(at))
  }
  if (whenMissing === 'Error') {
    throw failure('state/missing-file', `${what} file matching "${path}" does not exist in "${base.basePath}"`, {
      ...place(at),
      hint: 'write the file, or set missingFileHandler: Warn',
    })
  }
  if (whenMissing === 'Warn') {
    base.warn({ code: 'state/missing-file', severity: 'warning', summary: `skipping missing ${what} file matching "${path}"`, ...place(at) })
  }
}

function place(at: Span | undefined): { at?: Span } {
  return at ? { at } : {}
}
