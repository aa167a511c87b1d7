import { sameJson } from '../base/json.ts'
import type { Span } from '../base/source.ts'
import { toPlain } from '../go/plain.ts'
import type { GoMap, GoValue } from '../go/values.ts'
import type { Layer } from '../values/layer.ts'
import { mergeLayers } from '../values/merge-layers.ts'
import type { NameFolder } from './fold-names.ts'
import { type LeafValue, leafValues } from './leaf-values.ts'
import type { ValuePath } from './path-pattern.ts'

/** Values of one environment and what they were merged from, lowest first. */
export interface LayeredValues {
  readonly tree: GoMap
  readonly layers: readonly Layer[]
}

/** A value of one environment and who set it. */
export interface SetValue {
  readonly value: GoValue
  /** The layer that set it; undefined where nobody knows. */
  readonly layer: Layer | undefined
  /** Where it is written, when known. */
  readonly at: Span | undefined
}

/** A leaf in which two environments differ; a side that has nothing there is absent. */
export interface ValueDifference {
  readonly path: ValuePath
  readonly source?: SetValue
  readonly target?: SetValue
}

/** What differs, and in how many values only the environments' names do. */
export interface ValueDifferences {
  readonly differences: readonly ValueDifference[]
  readonly folded: number
}

/** The leaves in which two trees of values differ, the source's first. O(leaves of both). */
export function valueDifferences(source: LayeredValues, target: LayeredValues, { isSame }: NameFolder): ValueDifferences {
  const [before, after] = [leafValues(source.tree), leafValues(target.tree)]
  const differences: ValueDifference[] = []
  let folded = 0
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [a, b] = [before.get(name), after.get(name)]
    if (a && b && sameJson(toPlain(a.value), toPlain(b.value))) continue
    if (typeof a?.value === 'string' && typeof b?.value === 'string' && isSame(a.value, b.value)) folded++
    else differences.push({ path: (a ?? b)?.path ?? [], ...(a && { source: setValue(source, a) }), ...(b && { target: setValue(target, b) }) })
  }
  return { differences, folded }
}

function setValue({ layers }: LayeredValues, { path, value }: LeafValue): SetValue {
  const origin = mergeLayers(layers).origin(path)
  return { value, layer: origin?.layer, at: origin?.at }
}
