import { dirname, join } from 'node:path'
import type { Host } from '../base/host.ts'

/** Files that may hold settings, in the order in which they are looked for; in package.json it is the key `flotilla`. */
export const settingsFiles: readonly string[] = [
  'package.json',
  '.flotillarc',
  'flotilla.config.yaml',
  'flotilla.config.yml',
  'flotilla.config.json',
  'flotilla.config.js',
  'flotilla.config.mjs',
  'flotilla.config.cjs',
  'flotilla.config.ts',
]

const PACKAGE = 'package.json'

/** Whether a package.json has something for us; one that cannot be read has not. */
function hasPackageKey(host: Pick<Host, 'fs'>, path: string): boolean {
  try {
    const content: unknown = JSON.parse(host.fs.readText(path))
    return typeof content === 'object' && content !== null && Object.hasOwn(content, 'flotilla')
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}

/**
 * Whether a settings file can exist for a run in `host.cwd`: there, or in a folder above up to the first with a package.json. Costs
 * a listing per folder, so that runs without one load nothing.
 */
export function mayHaveSettings(host: Pick<Host, 'fs' | 'cwd'>): boolean {
  for (let folder = host.cwd; ; folder = dirname(folder)) {
    const names = new Set(host.fs.readDir(folder) ?? [])
    if (settingsFiles.some((name) => name !== PACKAGE && names.has(name))) return true
    if (names.has(PACKAGE)) return hasPackageKey(host, join(folder, PACKAGE))
    if (dirname(folder) === folder) return false
  }
}
