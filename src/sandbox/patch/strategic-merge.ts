import { isObject, type JsonObject, sameJson } from '../../base/json.ts'
import { listOf, type MutableObject, member, setMember } from '../json.ts'
import { ANY, type Field, type ListSchema, memberSchema, type Schema } from '../schema/schema.ts'
import { badRequest } from '../status.ts'

const DELETE_PREFIX = '$deleteFromPrimitiveList/'
const ORDER_PREFIX = '$setElementOrder/'

/**
 * Applies a strategic merge patch with its directives `$patch`, `$retainKeys`, `$setElementOrder` and `$deleteFromPrimitiveList`.
 *
 * @throws ApiError 400 for a list's item without its merge key, or an unknown directive
 * Source: apimachinery pkg/util/strategicpatch/patch.go
 */
export function applyStrategicMerge(document: unknown, patch: unknown, schema: Schema): unknown {
  return isObject(patch) ? mergeMap(isObject(document) ? document : {}, patch, schema) : patch
}

function withoutDirective(patch: JsonObject): JsonObject {
  const { $patch: _directive, ...rest } = patch
  return rest
}

function mergeMap(original: JsonObject, patch: JsonObject, schema: Schema): JsonObject {
  const directive = patch['$patch']
  if (directive === 'replace') return withoutDirective(patch)
  if (directive === 'delete') return {}
  if (directive !== undefined && directive !== 'merge') throw badRequest(`Unknown patch type found: ${String(directive)}`)
  const out: MutableObject = retained(original, patch)
  for (const [key, value] of Object.entries(patch)) {
    if (key === '$patch' || key === '$retainKeys' || key.startsWith(ORDER_PREFIX)) continue
    if (key.startsWith(DELETE_PREFIX)) removePrimitives(out, key.slice(DELETE_PREFIX.length), listOf(value))
    else if (value === null) delete out[key]
    else setMember(out, key, mergeValue(member(out, key), value, schema, key))
  }
  applyOrders(out, patch, schema)
  return out
}

function retained(original: JsonObject, patch: JsonObject): MutableObject {
  const keys = patch['$retainKeys']
  return Array.isArray(keys) ? Object.fromEntries(Object.entries(original).filter(([key]) => keys.includes(key))) : { ...original }
}

function removePrimitives(out: MutableObject, key: string, gone: readonly unknown[]): void {
  const list = member(out, key)
  if (Array.isArray(list)) out[key] = list.filter((item) => !gone.includes(item))
}

function mergeValue(original: unknown, value: unknown, schema: Schema, key: string): unknown {
  const child = memberSchema(schema, key)
  const field: Field | undefined = schema.type === 'map' ? schema.fields.get(key) : undefined
  if (isObject(value)) {
    const start = field?.patchStrategy?.includes('replace') || !isObject(original) ? {} : original
    return mergeMap(start, value, child)
  }
  if (!Array.isArray(value)) return value
  const isMerged = child.type === 'list' && child.patchStrategy?.includes('merge') === true
  if (!isMerged) return value.filter((item) => !isDirectiveOnly(item)).map(stripped)
  return mergeList(Array.isArray(original) ? original : [], value, child)
}

function isDirectiveOnly(item: unknown): boolean {
  return isObject(item) && item['$patch'] !== undefined && Object.keys(item).length === 1
}

function stripped(item: unknown): unknown {
  return isObject(item) ? withoutDirective(item) : item
}

function mergeList(original: readonly unknown[], patch: readonly unknown[], schema: ListSchema): unknown[] {
  const key = schema.patchMergeKey
  if (key === undefined) {
    const out = [...original]
    for (const item of patch) if (!out.some((other) => sameJson(other, item))) out.push(item)
    return out
  }
  const isReplace = patch.some((item) => isObject(item) && item['$patch'] === 'replace')
  if (isReplace) return patch.filter((item) => !isDirectiveOnly(item) && !(isObject(item) && item['$patch'] !== undefined))
  let out = [...original]
  for (const item of patch) out = mergeItem(out, item, key, schema)
  return out
}

function mergeItem(list: unknown[], item: unknown, key: string, schema: ListSchema): unknown[] {
  if (!isObject(item)) throw badRequest(`invalid patch: list item must be an object, got ${JSON.stringify(item)}`)
  const id = item[key]
  if (id === undefined) throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`)
  const same = (other: unknown): boolean => isObject(other) && sameJson(other[key], id)
  if (item['$patch'] === 'delete') return list.filter((other) => !same(other))
  const index = list.findIndex(same)
  if (index < 0) return [...list, mergeMap({}, item, schema.element())]
  const merged = item['$patch'] === 'replace' ? withoutDirective(item) : mergeMap(list[index] as JsonObject, item, schema.element())
  return list.map((other, i) => (i === index ? merged : other))
}

/** Puts lists into the order a patch asks for; items it does not name keep their place relative to their neighbours. */
function applyOrders(out: MutableObject, patch: JsonObject, schema: Schema): void {
  for (const [name, order] of Object.entries(patch)) {
    if (!name.startsWith(ORDER_PREFIX)) continue
    const key = name.slice(ORDER_PREFIX.length)
    const list = member(out, key)
    if (Array.isArray(list) && Array.isArray(order)) out[key] = ordered(list, order, schema.type === 'map' ? memberSchema(schema, key) : ANY)
  }
}

function ordered(list: readonly unknown[], order: readonly unknown[], schema: Schema): unknown[] {
  const key = schema.type === 'list' ? schema.patchMergeKey : undefined
  const idOf = (item: unknown): string => JSON.stringify(key !== undefined && isObject(item) ? item[key] : item)
  const rank = new Map(order.map((item, i) => [idOf(item), i]))
  const named = list.filter((item) => rank.has(idOf(item))).sort((a, b) => (rank.get(idOf(a)) ?? 0) - (rank.get(idOf(b)) ?? 0))
  // Unnamed items stay behind the item they followed.
  const out: unknown[] = []
  let next = 0
  for (const item of list) out.push(rank.has(idOf(item)) ? named[next++] : item)
  return out
}
