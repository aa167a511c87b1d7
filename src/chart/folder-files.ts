import { type Diagnostic, DiagnosticError, failure } from '../base/diagnostic.ts'
import type { FileInfo, FolderEntry, Host, OpenedFile } from '../base/host.ts'
import type { ChartFile } from './chart.ts'
import { type Budget, withoutBom } from './chart-files.ts'
import { type IgnoreRules, parseIgnoreRules } from './ignore-rules.ts'

/** How symbolic links are treated. */
export interface LinkOptions {
  /** `follow` (default) takes the target wherever it lies, as Helm does, with a warning; `inside` refuses targets outside the chart's folder. */
  readonly links?: 'follow' | 'inside'
  readonly onWarning?: (warning: Diagnostic) => void
}

interface Walk {
  readonly host: Host
  readonly root: string
  readonly realRoot: string
  readonly rules: IgnoreRules
  readonly budget: Budget
  readonly options: LinkOptions
  readonly files: ChartFile[]
}

/** What the system says about a path, in Go's words. */
function systemReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ELOOP') return 'EvalSymlinks: too many links'
  if (code === 'ENOENT') return 'no such file or directory'
  if (code === 'EACCES') return 'permission denied'
  return error instanceof Error ? error.message : String(error)
}

/** Where a link leads. */
function resolveLink(walk: Walk, path: string): string {
  let resolved: string
  try {
    resolved = walk.host.fs.realPath(path)
  } catch (cause) {
    throw failure('chart/broken-link', `error evaluating symlink ${path}: ${systemReason(cause)}`, { cause })
  }
  if (walk.options.links === 'inside' && resolved !== walk.realRoot && !resolved.startsWith(`${walk.realRoot}/`)) {
    throw failure('chart/link-outside', `symbolic link ${path} leads out of the chart to ${resolved}`, { hint: 'copy the file into the chart' })
  }
  walk.options.onWarning?.({
    code: 'chart/link-followed',
    severity: 'warning',
    summary: `found symbolic link in path. Contents of linked file included and used path=${path} resolved=${resolved}`,
  })
  return resolved
}

/** Helm walks in the ring until the system has enough. */
function refuseRing(trail: readonly string[], path: string, resolved: string): void {
  if (trail.some((folder) => `${folder}/`.startsWith(`${resolved}/`))) {
    throw failure('chart/link-ring', `open ${path}: too many levels of symbolic links: it leads back to ${resolved}`, {
      hint: 'name the link in .helmignore, or remove it',
    })
  }
}

function readFile(walk: Walk, path: string, name: string): void {
  let opened: OpenedFile
  try {
    opened = walk.host.fs.openFile(path, ({ size }) => walk.budget.takeBytes(size))
  } catch (cause) {
    if (cause instanceof DiagnosticError) throw cause
    throw failure('chart/unreadable', `error reading ${name}: open ${path}: ${systemReason(cause)}`, { cause })
  }
  walk.files.push({ name, data: withoutBom(opened.data), modified: opened.info.modified })
}

/** What lies at a path, links followed. */
function kindAt(walk: Walk, path: string): FileInfo['kind'] {
  const info = walk.host.fs.stat(path)
  if (!info) throw failure('chart/unreadable', `lstat ${path}: no such file or directory`)
  return info.kind
}

function visitEntry(walk: Walk, { name: last, kind }: FolderEntry, folder: string, trail: readonly string[]): void {
  const name = folder === '' ? last : `${folder}/${last}`
  const path = `${walk.root}/${name}`
  walk.budget.takeEntry(name)
  const resolved = kind === 'link' ? resolveLink(walk, path) : undefined
  const actual = kind === 'link' ? kindAt(walk, path) : kind
  if (walk.rules.isIgnored(name, actual === 'directory')) return
  if (resolved !== undefined && actual === 'directory') refuseRing(trail, path, resolved)
  if (actual === 'directory') visitFolder(walk, name, [...trail, resolved ?? `${trail.at(-1)}/${last}`])
  else if (actual === 'file') readFile(walk, path, name)
  else throw failure('chart/irregular-file', `cannot load irregular file ${path} as it has file mode type bits set`)
}

/** @param trail where the folders from the root to this one really lie */
function visitFolder(walk: Walk, name: string, trail: readonly string[]): void {
  for (const entry of walk.host.fs.entries(name === '' ? walk.root : `${walk.root}/${name}`) ?? []) visitEntry(walk, entry, name, trail)
}

/**
 * The files of the chart folder `root` (absolute), in the order of a walk, without what its `.helmignore` names.
 *
 * @throws DiagnosticError `chart/broken-link`, `chart/link-outside`, `chart/link-ring`, `chart/irregular-file`, `chart/unreadable`, `chart/too-large`,
 *   `chart/ignore-pattern`
 * Source: Helm 4.3.1 pkg/chart/v2/loader/directory.go, internal/sympath/walk.go
 */
export function folderFiles(host: Host, root: string, budget: Budget, options: LinkOptions = {}): readonly ChartFile[] {
  const ignoreFile = `${root}/.helmignore`
  const text = host.fs.stat(ignoreFile)?.kind === 'file' ? host.fs.readText(ignoreFile) : ''
  const walk: Walk = { host, root, realRoot: host.fs.realPath(root), rules: parseIgnoreRules({ name: ignoreFile, text }), budget, options, files: [] }
  visitFolder(walk, '', [walk.realRoot])
  return walk.files
}
