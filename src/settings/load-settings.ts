import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DiagnosticError, failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { checkSettings, type ReadSettings } from './check-settings.ts'
import { mayHaveSettings, settingsFiles } from './find-settings.ts'
import { readYamlSettings } from './read-yaml-settings.ts'
import type { Settings } from './settings.ts'

/*
 * Flotilla's own settings, apart from helmfile.yaml, which stays valid for Helmfile. In: a folder. Out: settings that fit their
 * schema, or nothing set at all. What must stay true: a run without a settings file pays for listing a few folders, no more.
 */

/** A program's export; where only newer versions of Node read its language, that is said. */
async function loadProgram(path: string): Promise<unknown> {
  try {
    const loaded = (await import(pathToFileURL(path).href)) as { readonly default?: unknown }
    return loaded.default
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_UNKNOWN_FILE_EXTENSION') throw error
    throw failure('settings/typescript', 'this Node cannot read TypeScript', {
      subject: path,
      hint: 'run with Node 22.18 or newer, or write the settings as flotilla.config.js or flotilla.config.yaml',
      cause: error,
    })
  }
}

interface Found {
  readonly path: string
  readonly content: unknown
}

/** Reading with places is done afterwards, so that what the search wants of a file is enough here. */
async function find(host: Pick<Host, 'cwd'>): Promise<Found | undefined> {
  const { cosmiconfig } = await import('cosmiconfig')
  const asYaml = async (path: string, text: string): Promise<unknown> => (await readYamlSettings({ name: nameOf(host, path), text })).content
  const program = (path: string): Promise<unknown> => loadProgram(path)
  const loaders = {
    '.json': asYaml,
    '.yaml': asYaml,
    '.yml': asYaml,
    noExt: asYaml,
    '.js': program,
    '.mjs': program,
    '.cjs': program,
    '.ts': program,
  }
  const explorer = cosmiconfig('flotilla', { searchPlaces: [...settingsFiles], loaders, searchStrategy: 'project', cache: false })
  const found = await explorer.search(host.cwd)
  return found && !found.isEmpty ? { path: found.filepath, content: found.config as unknown } : undefined
}

function nameOf({ cwd }: Pick<Host, 'cwd'>, path: string): string {
  return relative(cwd, path)
}

async function withPlaces(host: Pick<Host, 'cwd'>, { path, content }: Found): Promise<ReadSettings> {
  const name = nameOf(host, path)
  if (/\.(?:[cm]?js|ts)$/.test(path)) return { content, name, placeOf: () => undefined }
  const below = path.endsWith('package.json') ? ['flotilla'] : []
  return { ...(await readYamlSettings({ name, text: readFileSync(path, 'utf8') }, below)), content }
}

/**
 * The settings for a run in `host.cwd`: of the nearest settings file, there or above, up to the first folder with a package.json.
 *
 * @throws (later) DiagnosticError `settings/syntax`, `settings/unknown-key`, `settings/wrong-value`, `settings/typescript`
 */
export async function loadSettings(host: Pick<Host, 'fs' | 'cwd'>): Promise<Settings> {
  if (!mayHaveSettings(host)) return {}
  const found = await find(host)
  if (!found) return {}
  const read = await withPlaces(host, found)
  const wrong = await checkSettings(read)
  if (wrong.length > 0) throw new DiagnosticError(wrong)
  const { helmCompat, ...rest } = found.content as Settings
  return { ...rest, ...(helmCompat !== undefined && { helmCompat: String(helmCompat) as NonNullable<Settings['helmCompat']> }) }
}
