import { failure } from '../base/diagnostic.ts'
import { isObject, type JsonObject, objectOf } from '../base/json.ts'
import { toPlain } from '../go/plain.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import type { RenderedObject } from '../render/rendered.ts'
import { decodeYaml } from '../yaml/decode.ts'

/** Where Helm splits a manifest, whatever follows on that line. */
const DOCUMENT_START = /^---[ \t]*/m

/** What documents of a manifest hold, by their text between two starts. */
export type KnownDocuments = ReadonlyMap<string, KubeObject>

/** The documents that `rendered` becomes in a manifest: most of a former one are the same to the letter, and need no reading. */
export function knownDocuments(rendered: readonly RenderedObject[]): KnownDocuments {
  return new Map(rendered.map(({ path, text, object }) => [`\n# Source: ${path}\n${text}\n`, object]))
}

/**
 * The objects in a manifest of a record, in its order, lists taken apart; documents without content are left out. What is `known`
 * is not read again.
 *
 * @throws DiagnosticError `release/bad-manifest` for a document that is no object; errors of reading YAML
 * Source: Helm 4.3.1 pkg/release/v1/util/manifest.go
 */
export function parseManifest(manifest: string, known: KnownDocuments = new Map()): readonly KubeObject[] {
  const read = (text: string): unknown => known.get(text) ?? toPlain(decodeYaml({ name: 'manifest', text }, 'helm'))
  return manifest.split(DOCUMENT_START).flatMap((text) => (text.trim() === '' ? [] : objectsOf(read(text))))
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
