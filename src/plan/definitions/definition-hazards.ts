/*
 * What an upgrade of a CustomResourceDefinition would break for objects that exist.
 * In: the definition as it is and as it is to be. Out: hazards in words. Source: what the API server checks only when an object is
 * written next, or never; kapp's upgrade safety check has the same list of questions.
 */

import { sameJson } from '../../base/json.ts'
import type { KubeObject } from '../../kinds/kube-object.ts'
import { type DefinitionVersion, definitionSpec } from './planned-kinds.ts'
import type { StructuralSchema } from './structural-schema.ts'

/** `scope`: namespaced or not; `stored`: a version that objects are stored in goes; `served`: clients lose a version; `schema`: what was valid no longer is. */
export type HazardKind = 'scope' | 'stored' | 'served' | 'schema'

export interface Hazard {
  readonly kind: HazardKind
  readonly text: string
}

/** Everything that may break when `live` becomes `desired`. O(size of both schemas). */
export function definitionHazards(live: KubeObject, desired: KubeObject): readonly Hazard[] {
  const [before, after] = [definitionSpec(live), definitionSpec(desired)]
  if (!before || !after) return []
  const versions = new Map((after.versions ?? []).map((version) => [version.name, version]))
  const stored = (live['status'] as { readonly storedVersions?: readonly string[] } | undefined)?.storedVersions ?? []
  return [
    ...(before.scope === after.scope ? [] : [{ kind: 'scope' as const, text: `the scope changes from ${before.scope} to ${after.scope}` }]),
    ...stored
      .filter((name) => !versions.has(name))
      .map((name) => ({ kind: 'stored' as const, text: `version ${name} goes, in which objects are stored` })),
    ...(before.versions ?? []).flatMap((version) => versionHazards(version, versions.get(version.name))),
  ]
}

function versionHazards(before: DefinitionVersion, after: DefinitionVersion | undefined): readonly Hazard[] {
  if (before.served === false) return []
  if (!after || after.served === false) return [{ kind: 'served', text: `version ${before.name} is no longer served` }]
  const found: string[] = []
  narrowed(before.schema?.openAPIV3Schema ?? {}, after.schema?.openAPIV3Schema ?? {}, before.name, found)
  return found.map((text) => ({ kind: 'schema', text }))
}

/** Limits of which a smaller value allows less, and those of which a larger one does. */
const UPPER = ['maximum', 'maxLength', 'maxItems', 'maxProperties'] as const
const LOWER = ['minimum', 'minLength', 'minItems', 'minProperties'] as const

/** Adds a sentence for each thing that `before` allows and `after` does not. */
function narrowed(before: StructuralSchema, after: StructuralSchema, path: string, found: string[]): void {
  if (sameJson(before, after)) return
  if (after.type !== undefined && after.type !== before.type && !(before.type === 'integer' && after.type === 'number'))
    found.push(`${path} becomes ${after.type}${before.type ? `, and was ${before.type}` : ''}`)
  if (before.nullable && !after.nullable) found.push(`${path} may no longer be null`)
  if (after.enum && !(before.enum ?? [{}]).every((item) => after.enum?.some((other) => sameJson(item, other))))
    found.push(`${path} allows fewer values`)
  if (after.pattern !== undefined && after.pattern !== before.pattern) found.push(`${path} must match ${after.pattern}`)
  for (const key of UPPER)
    if ((after[key] ?? Number.POSITIVE_INFINITY) < (before[key] ?? Number.POSITIVE_INFINITY)) found.push(`${path} gets ${key} ${after[key]}`)
  for (const key of LOWER)
    if ((after[key] ?? Number.NEGATIVE_INFINITY) > (before[key] ?? Number.NEGATIVE_INFINITY)) found.push(`${path} gets ${key} ${after[key]}`)
  for (const key of after.required ?? []) if (!before.required?.includes(key)) found.push(`${path}.${key} becomes required`)
  narrowedFields(before, after, path, found)
  if (before.items && after.items) narrowed(before.items, after.items, `${path}[]`, found)
  if (addsRules(before, after)) found.push(`${path} gets further rules`)
}

function narrowedFields(before: StructuralSchema, after: StructuralSchema, path: string, found: string[]): void {
  const isOpen = after['x-kubernetes-preserve-unknown-fields'] || after.additionalProperties === true
  if (before['x-kubernetes-preserve-unknown-fields'] && !isOpen) found.push(`${path} no longer keeps unknown fields`)
  const rest = typeof after.additionalProperties === 'object' ? after.additionalProperties : undefined
  for (const [key, schema] of Object.entries(before.properties ?? {})) {
    const next = after.properties && Object.hasOwn(after.properties, key) ? after.properties[key] : rest
    if (next) narrowed(schema, next, `${path}.${key}`, found)
    else if (!isOpen) found.push(`${path}.${key} goes`)
  }
  if (typeof before.additionalProperties === 'object' && !isOpen) {
    if (rest) narrowed(before.additionalProperties, rest, `${path}.*`, found)
    else found.push(`${path} no longer takes fields of any name`)
  }
}

/** Rules that this does not understand; where they change, they may allow less. */
const RULES = ['allOf', 'anyOf', 'oneOf', 'not', 'x-kubernetes-validations', 'multipleOf', 'uniqueItems'] as const

function addsRules(before: object, after: object): boolean {
  const [then, now] = [before, after] as readonly { readonly [key: string]: unknown }[]
  return RULES.some((key) => now?.[key] !== undefined && !sameJson(then?.[key], now[key]))
}
