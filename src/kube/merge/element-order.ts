import { failure } from '../../base/diagnostic.ts'
import { isObject, type JsonObject, sameJson } from '../../base/json.ts'

/** What the elements of a list are; lists of lists and mixed lists cannot be merged. */
export type ElementKind = 'map' | 'scalar'

/** The kind of the elements of all `lists` together. @throws DiagnosticError `kube/bad-merge` for mixed lists, lists of lists, and no element at all */
export function elementKind(...lists: readonly (readonly unknown[])[]): ElementKind {
  const types = new Set(lists.flat().map((item) => (Array.isArray(item) ? 'list' : item === null ? 'null' : typeof item)))
  if (types.has('list')) throw badMerge('lists of lists are not supported')
  if (types.size > 1) throw badMerge('list element types are not identical')
  if (types.size === 0) throw badMerge('no elements in any of the given lists')
  return types.has('object') ? 'map' : 'scalar'
}

/** The value by which a merged list knows an element: the merge key's value, or the scalar itself. */
export function identityOf(item: unknown, key: string | undefined): unknown {
  if (key === undefined) return item
  if (!isObject(item)) throw badMerge('an element of a merged list is no map')
  if (!Object.hasOwn(item, key)) throw badMerge(`an element of a merged list does not contain the merge key "${key}"`)
  return item[key]
}

/** The position of the first element with the identity of `wanted`, or -1. */
export function indexOf(list: readonly unknown[], wanted: unknown, key: string | undefined): number {
  const identity = identityOf(wanted, key)
  return list.findIndex((item) => sameJson(identityOf(item, key), identity))
}

/**
 * Go's insertion sort, which its sorts are for short lists. The orders used in merges are not strict, and what such an order does
 * to equal elements is a matter of the algorithm.
 * Source: Go 1.26 sort/zsortfunc.go
 */
export function insertionSort<T>(list: readonly T[], isBefore: (a: T, b: T) => boolean): T[] {
  const sorted = [...list]
  for (let i = 1; i < sorted.length; i++) {
    for (let j = i; j > 0 && isBefore(sorted[j] as T, sorted[j - 1] as T); j--) [sorted[j - 1], sorted[j]] = [sorted[j] as T, sorted[j - 1] as T]
  }
  return sorted
}

/** Elements in the order of `order`, those marked for deletion last. */
export function inOrderOf(list: readonly unknown[], order: readonly unknown[], key: string | undefined): unknown[] {
  const doomed = key === undefined ? [] : list.filter(isDeletion)
  const kept = key === undefined ? list : list.filter((item) => !isDeletion(item))
  for (const item of [...list, ...order]) identityOf(item, key)
  const sorted = insertionSort(kept, (a, b) => {
    const [left, right] = [indexOf(order, a, key), indexOf(order, b, key)]
    return left >= 0 && right >= 0 ? left < right : true
  })
  return [...sorted, ...doomed]
}

function isDeletion(item: unknown): boolean {
  return isObject(item) && item['$patch'] === 'delete'
}

/**
 * `merged` with the elements that `patchOrder` names in that order, and the others between them as near as possible to where
 * `liveOrder` has them.
 */
export function interleaved(
  merged: readonly unknown[],
  patchOrder: readonly unknown[],
  liveOrder: readonly unknown[],
  key: string | undefined,
): unknown[] {
  const isNamed = (item: unknown) => indexOf(patchOrder, item, key) >= 0
  const named = inOrderOf(merged.filter(isNamed), patchOrder, key)
  const others = inOrderOf(
    merged.filter((item) => !isNamed(item)),
    liveOrder,
    key,
  )
  const result: unknown[] = []
  let [i, j] = [0, 0]
  while (i < others.length || j < named.length) {
    if (i < others.length && (j >= named.length || isBefore(others[i], named[j], liveOrder, key))) result.push(others[i++])
    else result.push(named[j++])
  }
  return result
}

function isBefore(left: unknown, right: unknown, order: readonly unknown[], key: string | undefined): boolean {
  const [l, r] = [indexOf(order, left, key), indexOf(order, right, key)]
  return l >= 0 && r >= 0 && l < r
}

/** The error for documents that a strategic merge cannot handle. */
export function badMerge(summary: string): Error {
  return failure('kube/bad-merge', `cannot make a patch: ${summary}`)
}

/** An element that tells the server to remove the one with this identity. */
export function deletionOf(key: string, identity: unknown): JsonObject {
  return { $patch: 'delete', [key]: identity }
}
