import { DiagnosticError, failure, withNote } from '../base/diagnostic.ts'
import type { Source, Span } from '../base/source.ts'
import type { GoMap, GoValue } from '../go/values.ts'
import { decodeYamlAll } from '../yaml/decode.ts'
import { addValue } from './add-value.ts'
import { followNames } from './follow-names.ts'
import { identityOf, isSameObject, nameOf } from './identity.ts'
import { applyJsonPatch } from './json-patch.ts'
import { replaceAll } from './replacements.ts'
import { compileTarget, targetText } from './selector.ts'
import { strategicMerge } from './strategic-merge.ts'
import { changedTo, type Tracked, tracked } from './tracked.ts'
import { setNamespace, TRANSFORMS } from './transformers.ts'

/*
 * Patches on rendered objects. In: objects as maps, and the patches a state file asks for, as texts. Out: the objects after them.
 * What must stay true: the result is what kustomize makes of them; objects that no patch means stay as they are; a patch that
 * means nothing is an error.
 */

/** One file or inline map of patches. */
export interface PatchDocument {
  readonly source: Source
  /** Where the state file asks for it. */
  readonly at?: Span | undefined
  /** The text of a file that the patch names; undefined when there is none. */
  readonly read: (path: string) => string | undefined
}

export interface Patches {
  readonly json: readonly PatchDocument[]
  readonly strategic: readonly PatchDocument[]
  readonly transformers: readonly PatchDocument[]
}

/**
 * `objects` after all patches: JSON patches first, then strategic merges, then transformers, each kind in its order. Objects that name
 * one whose name changed follow it.
 *
 * @throws DiagnosticError `patch/no-target` for a patch that means no object, `patch/bad-patch`, `patch/bad-target`,
 *   `patch/ambiguous-name`, `patch/unsupported-transformer`, what YAML throws; each with a note on the patch
 * Source: chartify 0.28.2 patch.go; sigs.k8s.io/kustomize/api 0.21.1 internal/builtins/PatchTransformer.go
 */
export function applyPatches(objects: readonly GoMap[], { json, strategic, transformers }: Patches): readonly Tracked[] {
  let result: readonly Tracked[] = objects.map(tracked)
  for (const document of json) result = noting(document, 'JSON patch', () => jsonPatchOf(document, mapsOf(document)[0] ?? new Map(), result))
  for (const document of strategic) result = noting(document, 'strategic merge patch', () => mergeAll(mapsOf(document), result))
  for (const document of transformers) result = noting(document, 'transformer', () => transformAll(document, result))
  return followNames(result, deepCopy)
}

function noting<T>({ source, at }: PatchDocument, what: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw withNote(error, { text: `in the ${what} ${source.name}`, ...(at ? { at } : {}) })
  }
}

function mapsOf({ source }: PatchDocument): readonly GoMap[] {
  return mapsIn(decodeYamlAll(source, 'helmfile'), source.name)
}

function mapsIn(values: readonly GoValue[], name: string): readonly GoMap[] {
  return values.flatMap((value) => {
    if (value === null) return []
    if (Array.isArray(value)) return mapsIn(value, name)
    if (!(value instanceof Map)) throw failure('patch/bad-patch', `${name} holds something that is no map`)
    return [value]
  })
}

function jsonPatchOf(document: PatchDocument, config: GoMap, objects: readonly Tracked[]): readonly Tracked[] {
  const target = config.get('target')
  if (!(target instanceof Map)) throw failure('patch/bad-patch', 'must specify a target for JSON patch')
  const written = config.get('patch') ?? (typeof config.get('path') === 'string' ? decoded(document, String(config.get('path'))) : undefined)
  return patchWithJson(operationsOf(written), target, objects)
}

function decoded({ read }: PatchDocument, path: string): GoValue {
  const text = read(path)
  if (text === undefined) throw failure('patch/missing-file', `the patch names the file ${path}, which does not exist`)
  const documents = decodeYamlAll({ name: path, text }, 'helmfile')
  return documents[0] ?? null
}

function operationsOf(written: GoValue | undefined): readonly GoMap[] {
  if (!Array.isArray(written)) throw failure('patch/bad-patch', 'either "path" or "patch" must be set, and hold a list of operations')
  return mapsIn(written, 'the list of operations')
}

function patchWithJson(operations: readonly GoMap[], target: GoMap, objects: readonly Tracked[]): readonly Tracked[] {
  return onTargets(target, objects, (object) => applyJsonPatch(object, operations))
}

