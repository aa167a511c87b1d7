import { failure } from '../base/diagnostic.ts'
import type { GoMap, GoValue } from '../go/values.ts'
import { decodeYaml } from '../yaml/decode.ts'
import { encodeYaml } from '../yaml/encode.ts'
import { compareAsKustomize } from './kustomize-order.ts'
import { applyPatches, type Patches } from './patches.ts'
import type { Tracked } from './tracked.ts'

/** A rendered document and the template it came from. */
export interface RenderedDocument {
  readonly path: string
  readonly text: string
}

/** Documents under `crds/` are apart from those of templates: they never go where those go. */
export interface RenderedDocuments {
  readonly manifests: readonly RenderedDocument[]
  readonly crds: readonly RenderedDocument[]
}

/** YAML streams; empty where there is nothing. */
export interface PatchedStreams {
  readonly manifests: string
  readonly crds: string
}

/**
 * All documents after `patches`, in kustomize's order with sorted keys. A render without any object stays as it is.
 *
 * @throws DiagnosticError as `applyPatches`; `patch/not-an-object`
 * Source: chartify 0.28.2 patch.go
 */
export function patchDocuments({ manifests, crds }: RenderedDocuments, patches: Patches): PatchedStreams {
  const definitions = crds.flatMap(objectsOf)
  const objects = [...manifests.flatMap(objectsOf), ...definitions]
  if (objects.length === 0) return { manifests: '', crds: '' }
  const patched = [...applyPatches(objects, patches)].sort((a, b) => compareAsKustomize(a.object, b.object))
  const own = new Set(definitions)
  const isOwn = ({ origin }: Tracked): boolean => own.has(origin)
  return { manifests: stream(patched.filter((entry) => !isOwn(entry))), crds: stream(patched.filter(isOwn)) }
}

function stream(objects: readonly Tracked[]): string {
  return objects.map(({ object }) => encodeYaml(object, 'helm')).join('---\n')
}

function objectsOf({ path, text }: RenderedDocument): readonly GoMap[] {
  const value = decodeYaml({ name: path, text }, 'helmfile')
  if (value === null) return []
  if (!(value instanceof Map)) throw failure('patch/not-an-object', `a document of ${path} is no object and cannot be patched`)
  return itemsOf(value)
}

/** Lists of objects are taken apart, as kustomize does. */
function itemsOf(value: GoMap): readonly GoMap[] {
  const items = value.get('items')
  const kind = value.get('kind')
  if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(items)) return [value]
  return items.filter((item: GoValue): item is GoMap => item instanceof Map)
}
