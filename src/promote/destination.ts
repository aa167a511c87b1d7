import { originOf, placeOf, type Span } from '../base/source.ts'
import type { GoValue } from '../go/values.ts'
import type { Layer } from '../values/layer.ts'
import { pathText, type ValuePath } from './path-pattern.ts'
import type { LayeredValues, ValueDifference } from './value-differences.ts'

/** Where a value is to be written: at its path in a file of values, or in the place where a state file has it. */
export type Destination =
  | { readonly kind: 'path'; readonly file: string; readonly layer: string }
  | { readonly kind: 'place'; readonly file: string; readonly layer: string; readonly at: Span }

/** Why a value is not written, and what a person does instead. */
export interface ByHand {
  readonly reason: string
  readonly todo: string
  readonly at?: Span
}

/** Two environments' values of which one is to follow the other. */
export interface Sides {
  readonly source: LayeredValues
  readonly target: LayeredValues
  /** Whether a file came from elsewhere. */
  readonly isFetched: (path: string) => boolean
  /** How the target's own file of values would be called, and where it would be named. */
  readonly newFile: { readonly name: string; readonly under: string }
}

/**
 * Where the target's value at a path is written: the file that sets it, unless the source reads that file too: then the target's own
 * file that is laid over all others.
 */
export function destinationOf({ path, target }: ValueDifference, sides: Sides): Destination | ByHand {
  const list = listIn(sides.source.tree, path)
  const layer = target?.layer
  if (list !== undefined && (!layer || isShared(layer, path, sides)))
    return {
      reason: `the target has no list ${pathText(list)} of its own with such an item`,
      todo: 'lists are laid over one another as a whole: write it by hand',
    }
  // What a template makes is changed in what it reads: a value laid over it would hide that.
  if (!layer || (layer.file?.form !== 'template' && isShared(layer, path, sides))) return ownFile(sides, layer)
  return inLayer(layer, target.at, sides)
}

/** The list in a tree that `path` goes through first; undefined where it goes through maps only. */
export function listIn(tree: GoValue, path: ValuePath): ValuePath | undefined {
  let value: GoValue | undefined = tree
  for (const [depth, key] of path.entries()) {
    if (Array.isArray(value)) return path.slice(0, depth)
    value = value instanceof Map ? value.get(key) : undefined
  }
  return undefined
}

function at(span: Span | undefined): { readonly at?: Span } {
  return span ? { at: span } : {}
}

function inLayer(layer: Layer, span: Span | undefined, { isFetched }: Sides): Destination | ByHand {
  const { file, name } = layer
  if (!file || file.form === 'given') return { reason: `${name} of the command line sets it`, todo: 'give the new value there', ...at(span) }
  if (layer.secret || file.form === 'encrypted') return { reason: `${name} is encrypted`, todo: `edit it with sops`, ...at(span) }
  if (isFetched(file.path)) return { reason: `${name} comes from elsewhere`, todo: 'change it there', ...at(span) }
  if (file.form === 'hcl') return { reason: `${name} is HCL`, todo: 'change it there', ...at(span) }
  if (file.form === 'template') return { reason: `${name} is a template`, todo: 'change it, or the values it reads', ...at(span) }
  if (file.form === 'plain') return { kind: 'path', file: file.path, layer: name }
  if (!span || isRendered(span)) return { reason: `${name} stand in a template`, todo: 'change them there', ...at(span) }
  if (isFetched(span.source.name)) return { reason: `${name} come from elsewhere`, todo: 'change them there', at: span }
  return { kind: 'place', file: span.source.name, layer: name, at: span }
}

/** Whether what stands at `span` is not what somebody wrote into a file of YAML. */
export function isRendered(span: Span): boolean {
  return originOf(span) !== span || span.source.name.endsWith('.gotmpl')
}

/** Whether the source has the value from the same place, or may have one there. */
function isShared({ file, placeOf: place }: Layer, path: ValuePath, { source }: Sides): boolean {
  if (!file) return false
  const same = source.layers.filter((layer) => layer.file?.path === file.path && layer.file.form === file.form)
  if (file.form !== 'inline') return same.length > 0
  const here = place(path)
  return same.some((layer) => {
    const there = layer.placeOf(path)
    return here !== undefined && there !== undefined && placeOf(here) === placeOf(there)
  })
}

function ownFile({ source, target, isFetched, newFile }: Sides, over: Layer | undefined): Destination | ByHand {
  const shared = new Set(source.layers.map(({ file }) => file?.path))
  const own = target.layers.findLast(({ file, secret }) => file?.form === 'plain' && !secret && !shared.has(file.path) && !isFetched(file.path))
  if (own?.file && (!over || target.layers.indexOf(own) > target.layers.indexOf(over))) return { kind: 'path', file: own.file.path, layer: own.name }
  const reason = over
    ? `${over.name} is read by both environments, and the target has no values file of its own over it`
    : 'the target has no values file of its own'
  return { reason, todo: `write it to a new file, such as ${newFile.name}, and name that under ${newFile.under}` }
}
