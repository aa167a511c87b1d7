import type { GoMap, GoValue } from '../go/values.ts'
import { identityOf } from './identity.ts'

/** A field of some kinds of objects, as kustomize's transformers name it. */
export interface FieldSpec {
  readonly group: string
  readonly version: string
  readonly kind: string
  /** Keys with slashes between; lists on the way stand for all their elements, `[]` behind a key says that there is one, `\/` is a slash in a key. */
  readonly path: string
  readonly create: boolean
}

/** Field specs as written under `fieldSpecs`. */
export function fieldSpecs(list: GoValue | undefined): readonly FieldSpec[] {
  if (!Array.isArray(list)) return []
  return list
    .filter((entry): entry is GoMap => entry instanceof Map)
    .map((entry) => ({
      group: text(entry, 'group'),
      version: text(entry, 'version'),
      kind: text(entry, 'kind'),
      path: text(entry, 'path'),
      create: entry.get('create') === true,
    }))
}

function text(map: GoMap, key: string): string {
  const value = map.get(key)
  return typeof value === 'string' ? value : ''
}

/** True when `spec` speaks of objects like this one; parts that it leaves out are free. */
export function concerns(spec: FieldSpec, object: GoMap): boolean {
  const { group, version, kind } = identityOf(object)
  return (!spec.group || spec.group === group) && (!spec.version || spec.version === version) && (!spec.kind || spec.kind === kind)
}

/**
 * Puts `change(old)` in the place of every value that `spec` names in `object`, which is changed; where the spec creates, `change`
 * gets `undefined` for a field that is not there. An undefined result changes nothing.
 * Source: sigs.k8s.io/kustomize/api 0.21.1 filters/fieldspec
 */
export function changeField(object: GoMap, spec: FieldSpec, change: (old: GoValue | undefined) => GoValue | undefined): void {
  if (concerns(spec, object)) walk(object, partsOf(spec.path), spec.create, change)
}

/** A slash behind a backslash is part of a key. */
function partsOf(path: string): readonly string[] {
  return path
    .split(/(?<!\\)\//)
    .filter((part) => part !== '')
    .map((part) => part.replaceAll('\\/', '/'))
}

function walk(value: GoValue | undefined, path: readonly string[], create: boolean, change: (old: GoValue | undefined) => GoValue | undefined): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, path, create, change)
    return
  }
  const [part, ...rest] = path
  if (!(value instanceof Map) || part === undefined) return
  const isList = part.endsWith('[]')
  const key = isList ? part.slice(0, -2) : part
  const old = value.get(key)
  const mayCreate = create && !isList
  if (old === undefined && !mayCreate) return
  if (rest.length > 0) {
    const next = old === undefined || (old === null && mayCreate) ? new Map<string, GoValue>() : old
    if (next !== old) value.set(key, next)
    walk(next, rest, create, change)
    return
  }
  const made = change(old)
  if (made !== undefined) value.set(key, made)
}
