import { isObject, type JsonObject, sameJson } from '../../base/json.ts'
import type { MergeField, MergeFields } from '../../kinds/merge-fields.ts'
import { badMerge, elementKind, identityOf, indexOf, interleaved } from './element-order.ts'
import { type PatchMap, patchMap } from './strategic-diff.ts'

const ORDER = '$setElementOrder/'
const RETAIN = '$retainKeys'

/**
 * Two strategic merge patches as one: `additions` laid over `deletions`, directives kept.
 *
 * @throws DiagnosticError `kube/bad-merge` when both order or retain differently
 * Source: k8s.io/apimachinery 0.37 pkg/util/strategicpatch/patch.go, mergeMap without MergeParallelList
 */
export function joinPatches(deletions: JsonObject, additions: JsonObject, fields: MergeFields): PatchMap {
  const joined = patchMap(deletions)
  const rest = patchMap(additions)
  takeOver(joined, rest, RETAIN)
  for (const name of Object.keys(rest).filter((key) => key.startsWith(ORDER))) {
    const order = rest[name]
    takeOver(joined, rest, name)
    joinOrdered(joined, rest, name.slice(ORDER.length), order as readonly unknown[], fields)
  }
  for (const [name, value] of Object.entries(rest)) joined[name] = joinValue(joined, name, value, fields.get(name))
  return joined
}

/** Moves a directive over; where both have it they must agree. */
function takeOver(joined: PatchMap, rest: PatchMap, name: string): void {
  if (!Object.hasOwn(rest, name)) return
  if (Object.hasOwn(joined, name) && !sameJson(joined[name], rest[name])) throw badMerge(`the two halves disagree on ${name}`)
  joined[name] = rest[name]
  delete rest[name]
}

function joinOrdered(joined: PatchMap, rest: PatchMap, name: string, order: readonly unknown[], fields: MergeFields): void {
  const [old, fresh] = [joined[name], rest[name]]
  if (old === undefined && fresh === undefined) return
  const field = fields.get(name)
  checkOrder(name, Array.isArray(fresh) ? fresh : [], order, field?.key)
  const before = Array.isArray(old) ? old : []
  const merged = old === undefined ? (fresh as unknown[]) : fresh === undefined ? before : joinLists(before, fresh as unknown[], field)
  joined[name] = interleaved(merged, order, before, field?.key)
  delete rest[name]
}

/** Elements that share a merge key (one port number for two protocols) can come in an order that no list of keys tells. */
function checkOrder(name: string, list: readonly unknown[], order: readonly unknown[], key: string | undefined): void {
  let at = 0
  for (const step of order) if (at < list.length && sameJson(identityOf(list[at], key), identityOf(step, key))) at++
  if (at < list.length) throw badMerge(`the order of "${name}" cannot be told apart by its merge key${key === undefined ? '' : ` "${key}"`}`)
}

function joinValue(joined: PatchMap, name: string, value: unknown, field: MergeField | undefined): unknown {
  const old = Object.hasOwn(joined, name) ? joined[name] : undefined
  if (isObject(old) && isObject(value)) return field?.strategy === 'replace' ? value : joinPatches(old, value, field?.fields ?? new Map())
  if (Array.isArray(old) && Array.isArray(value) && field?.strategy === 'merge') return joinLists(old, value, field)
  return value
}

function joinLists(old: readonly unknown[], fresh: readonly unknown[], field: MergeField | undefined): readonly unknown[] {
  if (field?.strategy !== 'merge') return fresh
  if (old.length === 0 && fresh.length === 0) return old
  const merged = elementKind(old, fresh) === 'map' ? joinElements(old, fresh, field) : [...new Set([...old, ...fresh])]
  return interleaved(merged, fresh, old, field.key)
}

function joinElements(old: readonly unknown[], fresh: readonly unknown[], field: MergeField): readonly unknown[] {
  const merged = [...old]
  for (const item of fresh) {
    identityOf(item, field.key)
    const at = indexOf(merged, item, field.key)
    if (at < 0) merged.push(item)
    else merged[at] = joinPatches(merged[at] as JsonObject, item as JsonObject, field.fields)
  }
  return merged
}
