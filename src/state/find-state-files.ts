import { basename, dirname } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import { glob } from '../base/glob.ts'
import type { FileSystem } from '../base/host.ts'
import { nearest } from '../base/nearest.ts'

const FILE = 'helmfile.yaml'
const TEMPLATE = 'helmfile.yaml.gotmpl'
const FOLDER = 'helmfile.d'

/** Flotilla's own settings, which may lie beside state files and are none. */
const SETTINGS = /(?:^|\/)flotilla\.config\.ya?ml$/

/** The path that stands for standard input. */
export const STDIN = '-'

/**
 * The state files that `path` stands for, in the order of their names; without a path, `helmfile.yaml`,
 * `helmfile.yaml.gotmpl` or the files of `helmfile.d`.
 * @throws DiagnosticError `state/no-state-file`, `state/ambiguous-state-file`
 * Source: Helmfile 1.8 pkg/app findDesiredStateFiles
 */
export function findStateFiles(fs: FileSystem, path: string | undefined): readonly string[] {
  if (!path) return findDefault(fs)
  const kind = path === STDIN ? 'file' : fs.stat(path)?.kind
  if (kind === 'file') return [path]
  if (kind === 'directory') return filesOf(fs, path)
  throw failure('state/no-state-file', `specified state file ${path} is not found`, hintFor(fs, path))
}

/** The file that was meant, or the state files of the usual names that stand where it was looked for. */
function hintFor(fs: FileSystem, path: string): { readonly hint?: string } {
  const folder = dirname(path)
  const inFolder = (name: string): string => (folder === '.' ? name : `${folder}/${name}`)
  const names = (fs.readDir(folder) ?? []).filter((name) => ENDING.test(name) || name === FOLDER)
  const stemOf = (name: string): string => name.replace(ENDING, '')
  const near = nearest(stemOf(basename(path)), names.map(stemOf))
  if (near !== undefined) return { hint: `did you mean ${inFolder(names.find((name) => stemOf(name) === near) ?? near)}?` }
  const usual = names.filter((name) => [FILE, TEMPLATE, FOLDER].includes(name)).map(inFolder)
  return usual.length > 0 ? { hint: `there is ${usual.join(' and ')}` } : {}
}

const ENDING = /\.ya?ml(?:\.gotmpl)?$/

function findDefault(fs: FileSystem): readonly string[] {
  const isFile = (name: string): boolean => fs.stat(name)?.kind === 'file'
  const files = [FILE, TEMPLATE].filter(isFile)
  if (files.length > 1) throw failure('state/ambiguous-state-file', `both ${FILE} and ${TEMPLATE} exist. Please remove one of them`)
  if (fs.stat(FOLDER)?.kind === 'directory') {
    if (files.length === 0) return filesOf(fs, FOLDER)
    throw failure('state/ambiguous-state-file', `configuration conflict error: you can have either ${files[0]} or ${FOLDER}, but not both`)
  }
  if (files.length > 0) return files
  throw failure(
    'state/no-state-file',
    `no state file found. It must be named ${FOLDER}/*.{yaml,yml,yaml.gotmpl,yml.gotmpl}, ${FILE}, or ${TEMPLATE}, otherwise specified with the --file flag or HELMFILE_FILE_PATH environment variable`,
    { hint: 'name one with -f, or make one with "flotilla create"' },
  )
}

function filesOf(fs: FileSystem, folder: string): readonly string[] {
  const clean = folder.replace(/\/+$/, '') || '/'
  const inside = clean === '.' ? '' : clean === '/' ? '/' : `${clean}/`
  const files = [...glob(fs, `${inside}*.y*ml`), ...glob(fs, `${inside}*.y*ml.gotmpl`)]
  return files.filter((path) => !SETTINGS.test(path)).toSorted()
}
