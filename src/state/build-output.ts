import { resolve } from 'node:path'
import { type GoMap, withGoType } from '../go/values.ts'
import { encodeSpec } from './encode-spec.ts'
import { stateShape } from './known-keys.ts'
import type { ReleaseSpec } from './spec.ts'
import type { Release, StateFile } from './state.ts'
import { encodeStructText, STRUCT } from './yaml-text.ts'

/**
 * A resolved file as `helmfile build` prints it, with the comment that names its source.
 * Source: Helmfile 1.8 pkg/app PrintState
 */
export function buildOutput(file: StateFile): string {
  return document(file, stateTree(file))
}

/** As `buildOutput`, with what values files hold in the place of their names. @throws DiagnosticError for files that cannot be read */
export async function buildOutputWithValues(file: StateFile): Promise<string> {
  const releases: ReleaseSpec[] = []
  for (const release of file.selected) releases.push(withChartPath({ ...release, spec: await release.embedded() }))
  return document(file, treeWith(file, releases))
}

function document({ workingDir, filePath }: StateFile, tree: GoMap): string {
  return `---\n#  Source: ${resolve(workingDir, filePath)}\n\n${encodeStructText(tree)}`
}

/** The same as a tree: the file's keys in Helmfile's order, its chosen releases resolved. */
function stateTree(file: StateFile): GoMap {
  return treeWith(file, file.selected.map(withChartPath))
}

function treeWith(file: StateFile, releases: readonly ReleaseSpec[]): GoMap {
  const spec = encodeSpec(stateShape, { ...file.spec, releases })
  return withGoType(new Map([['filepath', file.filePath], ...spec, ['renderedvalues', file.values]]), STRUCT)
}

function withChartPath({ spec, preparedChart }: Release): ReleaseSpec {
  return preparedChart === undefined ? spec : { ...spec, chartPath: preparedChart }
}
