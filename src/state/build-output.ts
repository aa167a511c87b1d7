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
  const source = resolve(file.workingDir, file.filePath)
  return `---\n#  Source: ${source}\n\n${encodeStructText(stateTree(file))}`
}

/** The same as a tree: the file's keys in Helmfile's order, its chosen releases resolved. */
export function stateTree(file: StateFile): GoMap {
  const releases = file.selected.map(withChartPath)
  const spec = encodeSpec(stateShape, { ...file.spec, releases })
  return withGoType(new Map([['filepath', file.filePath], ...spec, ['renderedvalues', file.values]]), STRUCT)
}

function withChartPath({ spec, preparedChart }: Release): ReleaseSpec {
  return preparedChart === undefined ? spec : { ...spec, chartPath: preparedChart }
}
