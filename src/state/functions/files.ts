import { join } from 'node:path'
import type { Host } from '../../base/host.ts'
import { stringFromBytes } from '../../go/bytes.ts'
import { GoError, type GoFunction, type GoObject, type GoValue, withGoType } from '../../go/values.ts'
import { fixed } from '../../template/functions/signature.ts'
import { joinPath } from '../working-folder.ts'
import { DISABLED, isInsecureDisabled } from './insecure.ts'

/** Files and folders. Source: Helmfile 1.8 pkg/tmpl/context_funcs.go */
export function fileFunctions(host: Host, basePath: string): readonly (readonly [string, GoFunction])[] {
  const at = (path: string): string => joinPath(basePath, path)
  const guarded = (read: (path: string) => GoValue): GoFunction =>
    fixed(['string'], (path: string) => {
      if (isInsecureDisabled(host)) throw new GoError(DISABLED)
      return read(path)
    })
  const isOfKind = (path: string, isFolder: boolean): boolean => {
    const info = host.fs.stat(at(path))
    return info !== undefined && (info.kind === 'directory') === isFolder
  }
  return [
    ['isFile', fixed(['string'], (path: string) => isOfKind(path, false))],
    ['isDir', fixed(['string'], (path: string) => isOfKind(path, true))],
    ['readFile', guarded((path) => readFile(host, at(path)))],
    ['readDir', guarded((path) => withGoType(filesIn(host, path, at(path)), '[]string'))],
    ['readDirEntries', guarded((path) => withGoType(entriesIn(host, at(path)), '[]fs.DirEntry'))],
  ]
}

function readFile(host: Host, path: string): string {
  const kind = host.fs.stat(path)?.kind
  if (kind === undefined) throw new GoError(`open ${path}: no such file or directory`)
  if (kind === 'directory') throw new GoError(`read ${path}: is a directory`)
  return stringFromBytes(host.fs.readFile(path))
}

function namesIn(host: Host, path: string, what: string): readonly string[] {
  const names = host.fs.readDir(path)
  if (names) return names
  throw new GoError(`${what} "${path}": open ${path}: ${host.fs.stat(path) ? 'not a directory' : 'no such file or directory'}`)
}

function filesIn(host: Host, given: string, path: string): string[] {
  return namesIn(host, path, 'ReadDir')
    .filter((name) => host.fs.isLink(join(path, name)) || host.fs.stat(join(path, name))?.kind !== 'directory')
    .map((name) => join(given, name))
}

function entriesIn(host: Host, path: string): GoObject[] {
  return namesIn(host, path, 'ReadDirEntries').map((name) => directoryEntry(host, name, join(path, name)))
}

function directoryEntry(host: Host, name: string, path: string): GoObject {
  const isFolder = !host.fs.isLink(path) && host.fs.stat(path)?.kind === 'directory'
  const methods: Readonly<Record<string, GoFunction>> = { Name: fixed([], () => name), IsDir: fixed([], () => isFolder) }
  return {
    goType: '*os.unixDirent',
    goKind: 'ptr',
    field: () => undefined,
    method: (wanted) => (Object.hasOwn(methods, wanted) ? methods[wanted] : undefined),
    goString: () => `${isFolder ? 'd' : '-'} ${name}${isFolder ? '/' : ''}`,
  }
}
