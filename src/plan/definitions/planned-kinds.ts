import type { KubeObject } from '../../kinds/kube-object.ts'
import type { StructuralSchema } from './structural-schema.ts'

/** What is read of a CustomResourceDefinition. */
export interface DefinitionSpec {
  readonly group?: string
  readonly scope?: string
  readonly names?: { readonly kind?: string; readonly plural?: string }
  readonly versions?: readonly DefinitionVersion[]
}

export interface DefinitionVersion {
  readonly name: string
  readonly served?: boolean
  readonly storage?: boolean
  readonly schema?: { readonly openAPIV3Schema?: StructuralSchema }
}

/** A kind that CustomResourceDefinitions of the plan define; `schema` is absent where the definition has none. */
export interface PlannedKind {
  readonly definition: string
  readonly schema: StructuralSchema | undefined
}

/** Finds what the plan itself will make of a kind. */
export type FindPlannedKind = (object: Pick<KubeObject, 'apiVersion' | 'kind'>) => PlannedKind | undefined

/** The spec of a CustomResourceDefinition of version v1; undefined for every other object. */
export function definitionSpec(object: KubeObject): DefinitionSpec | undefined {
  const isDefinition = object.kind === 'CustomResourceDefinition' && object.apiVersion === 'apiextensions.k8s.io/v1'
  return isDefinition ? ((object['spec'] ?? {}) as DefinitionSpec) : undefined
}

/** An index of the kinds that definitions among `objects` will serve. O(definitions and versions). */
export function plannedKinds(objects: Iterable<KubeObject>): FindPlannedKind {
  const kinds = new Map<string, PlannedKind>()
  for (const object of objects) {
    const spec = definitionSpec(object)
    for (const version of spec?.versions ?? []) {
      if (version.served === false) continue
      const key = `${spec?.group}/${version.name}/${spec?.names?.kind}`
      kinds.set(key, { definition: object.metadata.name ?? '', schema: version.schema?.openAPIV3Schema })
    }
  }
  return ({ apiVersion, kind }) => kinds.get(`${apiVersion}/${kind}`)
}
