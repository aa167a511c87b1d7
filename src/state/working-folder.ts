import { isAbsolute, join, resolve } from 'node:path'
import type { FileSystem, Host } from '../base/host.ts'
import { shareSecretLog } from './secret-log.ts'

/** `host` as a process would see it that runs in the folder `cwd` (absolute): relative paths and commands start there. */
export function hostIn(host: Host, cwd: string): Host {
  if (host.cwd === cwd) return host
  const at = (path: string): string => resolve(cwd, path)
  const { fs } = host
  const moved: FileSystem = {
    readFile: (path) => fs.readFile(at(path)),
    readText: (path) => fs.readText(at(path)),
    openFile: (path, accept) => fs.openFile(at(path), accept),
    stat: (path) => fs.stat(at(path)),
    isLink: (path) => fs.isLink(at(path)),
    readDir: (path) => fs.readDir(at(path)),
    entries: (path) => fs.entries(at(path)),
    realPath: (path) => fs.realPath(at(path)),
    writeFile: (path, data, options) => fs.writeFile(at(path), data, options),
    makeDir: (path) => fs.makeDir(at(path)),
    remove: (path) => fs.remove(at(path)),
    rename: (from, to) => fs.rename(at(from), at(to)),
    touch: (path) => fs.touch(at(path)),
  }
  const result: Host = {
    ...host,
    cwd,
    fs: moved,
    runSync: (command) => host.runSync({ ...command, cwd: at(command.cwd ?? '.') }),
    run: (command, signal) => host.run({ ...command, cwd: at(command.cwd ?? '.') }, signal),
  }
  shareSecretLog(host, result)
  return result
}

/** `path` seen from `base`, lexically cleaned the way Go's `filepath.Join` does. */
export function joinPath(base: string, path: string): string {
  if (isAbsolute(path)) return path
  const joined = join(base, path)
  return joined.length > 1 && joined.endsWith('/') ? joined.slice(0, -1) : joined
}
