import { isObject, type JsonObject, sameJson } from '../../base/json.ts'
import type { MergeField, MergeFields } from '../../kinds/merge-fields.ts'
import { badMerge, deletionOf, elementKind, identityOf, inOrderOf, insertionSort } from './element-order.ts'

/** Which half of a difference is wanted. */
export type Half = 'additions' | 'deletions'

/** A map that is being built; keys are field names of hostile documents, so it has no prototype. */
export type PatchMap = { [field: string]: unknown }

/** An empty map. */
export function patchMap(entries: JsonObject = {}): PatchMap {
  return Object.assign(Object.create(null) as PatchMap, entries)
}

/**
 * One half of the strategic merge patch from `original` to `modified`: what was added and changed, or what was taken away. Deleted
 * fields are null, deleted elements `$patch: delete` or `$deleteFromPrimitiveList`; `$setElementOrder` and `$retainKeys` as the facts ask.
 *
 * @throws DiagnosticError `kube/bad-merge` for elements without their merge key and for mixed lists
 * Source: k8s.io/apimachinery 0.37 pkg/util/strategicpatch/patch.go, diffMaps; cases: test/golden/kube/
 */
export function strategicDiff(original: JsonObject, modified: JsonObject, fields: MergeFields, half: Half, retainKeys = false): PatchMap {
  const patch = patchMap()
  for (const [name, value] of Object.entries(modified)) {
    if (!Object.hasOwn(original, name)) {
      if (half === 'additions') patch[name] = value
    } else diffField(patch, name, original[name], value, fields.get(name), half)
  }
  const gone = Object.keys(original).filter((name) => !Object.hasOwn(modified, name))
  if (half === 'deletions') for (const name of gone) patch[name] = null
  const retained = Object.keys(modified).filter((name) => modified[name] !== null)
  const hasLost = gone.some((name) => original[name] !== null)
  if (retainKeys && retained.length > 0 && (Object.keys(patch).length > 0 || hasLost)) patch['$retainKeys'] = retained.sort(compareText)
  return patch
}

function diffField(patch: PatchMap, name: string, original: unknown, modified: unknown, field: MergeField | undefined, half: Half): void {
  if (isObject(original) && isObject(modified)) diffMap(patch, name, original, modified, field, half)
  else if (Array.isArray(original) && Array.isArray(modified) && field?.strategy === 'merge') diffList(patch, name, original, modified, field, half)
  else if (half === 'additions' && !sameJson(original, modified)) patch[name] = modified
}

function diffMap(patch: PatchMap, name: string, original: JsonObject, modified: JsonObject, field: MergeField | undefined, half: Half): void {
  if (field?.strategy === 'replace') {
    if (half === 'additions') patch[name] = modified
    return
  }
  const inner = strategicDiff(original, modified, field?.fields ?? new Map(), half, field?.retainKeys ?? false)
  if (Object.keys(inner).length > 0) patch[name] = inner
}

function diffList(patch: PatchMap, name: string, original: readonly unknown[], modified: readonly unknown[], field: MergeField, half: Half): void {
  if (original.length === 0) {
    if (modified.length > 0 && half === 'additions') patch[name] = modified
    return
  }
  if (elementKind(original, modified) === 'map') diffMapList(patch, name, original, modified, field, half)
  else diffScalarList(patch, name, original, modified, half)
}

function diffMapList(patch: PatchMap, name: string, original: readonly unknown[], modified: readonly unknown[], field: MergeField, half: Half): void {
  const { key } = field
  if (key === undefined) throw badMerge(`the list "${name}" has no merge key`)
  const { changed, doomed } = diffElements(original, modified, field, key, half)
  const list = [...inOrderOf(changed, modified, key), ...doomed]
  if (list.length > 0) patch[name] = list
  const orderChanged = half === 'additions' && !hasSameOrder(original, modified, key)
  if ((list.length > 0 || orderChanged) && modified.length > 0)
    patch[`$setElementOrder/${name}`] = modified.map((item) => patchMap({ [key]: identityOf(item, key) }))
}

function hasSameOrder(original: readonly unknown[], modified: readonly unknown[], key: string): boolean {
  return original.length === modified.length && original.every((item, at) => sameJson(identityOf(item, key), identityOf(modified[at], key)))
}

/** Walks both lists in the order of their merge keys' texts, like two sorted decks. */
function diffElements(
  original: readonly unknown[],
  modified: readonly unknown[],
  field: MergeField,
  key: string,
  half: Half,
): { readonly changed: readonly unknown[]; readonly doomed: readonly unknown[] } {
  const before = sortedByKey(original, key)
  const after = sortedByKey(modified, key)
  const changed: unknown[] = []
  const doomed: unknown[] = []
  let [i, j] = [0, 0]
  while (i < before.length || j < after.length) {
    const [old, fresh] = [before[i], after[j]]
    const order = old === undefined ? 1 : fresh === undefined ? -1 : compareText(goText(old[key]), goText(fresh[key]))
    if (order === 0) {
      const inner = strategicDiff(old as JsonObject, fresh as JsonObject, field.fields, half, field.retainKeys)
      if (Object.keys(inner).length > 0) changed.push(patchMap({ ...inner, [key]: (fresh as JsonObject)[key] }))
    } else if (order > 0 && half === 'additions') changed.push(fresh)
    else if (order < 0 && half === 'deletions') doomed.push(deletionOf(key, (old as JsonObject)[key]))
    if (order <= 0) i++
    if (order >= 0) j++
  }
  return { changed, doomed }
}

function sortedByKey(list: readonly unknown[], key: string): readonly JsonObject[] {
  for (const item of list) identityOf(item, key)
  return insertionSort(list as readonly JsonObject[], (a, b) => compareText(goText(a[key]), goText(b[key])) <= 0)
}

function diffScalarList(patch: PatchMap, name: string, original: readonly unknown[], modified: readonly unknown[], half: Half): void {
  const before = sortedScalars(original)
  const after = sortedScalars(modified)
  const { added, removed } = diffScalars(before, after)
  if (half === 'additions' && added.length > 0) patch[name] = inOrderOf(added, modified, undefined)
  if (half === 'deletions' && removed.length > 0) patch[`$deleteFromPrimitiveList/${name}`] = [...new Set(removed)]
  // The original compares its sorted copy with the wanted order, so an unsorted list counts as changed.
  const isReordered = half === 'deletions' ? removed.length > 0 : !sameJson(before, modified)
  if (isReordered && modified.length > 0) patch[`$setElementOrder/${name}`] = modified
}

function diffScalars(
  before: readonly unknown[],
  after: readonly unknown[],
): { readonly added: readonly unknown[]; readonly removed: readonly unknown[] } {
  const added: unknown[] = []
  const removed: unknown[] = []
  let [i, j] = [0, 0]
  while (i < before.length || j < after.length) {
    const order = i >= before.length ? 1 : j >= after.length ? -1 : compareText(goText(before[i]), goText(after[j]))
    if (order > 0) added.push(after[j])
    if (order < 0) removed.push(before[i])
    if (order <= 0) i++
    if (order >= 0) j++
  }
  return { added, removed }
}

function sortedScalars(list: readonly unknown[]): readonly unknown[] {
  return [...list].sort((a, b) => compareText(goText(a), goText(b)))
}

/** A scalar as Go's %v prints it. */
function goText(value: unknown): string {
  return value === null ? '<nil>' : String(value)
}

/** Bytewise, as Go compares texts. */
function compareText(left: string, right: string): number {
  return left === right ? 0 : Buffer.compare(Buffer.from(left), Buffer.from(right))
}
