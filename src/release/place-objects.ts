import type { KubeObject } from '../kinds/kube-object.ts'
import type { Discovery, KubeClient } from '../kube/client.ts'
import { parseManifest } from './parse-manifest.ts'
import { inServedForm } from './served-form.ts'

/** Whether a kind lives in namespaces; undefined when nobody knows. */
export type ScopeOf = (apiVersion: string, kind: string) => boolean | undefined

interface CrdSpec {
  readonly group?: string
  readonly scope?: string
  readonly names?: { readonly kind?: string }
  readonly versions?: readonly { readonly name?: string }[]
}

/** `apiVersion/kind` of everything that CustomResourceDefinitions among `objects` define, and whether it lives in namespaces. */
export function definedKinds(objects: readonly KubeObject[]): ReadonlyMap<string, boolean> {
  const kinds = new Map<string, boolean>()
  for (const object of objects) {
    if (object.kind !== 'CustomResourceDefinition') continue
    const spec = (object['spec'] ?? {}) as CrdSpec
    for (const version of spec.versions ?? []) kinds.set(`${spec.group}/${version.name}/${spec.names?.kind}`, spec.scope !== 'Cluster')
  }
  return kinds
}

/** Asks discovery first, then what CRDs among `objects` will define. */
export function scopeFrom(discovery: Discovery, objects: readonly KubeObject[] = []): ScopeOf {
  const defined = definedKinds(objects)
  return (apiVersion, kind) => discovery.find(apiVersion, kind)?.namespaced ?? defined.get(`${apiVersion}/${kind}`)
}

/** `object` with the namespace it will get: `namespace` where it names none, none where its kind has none. */
export function placeObject(object: KubeObject, scopeOf: ScopeOf, namespace: string): KubeObject {
  const { namespace: own, ...rest } = object.metadata
  if (scopeOf(object.apiVersion, object.kind) === false) return own === undefined ? object : { ...object, metadata: rest }
  return own ? object : { ...object, metadata: { ...object.metadata, namespace } }
}

/** The objects of a recorded manifest as they can be written now, with their namespaces. */
export async function objectsOfManifest(client: KubeClient, manifest: string, namespace: string): Promise<readonly KubeObject[]> {
  const discovery = await client.discovery()
  const objects = parseManifest(manifest).map((object) => inServedForm(object, discovery, { toWrite: true }))
  const scopeOf = scopeFrom(discovery, objects)
  return objects.map((object) => placeObject(object, scopeOf, namespace))
}
