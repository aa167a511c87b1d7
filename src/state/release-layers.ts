import { failure } from '../base/diagnostic.ts'
import type { GoMap } from '../go/values.ts'
import type { Layer } from '../values/layer.ts'
import { overrideMaps } from '../values/merge-maps.ts'
import { decodeYamlAll } from '../yaml/decode.ts'
import type { LoadedFile } from './load-file.ts'
import { releaseDocuments, type ValuesDocument } from './release-documents.ts'
import type { StateRequest } from './request.ts'
import type { ReleaseSpec } from './spec.ts'
import type { ReleaseSurroundings } from './template-data.ts'

/**
 * What Helm is given for a release, lowest layer first: its values files, its secrets, the command line's values files, and all
 * `set` entries as one layer.
 * @throws DiagnosticError as `releaseDocuments`, and `state/values-not-a-map`
 */
export async function releaseLayers(file: LoadedFile, around: ReleaseSurroundings, _request: StateRequest, release: ReleaseSpec): Promise<readonly Layer[]> {
  const documents = await releaseDocuments(file, around, release)
  return documents.map(layerOf)
}

/** A values file as Helm reads it: all its documents merged. */
function layerOf(document: ValuesDocument): Layer {
  let tree: GoMap = new Map()
  for (const value of decodeYamlAll(document.source, 'helm')) {
    if (value === null) continue
    if (!(value instanceof Map)) {
      throw failure('state/values-not-a-map', `cannot unmarshal ${jsonKind(value)} into Go value of type map[string]interface {}`, {
        at: { source: document.source, start: 0, end: 0 },
        hint: 'a values file holds one map',
      })
    }
    tree = overrideMaps(tree, value)
  }
  return { name: document.name, tree, secret: document.secret, placeOf: document.placeOf }
}

function jsonKind(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'object' ? 'object' : typeof value === 'boolean' ? 'bool' : typeof value
}
