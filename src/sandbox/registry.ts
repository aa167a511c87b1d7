import { isObject, type JsonObject, textOf, valueAt } from '../base/json.ts'
import { customResourceType } from './custom-resource-type.ts'
import { listOf } from './json.ts'
import type { ResourceType } from './resource-type.ts'
import { builtinGroups, builtinResources, builtinType } from './schema/builtin.ts'
import type { Storage } from './storage.ts'

export const CRD_RESOURCE = 'apiextensions.k8s.io/customresourcedefinitions'

/** The resources that are served: the built-in ones, and those of the stored custom resource definitions. */
export class Registry {
  private readonly builtin: ReadonlyMap<string, ResourceType>
  private readonly custom = new Map<string, ResourceType>()

  constructor(storage: Storage) {
    this.builtin = builtinTypes()
    storage.subscribe((change) => {
      if (change.resource === CRD_RESOURCE) this.refresh(change.object, change.type === 'DELETED')
    })
  }

  /** Takes over the definition of a custom resource, or forgets it. */
  refresh(crd: JsonObject, deleted: boolean): void {
    const key = `${textOf(valueAt(crd, 'spec', 'group'))}/${textOf(valueAt(crd, 'spec', 'names', 'plural'))}`
    const isEstablished = listOf(valueAt(crd, 'status', 'conditions')).some(
      (c) => isObject(c) && c['type'] === 'Established' && c['status'] === 'True',
    )
    if (deleted || !isEstablished) this.custom.delete(key)
    else this.custom.set(key, customResourceType(crd))
  }

  /** The resource `plural` of a group, where that version is served. */
  find(group: string, version: string, plural: string): ResourceType | undefined {
    const type = this.byKey(`${group}/${plural}`)
    return type?.versions.includes(version) ? type : undefined
  }

  byKey(key: string): ResourceType | undefined {
    return this.builtin.get(key) ?? this.custom.get(key)
  }

  findKind(group: string, kind: string): ResourceType | undefined {
    return this.all().find((type) => type.group === group && type.kind === kind)
  }

  all(): readonly ResourceType[] {
    return [...this.builtin.values(), ...this.custom.values()]
  }

  /** Every group but the core one with its versions, the preferred one first. */
  groups(): ReadonlyMap<string, readonly string[]> {
    const groups = new Map<string, string[]>(
      builtinGroups()
        .filter(([name]) => name !== '')
        .map(([name, versions]) => [name, [...versions]]),
    )
    for (const type of this.custom.values()) {
      const versions = groups.get(type.group) ?? []
      groups.set(type.group, versions)
      for (const version of type.versions) if (!versions.includes(version)) versions.push(version)
    }
    return groups
  }
}

function builtinTypes(): ReadonlyMap<string, ResourceType> {
  const types = new Map<string, ResourceType>()
  for (const raw of builtinResources()) {
    const key = `${raw.group}/${raw.plural}`
    const before = types.get(key)
    if (before) {
      types.set(key, {
        ...before,
        versions: [...before.versions, raw.version],
        schemaOf: (v) => (v === raw.version ? builtinType(raw.type ?? '') : before.schemaOf(v)),
      })
      continue
    }
    const { version, type, ...rest } = raw
    types.set(key, { ...rest, key, versions: [version], storageVersion: version, schemaOf: () => builtinType(type ?? '') })
  }
  return types
}
