import { DiagnosticError, failure } from '../base/diagnostic.ts'
import { jsonKind } from '../go/json-kind.ts'
import type { GoMap, GoValue } from '../go/values.ts'
import type { Layer } from '../values/layer.ts'
import { overrideMaps } from '../values/merge-maps.ts'
import { decodeYamlAll } from '../yaml/decode.ts'
import { argumentsOf } from './helm-arguments.ts'
import type { LoadedFile } from './load-file.ts'
import { fileText, type ValuesDocument } from './release-documents.ts'
import { applySet, setArguments } from './release-set.ts'
import type { StateRequest } from './request.ts'
import { placeOfSpec, type ReleaseSpec } from './spec.ts'

/**
 * What Helm is given for a release, lowest layer first: its values files and secrets (`own`), the command line's values files, and all
 * `set` entries as one layer, which holds just what they change.
 * @throws DiagnosticError `state/missing-file`, `state/values-not-a-map`, `values/bad-set`
 */
export async function releaseLayers(
  file: LoadedFile,
  request: StateRequest,
  release: ReleaseSpec,
  own: readonly ValuesDocument[],
): Promise<readonly Layer[]> {
  const passed = argumentsOf(file.spec, request)
  const extra = [...(request.values ?? []), ...passed.last.values].map((path) => fileText(file.base, path))
  const files = [...passed.first.values.map((path) => fileText(file.base, path)), ...own, ...extra].map(layerOf)
  const fromOptions = (request.set ?? []).map((text) => ({ kind: 'set' as const, text }))
  const given = [...passed.first.set, ...(await setArguments(file.base, release)), ...fromOptions, ...passed.last.set]
  if (given.length === 0) return files
  let below: GoMap = new Map()
  for (const layer of files) below = overrideMaps(below, layer.tree)
  const tree = changesIn(below, applySet(file.base, below, given))
  const at = placeOfSpec(release.set) ?? placeOfSpec(release.setString)
  return [...files, { name: 'set', tree, secret: false, placeOf: () => at }]
}

/** The entries of `after` that are not the very ones of `before`; lists stay whole. */
function changesIn(before: GoMap, after: GoMap): GoMap {
  const changes: GoMap = new Map()
  for (const [key, value] of after) {
    const old = before.get(key)
    if (value === old && before.has(key)) continue
    changes.set(key, value instanceof Map && old instanceof Map ? changesIn(old, value) : value)
  }
  return changes
}

/** A values file as Helm reads it: all its documents merged. */
function layerOf(document: ValuesDocument): Layer {
  let tree: GoMap = new Map()
  for (const value of decodeDocument(document)) {
    if (value === null) continue
    if (!(value instanceof Map)) {
      if (document.secret) throw unreadable(document)
      throw failure('state/values-not-a-map', `cannot unmarshal ${jsonKind(value)} into Go value of type map[string]interface {}`, {
        at: { source: document.source, start: 0, end: 0 },
        hint: 'a values file holds one map',
      })
    }
    tree = overrideMaps(tree, value)
  }
  return { name: document.name, tree, secret: document.secret, file: document.file, placeOf: document.placeOf }
}

function decodeDocument(document: ValuesDocument): readonly GoValue[] {
  try {
    return decodeYamlAll(document.source, 'helm')
  } catch (error) {
    // The message and its excerpt could hold plain text, so neither is kept.
    if (document.secret && error instanceof DiagnosticError) throw unreadable(document)
    throw error
  }
}

function unreadable(document: ValuesDocument): Error {
  return failure('state/bad-secret', `what ${document.name} holds once it is decrypted cannot be read as values`)
}
