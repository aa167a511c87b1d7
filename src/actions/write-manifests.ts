import { join, relative } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { Release, StateFile } from '../state/state.ts'
import { manifestFolder } from '../state/values-output.ts'

/** Where manifests are written. */
export interface ManifestFolders {
  /** Seen from where the state file is worked on. */
  readonly outputDir: string
  /** `--output-dir-template`. */
  readonly template?: string
}

/** How a document starts, with the comment that tells its template. */
const START = '\n---\n# Source: '

/**
 * Writes what `templateState` printed for a release, each template to a file of its name in the release's folder, and gives the
 * absolute paths. Files of an earlier run are replaced.
 *
 * @throws DiagnosticError `actions/outside-folder` for a template whose name leads out of the folder
 */
export function writeManifests(host: Host, file: StateFile, release: Release, output: string, folders: ManifestFolders): readonly string[] {
  const folder = manifestFolder(file, release, folders.outputDir, folders.template)
  const texts = new Map<string, string>()
  for (const section of `\n${output}`.split(START).slice(1)) {
    const name = section.slice(0, section.indexOf('\n'))
    texts.set(name, `${texts.get(name) ?? ''}${START.slice(1)}${section.trimEnd()}\n`)
  }
  return [...texts].map(([name, text]) => {
    const path = join(folder, name)
    if (relative(folder, path).startsWith('..')) throw failure('actions/outside-folder', `template "${name}" would be written outside ${folder}`)
    host.fs.writeFile(path, text)
    return path
  })
}
