import { isObject, type JsonObject } from '../base/json.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import type { FieldsV1 } from '../release/field-managers.ts'
import { isSameQuantity } from './quantity.ts'

/** Fields of `metadata` that name the object or that the server keeps: no one owns them. */
const UNOWNED_METADATA: ReadonlySet<string> = new Set([
  'name',
  'namespace',
  'creationTimestamp',
  'uid',
  'resourceVersion',
  'generation',
  'managedFields',
  'selfLink',
])

/**
 * True when applying `desired` server-side would certainly change nothing: `owned` (what we applied before, from the live
 * object's managed fields) and `desired` have the same fields, and each has its desired value in `live`. False means unknown:
 * the server may still say that nothing changes (quantities written differently, values filled in inside atomic lists).
 *
 * With `sameAsApplied`, `desired` is known to be what was applied last: then nothing can have been taken away from it, and what
 * the server added inside atomic values or wrote in other words (`1000m` as `1`) does not matter. Whoever else changes a value
 * becomes its owner, so that a change by hand is never taken for the server's own. O(size of desired).
 */
export function isProvenUnchanged(desired: KubeObject, live: KubeObject, owned: FieldsV1, sameAsApplied: boolean): boolean {
  const { apiVersion: _a, kind: _k, metadata, ...body } = withDataOnly(desired)
  const { apiVersion: _b, kind: _l, metadata: liveMetadata, ...liveBody } = live
  const fields = withDataFieldsOnly(owned)
  const { 'f:metadata': ownedMetadata = {}, ...ownedBody } = fields
  const marks = Object.fromEntries(Object.entries(metadata).filter(([key]) => !UNOWNED_METADATA.has(key)))
  return sameMap(body, liveBody, ownedBody, sameAsApplied) && sameMap(marks, liveMetadata, ownedMetadata, sameAsApplied)
}

/** The server keeps a Secret's `stringData` as `data`. */
function withDataOnly(object: KubeObject): KubeObject {
  const { stringData, data, ...rest } = object
  if (object.apiVersion !== 'v1' || object.kind !== 'Secret' || !isObject(stringData)) return object
  const encoded = Object.entries(stringData).map(([key, value]) => [key, Buffer.from(String(value), 'utf8').toString('base64')])
  return { ...rest, data: { ...(isObject(data) ? data : {}), ...Object.fromEntries(encoded) } }
}

function withDataFieldsOnly(owned: FieldsV1): FieldsV1 {
  const { 'f:stringData': strings, ...rest } = owned
  return strings ? { ...rest, 'f:data': { ...rest['f:data'], ...strings } } : owned
}

/** Go leaves values like these out when it writes an object. */
function isZero(value: unknown): boolean {
  if (value === null || value === false || value === 0 || value === '') return true
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0
}

function sameMap(desired: JsonObject, live: JsonObject | undefined, owned: FieldsV1, sameAsApplied: boolean): boolean {
  let count = 0
  for (const [key, value] of Object.entries(desired)) {
    const fields = owned[`f:${key}`]
    if (value === null && fields === undefined && live?.[key] == null) continue
    if (fields === undefined) return false
    count++
    if (!sameValue(value, live?.[key], fields, sameAsApplied)) return false
  }
  return countFields(owned) === count
}

function countFields(owned: FieldsV1): number {
  return Object.keys(owned).filter((field) => field !== '.').length
}

function sameValue(desired: unknown, live: unknown, owned: FieldsV1, sameAsApplied: boolean): boolean {
  if (live === undefined) return isZero(desired)
  if (countFields(owned) === 0) return sameAtomic(desired, live, sameAsApplied)
  if (isObject(desired)) return isObject(live) && sameMap(desired, live, owned, sameAsApplied)
  return Array.isArray(desired) && Array.isArray(live) && sameList(desired, live, owned, sameAsApplied)
}

/** A value that has one owner as a whole. */
function sameAtomic(desired: unknown, live: unknown, sameAsApplied: boolean): boolean {
  if (desired === live || (sameAsApplied && isSameQuantity(desired, live))) return true
  if (Array.isArray(desired)) {
    return Array.isArray(live) && desired.length === live.length && desired.every((item, index) => sameAtomic(item, live[index], sameAsApplied))
  }
  if (!isObject(desired) || !isObject(live)) return false
  const keys = Object.keys(desired)
  if (!sameAsApplied && keys.length !== Object.keys(live).length) return false
  return keys.every((key) => (live[key] === undefined ? sameAsApplied && isZero(desired[key]) : sameAtomic(desired[key], live[key], sameAsApplied)))
}

/** A list whose items have owners: `k:{"name":"web"}` for maps with keys, `v:"x"` for sets. */
function sameList(desired: readonly unknown[], live: readonly unknown[], owned: FieldsV1, sameAsApplied: boolean): boolean {
  const entries = Object.entries(owned).filter(([field]) => field !== '.')
  if (entries.length !== desired.length) return false
  const open = new Set(desired)
  for (const [field, below] of entries) {
    const wanted = JSON.parse(field.slice(2)) as unknown
    if (field.startsWith('v:')) {
      if (!open.delete(wanted) || !live.includes(wanted)) return false
      continue
    }
    const item = [...open].find((candidate) => hasKeys(candidate, wanted, false))
    const liveItem = live.find((candidate) => hasKeys(candidate, wanted, true))
    if (!isObject(item) || !isObject(liveItem) || !sameItem(item, liveItem, below, sameAsApplied)) return false
    open.delete(item)
  }
  return true
}

/** True when `item` has these key fields; where `exact` is false it may leave out those that have a default (`protocol`). */
function hasKeys(item: unknown, keys: unknown, exact: boolean): boolean {
  if (!isObject(item) || !isObject(keys)) return false
  return Object.entries(keys).every(([key, value]) => item[key] === value || (!exact && item[key] === undefined))
}

/** An item of an associative list; a key field that was left to its default has no owner. */
function sameItem(desired: JsonObject, live: JsonObject, owned: FieldsV1, sameAsApplied: boolean): boolean {
  return countFields(owned) === 0 ? sameAtomic(desired, live, sameAsApplied) : sameMap(desired, live, owned, sameAsApplied)
}
