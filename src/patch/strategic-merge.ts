import { failure } from '../base/diagnostic.ts'
import { GoInt, type GoList, type GoMap, type GoValue } from '../go/values.ts'
import { type MergeField, type MergeFields, mergeFields } from '../kinds/merge-fields.ts'

const DIRECTIVE = '$patch'

/** Second keys of lists whose elements share the first. Source: `x-kubernetes-list-map-keys` of Kubernetes' OpenAPI document */
const FURTHER_KEYS: Readonly<Record<string, string>> = { containerPort: 'protocol', port: 'protocol', topologyKey: 'whenUnsatisfiable' }

type Directive = 'merge' | 'replace' | 'delete'

/**
 * `target` with a strategic merge patch laid over it; undefined when the patch deletes the object. Lists that Kubernetes merges by a
 * key are merged by it, the patch's elements first; all others, and every list of a kind nobody knows, are replaced. Inputs stay.
 *
 * @throws DiagnosticError `patch/bad-patch` for an unknown `$patch` and for a map where there is a list, or the like
 * Source: sigs.k8s.io/kustomize/kyaml 0.21.1 yaml/merge2, yaml/walk
 */
export function strategicMerge(target: GoMap, patch: GoMap): GoMap | undefined {
  const apiVersion = target.get('apiVersion')
  const kind = target.get('kind')
  const fields = mergeFields(typeof apiVersion === 'string' ? apiVersion : '', typeof kind === 'string' ? kind : '')
  const merged = mergeMap(target, patch, fields, [])
  return merged instanceof Map ? merged : undefined
}

type Path = readonly string[]

function mergeValue(target: GoValue | undefined, patch: GoValue, field: MergeField | undefined, path: Path): GoValue | undefined {
  if (patch === null) return undefined
  checkShapes(target, patch, path)
  if (patch instanceof Map) return mergeMap(target instanceof Map ? target : undefined, patch, field?.fields, path)
  if (!Array.isArray(patch)) return patch
  if (field?.strategy !== 'merge') return patch
  return mergeList(Array.isArray(target) ? target : [], patch, field, path)
}

function checkShapes(target: GoValue | undefined, patch: GoValue, path: Path): void {
  if (target === undefined || target === null || shapeOf(target) === shapeOf(patch)) return
  throw failure('patch/bad-patch', `the patch has a ${shapeOf(patch)} at ${path.join('.')}, where the object has a ${shapeOf(target)}`)
}

function shapeOf(value: GoValue): string {
  return value instanceof Map ? 'map' : Array.isArray(value) ? 'list' : 'scalar'
}

function mergeMap(target: GoMap | undefined, patch: GoMap, fields: MergeFields | undefined, path: Path): GoMap | undefined {
  const { directive, rest } = directiveOf(patch, path)
  if (directive === 'delete') return undefined
  if (directive === 'replace' && target) return rest
  const merged: GoMap = new Map(target)
  for (const [key, value] of rest) {
    const result = mergeValue(target?.get(key), value, fields?.get(key), [...path, key])
    if (result === undefined) merged.delete(key)
    else merged.set(key, result)
  }
  return merged
}

function directiveOf(patch: GoMap, path: Path): { readonly directive: Directive; readonly rest: GoMap } {
  const said = patch.get(DIRECTIVE)
  if (said === undefined) return { directive: 'merge', rest: patch }
  const rest = new Map(patch)
  rest.delete(DIRECTIVE)
  return { directive: checkedDirective(said, path), rest }
}

function checkedDirective(said: GoValue, path: Path): Directive {
  if (said === 'merge' || said === 'replace' || said === 'delete') return said
  throw failure('patch/bad-patch', `unknown patch strategy '${String(said)}' at ${path.join('.') || 'the root'}`, {
    hint: 'use merge, replace or delete',
  })
}

/** An element that holds nothing but a directive speaks of the whole list. */
function listDirective(patch: GoList, path: Path): { readonly directive: Directive; readonly items: GoList } {
  const found = patch.find((item) => item instanceof Map && item.size === 1 && item.has(DIRECTIVE)) as GoMap | undefined
  if (!found) return { directive: 'merge', items: patch }
  return { directive: checkedDirective(found.get(DIRECTIVE) as GoValue, path), items: patch.filter((item) => item !== found) }
}

function mergeList(target: GoList, patch: GoList, field: MergeField, path: Path): GoList | undefined {
  const { directive, items } = listDirective(patch, path)
  if (directive === 'delete') return undefined
  if (directive === 'replace') return items
  return field.key === undefined ? unionOf(items, target) : mergeElements(target, items, field, path)
}

function unionOf(first: GoList, second: GoList): GoList {
  const seen = new Set<string>()
  return [...first, ...second].filter((item) => {
    const text = scalarText(item)
    if (seen.has(text)) return false
    seen.add(text)
    return true
  })
}

/** The patch's elements come first; where two keys tell elements apart, only its new ones do, and the others stay where they are. */
function mergeElements(target: GoList, patch: GoList, field: MergeField, path: Path): GoList {
  const keys = keysOf(field, target, patch)
  const merged = new Map<number, GoMap | undefined>()
  const first: GoList = []
  for (const item of patch) {
    if (!(item instanceof Map)) throw failure('patch/bad-patch', `the list ${path.join('.')} is merged by ${keys.join(' and ')} and holds maps only`)
    const at = target.findIndex((old, index) => !merged.has(index) && isSame(old, item, keys))
    const result = mergeMap(at < 0 ? undefined : (target[at] as GoMap), item, field.fields, path)
    const kept = result && result.size > 0 ? result : undefined
    if (at >= 0) merged.set(at, kept)
    if (kept && (at < 0 || keys.length === 1)) first.push(kept)
  }
  const rest = target.map((old, index) => (merged.has(index) ? (keys.length === 1 ? undefined : merged.get(index)) : old))
  return [...first, ...rest.filter((item) => item !== undefined)]
}

/** The keys that any element has; the first alone when none has any. */
function keysOf({ key = '' }: MergeField, ...lists: readonly GoList[]): readonly string[] {
  const further = FURTHER_KEYS[key]
  const isUsed = further !== undefined && lists.some((list) => list.some((item) => item instanceof Map && item.has(further)))
  return isUsed ? [key, further] : [key]
}

/** Elements are the same when their first keys are equal and no other key says otherwise. */
function isSame(left: GoValue, right: GoMap, keys: readonly string[]): boolean {
  if (!(left instanceof Map)) return false
  return keys.every((key, i) => {
    const [a, b] = [left.get(key), right.get(key)]
    if (a === undefined || b === undefined) return i > 0
    return scalarText(a) === scalarText(b)
  })
}

function scalarText(value: GoValue): string {
  return value instanceof GoInt ? String(value.value) : String(value)
}
