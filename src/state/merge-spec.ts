import { isZero, type Shape, type StructShape } from './shape.ts'
import { placeOfSpec, setPlace } from './spec.ts'

/** How two structs meet: which of two values stays, and what becomes of two lists. */
export interface MergeRule {
  /** True when the upper value wins over a lower one that is not zero. */
  readonly override: boolean
  readonly lists: 'append' | 'replace'
}

/**
 * `upper` merged into `lower`, both of the struct `shape`: zero values never replace anything, maps merge key by key (entries
 * that are structs are replaced whole), lists by `rule`. Inputs are not changed.
 * Source: dario.cat/mergo 1.0.2 deepMerge
 */
export function mergeSpec<T>(shape: StructShape, lower: T, upper: T, rule: MergeRule): T {
  return merge(shape, lower, upper, rule) as T
}

function merge(shape: Shape, lower: unknown, upper: unknown, rule: MergeRule): unknown {
  if (upper === undefined) return lower
  if (lower === undefined) return upper
  switch (shape.kind) {
    case 'struct':
      return mergeStruct(shape, lower as Fields, upper as Fields, rule)
    case 'map':
      return mergeMap(lower as ReadonlyMap<string, unknown>, upper as ReadonlyMap<string, unknown>, rule)
    case 'list':
      return mergeList(lower as readonly unknown[], upper as readonly unknown[], rule)
    case 'optional':
      return merge(shape.of, lower, upper, rule)
    default:
      return (rule.override || isZero(shape, lower)) && !isZero(shape, upper) ? upper : lower
  }
}

type Fields = Readonly<Record<string, unknown>>

function mergeStruct(shape: StructShape, lower: Fields, upper: Fields, rule: MergeRule): Fields {
  const merged: Record<string, unknown> = { ...lower }
  for (const [key, value] of Object.entries(upper)) {
    const field = shape.fields[key]
    if (field) merged[key] = merge(field.shape, lower[key], value, rule)
  }
  const at = placeOfSpec(upper) ?? placeOfSpec(lower)
  if (at) setPlace(merged, at)
  return merged
}

function mergeMap(lower: ReadonlyMap<string, unknown>, upper: ReadonlyMap<string, unknown>, rule: MergeRule): ReadonlyMap<string, unknown> {
  const merged = new Map(lower)
  for (const [key, value] of upper) if (rule.override || !merged.has(key) || merged.get(key) === '') merged.set(key, value)
  return merged
}

function mergeList(lower: readonly unknown[], upper: readonly unknown[], rule: MergeRule): readonly unknown[] {
  if (rule.lists === 'append') return [...lower, ...upper]
  return upper.length > 0 && (rule.override || lower.length === 0) ? upper : lower
}
