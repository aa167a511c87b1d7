import type { GoValue } from './values.ts'

/** How many values a function may be asked to walk over: as many as a hundred large charts have. */
export const MAX_NODES = 2_000_000

/** What functions say, and printing says, of values beyond that. */
export const TOO_MANY_NODES: string = `values hold more than ${MAX_NODES} values`

/** Deeper than any walk over values goes before it stops by itself. */
const MAX_DEPTH = 3000

function countBelow(value: unknown, count: number, limit: number, depth: number): number {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return count + 1
  const items = Array.isArray(value) ? value : value instanceof Map ? value.values() : undefined
  let counted = count + 1
  if (items === undefined) return counted
  for (const item of items) {
    if (counted > limit) return counted
    counted = countBelow(item, counted, limit, depth + 1)
  }
  return counted
}

/**
 * Whether a walk over `value` meets more than `limit` values, one that stands in several places counted for each of them: a few
 * lines of a template can make maps whose printed form has no end.
 */
export function hasMoreNodes(value: GoValue | undefined, limit: number): boolean {
  return typeof value === 'object' && value !== null && countBelow(value, 0, limit, 0) > limit
}
