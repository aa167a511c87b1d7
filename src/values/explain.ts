import type { Span } from '../base/source.ts'
import type { GoValue } from '../go/values.ts'
import type { Layer } from './layer.ts'
import { lookUp } from './merge-layers.ts'

/** What one layer has to say about a path. */
export interface Explanation {
  readonly layer: string
  /** The layer's own value there; `MASKED` for secret layers. */
  readonly value: GoValue
  /** Where it is written, when known. */
  readonly at: Span | undefined
  readonly secret: boolean
  /** True for the one layer whose value counts; for maps, the highest of those that are merged. */
  readonly wins: boolean
}

/** Stands for every value of a secret layer. */
export const MASKED = '(secret)'

/**
 * Each layer's value at `path` with its place, lowest layer first; layers without one are left out.
 * A layer that replaces a parent of `path` by something else ends what lower layers said.
 */
export function explain(layers: readonly Layer[], path: readonly string[]): readonly Explanation[] {
  const found: Omit<Explanation, 'wins'>[] = []
  for (const layer of layers) {
    const here = lookUp(layer.tree, path)
    if (here.kind === 'cut') found.length = 0
    if (here.kind !== 'value') continue
    found.push({ layer: layer.name, value: layer.secret ? MASKED : here.value, at: layer.placeOf(path), secret: layer.secret })
  }
  return found.map((item, i) => ({ ...item, wins: i === found.length - 1 }))
}