function onTargets(target: GoMap, objects: readonly Tracked[], change: (object: GoMap) => GoMap | undefined): readonly Tracked[] {
  const selects = compileTarget(target)
  let found = false
  const result = objects.flatMap((entry) => {
    if (!selects(entry)) return [entry]
    found = true
    const changed = changeOf(entry.object, change)
    return changed ? [changedTo(entry, changed)] : []
  })
  if (!found) throw noTarget(`no object matches the target ${targetText(target)}`, objects)
  return result
}

function changeOf(object: GoMap, change: (object: GoMap) => GoMap | undefined): GoMap | undefined {
  try {
    return change(object)
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error
    throw withNote(error, { text: `on ${nameOf(identityOf(object))}` })
  }
}

const MOST_NAMES = 10

function noTarget(summary: string, objects: readonly Tracked[]): DiagnosticError {
  const names = objects.map(({ object }) => nameOf(identityOf(object)))
  const shown = names.length > MOST_NAMES ? [...names.slice(0, MOST_NAMES), `${names.length - MOST_NAMES} more`] : names
  return failure('patch/no-target', summary, { notes: [{ text: `there are: ${shown.join(', ')}` }] })
}

function mergeAll(patches: readonly GoMap[], objects: readonly Tracked[]): readonly Tracked[] {
  return patches.reduce((left, patch) => mergeOwn(patch, left), objects)
}

/** A patch without a target means the object that it names itself. */
function mergeOwn(patch: GoMap, objects: readonly Tracked[]): readonly Tracked[] {
  const wanted = identityOf(patch)
  if (wanted.kind === '' || wanted.name === '')
    throw failure('patch/bad-patch', 'a strategic merge patch names its object by apiVersion, kind and metadata.name')
  let found = false
  const result = objects.flatMap((entry) => {
    if (!isSameObject(wanted, identityOf(entry.object))) return [entry]
    found = true
    const merged = changeOf(entry.object, (old) => strategicMerge(old, patch))
    return merged ? [changedTo(entry, merged)] : []
  })
  if (!found) throw noTarget(`no object matches the strategic merge patch for ${nameOf(wanted)} (${String(patch.get('apiVersion') ?? '')})`, objects)
  return result
}

/** What a patch with a target may change beside content; by itself it leaves kind and name. */
interface PatchOptions {
  readonly name: boolean
  readonly kind: boolean
}

function optionsOf(config: GoMap): PatchOptions {
  const options = config.get('options')
  const isSet = (key: string): boolean => options instanceof Map && options.get(key) === true
  return { name: isSet('allowNameChange'), kind: isSet('allowKindChange') }
}

function mergeInto(patch: GoMap, target: GoMap, objects: readonly Tracked[], allowed: PatchOptions): readonly Tracked[] {
  return onTargets(target, objects, (object) => {
    const merged = strategicMerge(object, patch)
    return merged && withIdentityOf(object, merged, allowed)
  })
}

function withIdentityOf(object: GoMap, merged: GoMap, allowed: PatchOptions): GoMap {
  const [old, metadata] = [object.get('metadata'), merged.get('metadata')]
  const kept: GoMap = new Map(metadata instanceof Map ? metadata : [])
  for (const key of allowed.name ? ['namespace'] : ['name', 'namespace']) {
    const value = old instanceof Map ? old.get(key) : undefined
    if (value === undefined) kept.delete(key)
    else kept.set(key, value)
  }
  const result: GoMap = new Map(merged).set('metadata', kept)
  for (const key of allowed.kind ? ['apiVersion'] : ['apiVersion', 'kind']) result.set(key, object.get(key) as GoValue)
  return result
}

function transformAll(document: PatchDocument, objects: readonly Tracked[]): readonly Tracked[] {
  return mapsOf(document).reduce((left, config) => transform(document, config, left), objects)
}

function transform(document: PatchDocument, config: GoMap, objects: readonly Tracked[]): readonly Tracked[] {
  const kind = String(config.get('kind') ?? '')
  const change = TRANSFORMS.get(kind)
  if (change) return onCopies(objects, (copies) => change(config, copies))
  if (kind === 'ReplacementTransformer') return onContent(objects, (copies) => replaceAll(replacementsOf(document, config), copies))
  if (kind === 'ValueAddTransformer') return onContent(objects, (copies) => addValue(config, valueTargets(document, config), copies, setNamespace))
  if (kind === 'PatchTransformer') return patchTransformer(document, config, objects)
  if (kind === 'PatchJson6902Transformer') return json6902Transformer(document, config, objects)
  if (kind === 'PatchStrategicMergeTransformer') return strategicTransformer(document, config, objects)
  throw failure('patch/unsupported-transformer', `transformers of kind "${kind}" are not supported`, {
    hint: `use ${[...TRANSFORMS.keys(), 'PatchTransformer', 'ReplacementTransformer', 'ValueAddTransformer'].join(', ')}, or a post-renderer`,
  })
}

