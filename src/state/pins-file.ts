import { basename, dirname, resolve } from 'node:path'
import { cacheFolder } from '../base/cache-folder.ts'
import type { Host } from '../base/host.ts'
import { helmfileLockName } from '../supply/helmfile-lock.ts'
import { pinsPath } from '../supply/pins.ts'

const KEY = 'lockFilePath:'

/** Whether a file came from elsewhere: nothing can be written beside it. */
export function isFetched(host: Host, path: string): boolean {
  return resolve(host.cwd, path).startsWith(`${cacheFolder(host)}/`)
}

/**
 * Flotilla's lock (absolute) of what the state file `path` names by URL: where `lockFilePath` puts it, else beside the file. What a
 * file from elsewhere names stands in the lock `around` it, of the file that names it; undefined where there is none.
 *
 * Bases are named by the text before it is evaluated, so that only a `lockFilePath` that is written there counts.
 */
export function pinsFileOf(host: Host, path: string, around: string | undefined): string | undefined {
  if (isFetched(host, path)) return around
  return pinsPath(resolve(dirname(path), lockFilePathIn(host, path) ?? helmfileLockName(basename(path))))
}

function lockFilePathIn({ fs }: Host, path: string): string | undefined {
  if (fs.stat(path)?.kind !== 'file') return undefined
  const line = fs
    .readText(path)
    .split('\n')
    .find((text) => text.startsWith(KEY))
  const value = line?.slice(KEY.length).split(' #')[0]?.trim() ?? ''
  const [first = ''] = value
  const bare = value.length > 1 && (first === '"' || first === "'") && value.endsWith(first) ? value.slice(1, -1) : value
  return bare === '' || bare.includes('{{') ? undefined : bare
}
