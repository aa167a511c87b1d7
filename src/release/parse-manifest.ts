import { failure } from '../base/diagnostic.ts'
import { isObject, type JsonObject, objectOf } from '../base/json.ts'
import { toPlain } from '../go/plain.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import { decodeYaml } from '../yaml/decode.ts'

/** Where Helm splits a manifest, whatever follows on that line. */
const DOCUMENT_START = /^---[ \t]*/m

/**
 * The objects in a manifest of a record, in its order, lists taken apart; documents without content are left out.
 *
 * @throws DiagnosticError `release/bad-manifest` for a document that is no object; errors of reading YAML
 * Source: Helm 4.3.1 pkg/release/v1/util/manifest.go
 */
export function parseManifest(manifest: string): readonly KubeObject[] {
  return manifest
    .split(DOCUMENT_START)
    .flatMap((text) => (text.trim() === '' ? [] : objectsOf(toPlain(decodeYaml({ name: 'manifest', text }, 'helm')))))
}

function objectsOf(value: unknown): readonly KubeObject[] {
  if (value === null) return []
  if (!isKubeObject(value)) throw failure('release/bad-manifest', 'a document of the manifest is no object with apiVersion, kind and metadata')
  const items = value['items']
  if (typeof value['kind'] === 'string' && value['kind'].endsWith('List') && Array.isArray(items)) return items.flatMap(objectsOf)
  return [{ ...value, metadata: objectOf(value['metadata']) } as KubeObject]
}

function isKubeObject(value: unknown): value is JsonObject {
  return isObject(value) && typeof value['apiVersion'] === 'string' && typeof value['kind'] === 'string'
}

/** The objects of one value that a template gave: itself, or the items of a list. */
export function flattenList(object: KubeObject): readonly KubeObject[] {
  return objectsOf(object)
}
