import type { Span } from '../base/source.ts'
import type { GoMap, GoValue } from '../go/values.ts'
import type { Layer } from './layer.ts'
import { overrideMaps } from './merge-maps.ts'

/** Where a merged value comes from. */
export interface Origin {
  readonly layer: Layer
  /** Where the layer wrote it, when known. */
  readonly at: Span | undefined
}

export interface MergedLayers {
  readonly tree: GoMap
  /** The layer that set the value at `path`: keys, list indices as decimal texts. Undefined where no layer has anything. */
  readonly origin: (path: readonly string[]) => Origin | undefined
}

/**
 * Lays `layers` over one another, lowest first, as Helm lays values files: maps merge, everything else replaces, nulls stay
 * (Helm takes them out when the chart's defaults come in). Inputs are not changed. O(total keys); origins are looked up when asked for.
 */
export function mergeLayers(layers: readonly Layer[]): MergedLayers {
  let tree: GoMap = new Map()
  for (const layer of layers) tree = overrideMaps(tree, layer.tree)
  return { tree, origin: (path) => originOf(layers, path) }
}

/** Whether a tree has something at `path`, or cuts it off: a scalar or list above it replaces whatever lower layers had there. */
type Found = { readonly kind: 'value'; readonly value: GoValue } | { readonly kind: 'absent' } | { readonly kind: 'cut' }

/** What one layer says about `path`. Source of the rule: maps merge, everything else replaces. */
export function lookUp(tree: GoMap, path: readonly string[]): Found {
  let current: GoValue = tree
  for (const key of path) {
    if (current instanceof Map) {
      const next: GoValue | undefined = current.get(key)
      if (next === undefined) return { kind: 'absent' }
      current = next
    } else {
      const item: GoValue | undefined = Array.isArray(current) && /^\d+$/.test(key) ? current[Number(key)] : undefined
      if (item === undefined) return { kind: 'cut' }
      current = item
    }
  }
  return { kind: 'value', value: current }
}

function originOf(layers: readonly Layer[], path: readonly string[]): Origin | undefined {
  for (const layer of layers.toReversed()) {
    const found = lookUp(layer.tree, path)
    if (found.kind === 'value') return { layer, at: layer.placeOf(path) }
    if (found.kind === 'cut') return undefined
  }
  return undefined
}