/** `objects` after `change`, which works on copies of them. */
function onCopies(objects: readonly Tracked[], change: (copies: readonly Tracked[]) => void): readonly Tracked[] {
  const copies = objects.map((entry) => ({ ...entry, object: deepCopy(entry.object) }))
  change(copies)
  return objects.map((entry, i) => changedTo(entry, copies[i]?.object ?? entry.object))
}

/** As `onCopies`; names that change this way are new names, which nothing follows. */
function onContent(objects: readonly Tracked[], change: (copies: readonly Tracked[]) => void): readonly Tracked[] {
  const copies = objects.map((entry) => ({ ...entry, object: deepCopy(entry.object) }))
  change(copies)
  return copies
}

/** Replacements written in place, and those of the files that are named. */
function replacementsOf(document: PatchDocument, config: GoMap): readonly GoMap[] {
  const list = config.get('replacements')
  return mapsIn(Array.isArray(list) ? list : [], 'replacements').flatMap((entry) => {
    const path = entry.get('path')
    if (typeof path !== 'string') return [entry]
    if (entry.has('source') || entry.has('targets')) throw failure('patch/bad-patch', 'cannot specify both path and inline replacement')
    return mapsIn([decoded(document, path)], path)
  })
}

function valueTargets(document: PatchDocument, config: GoMap): readonly GoMap[] {
  const path = config.get('targetFilePath')
  const shared = typeof path === 'string' && path !== '' ? decoded(document, path) : null
  const lists = [config.get('targets'), shared instanceof Map ? shared.get('targets') : undefined]
  return lists.flatMap((list) => mapsIn(Array.isArray(list) ? list : [], 'targets'))
}

function deepCopy(value: GoMap): GoMap {
  const copy = (item: GoValue): GoValue =>
    Array.isArray(item) ? item.map(copy) : item instanceof Map ? new Map([...item].map(([key, inner]) => [key, copy(inner)])) : item
  return copy(value) as GoMap
}

/** The text that stands under `patch`, or in the file that `path` names. */
function writtenPatch(document: PatchDocument, config: GoMap, key: string): Source {
  const [inline, path] = [config.get(key), config.get('path')]
  if (typeof inline === 'string' && inline.trim() !== '') return { name: `${document.source.name} (${key})`, text: inline }
  if (typeof path !== 'string' || path === '') throw failure('patch/bad-patch', `must specify one of ${key} and path`)
  const text = document.read(path)
  if (text === undefined) throw failure('patch/missing-file', `the transformer names the file ${path}, which does not exist`)
  return { name: path, text }
}

function patchTransformer(document: PatchDocument, config: GoMap, objects: readonly Tracked[]): readonly Tracked[] {
  const source = writtenPatch(document, config, 'patch')
  const values = decodeYamlAll(source, 'helmfile')
  const target = config.get('target')
  if (Array.isArray(values[0]) && mapsIn(values, source.name).every((entry) => entry.has('op'))) {
    if (!(target instanceof Map)) throw failure('patch/bad-patch', 'must specify a target for JSON patch')
    return patchWithJson(mapsIn(values, source.name), target, objects)
  }
  const patches = mapsIn(values, source.name)
  if (!(target instanceof Map)) return mergeAll(patches, objects)
  const [patch, ...more] = patches
  if (!patch || more.length > 0)
    throw failure('patch/bad-patch', 'Multiple Strategic-Merge Patches in one `patches` entry is not allowed to set `patches.target` field')
  return mergeInto(patch, target, objects, optionsOf(config))
}

function json6902Transformer(document: PatchDocument, config: GoMap, objects: readonly Tracked[]): readonly Tracked[] {
  const target = config.get('target')
  if (!(target instanceof Map)) throw failure('patch/bad-patch', 'must specify a target for JSON patch')
  return patchWithJson(operationsOf(decodeYamlAll(writtenPatch(document, config, 'jsonOp'), 'helmfile')[0]), target, objects)
}

function strategicTransformer(document: PatchDocument, config: GoMap, objects: readonly Tracked[]): readonly Tracked[] {
  const paths = config.get('paths')
  const files = (Array.isArray(paths) ? paths : []).map(
    (path): Source => writtenPatch(document, new Map<string, GoValue>([['path', path]]), 'patches'),
  )
  const inline = config.get('patches')
  const sources = typeof inline === 'string' ? [...files, { name: `${document.source.name} (patches)`, text: inline }] : files
  return mergeAll(
    sources.flatMap((source) => mapsIn(decodeYamlAll(source, 'helmfile'), source.name)),
    objects,
  )
}
