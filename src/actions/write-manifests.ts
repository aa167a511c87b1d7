import type { Host } from '../base/host.ts'
import type { Release, StateFile } from '../state/state.ts'
import { manifestFolder } from '../state/values-output.ts'
import { writeTemplates } from './template-files.ts'

/** Where manifests are written. */
export interface ManifestFolders {
  /** Seen from where the state file is worked on. */
  readonly outputDir: string
  /** `--output-dir-template`. */
  readonly template?: string
}

/**
 * Writes what `templateState` printed for a release, each template to a file of its name in the release's folder, and gives the
 * absolute paths. Files of an earlier run are replaced.
 *
 * @throws DiagnosticError `actions/outside-folder` for a template whose name leads out of the folder
 */
export function writeManifests(host: Host, file: StateFile, release: Release, output: string, folders: ManifestFolders): readonly string[] {
  const folder = manifestFolder(file, release, folders.outputDir, folders.template)
  return writeTemplates(host, folder, output)
}
