import { type GoValue, isGoObject } from './values.ts'

/** How many values a function may be asked to walk over: as many as a hundred large charts have. */
export const MAX_NODES = 2_000_000

/** Characters of one text that is made, and of all texts in values that are walked over: sixteen times what a cluster takes as one object. */
export const MAX_TEXT: number = 16 * 1024 * 1024

/** What functions say, and printing says, of values beyond that. */
export const TOO_MANY_NODES: string = `values hold more than ${MAX_NODES} values or ${MAX_TEXT} characters`

/** Deeper than any walk over values goes before it stops by itself. */
const MAX_DEPTH = 1500

/** Characters, or bytes, that count as much as a value. */
const TEXT_PER_NODE = MAX_TEXT / MAX_NODES

function sizeOf(text: { readonly length: number }): number {
  return text.length / TEXT_PER_NODE
}

function countBelow(value: unknown, count: number, limit: number, depth: number): number {
  if (typeof value === 'string') return count + 1 + sizeOf(value)
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return count + 1
  let counted = count + 1
  if (Array.isArray(value)) {
    for (const item of value) {
      if (counted > limit) return counted
      counted = countBelow(item, counted, limit, depth + 1)
    }
  } else if (value instanceof Map) {
    for (const [key, item] of value) {
      if (counted > limit) return counted
      counted = countBelow(item, counted + sizeOf(key), limit, depth + 1)
    }
  } else if (value instanceof Uint8Array) counted += sizeOf(value)
  else if (isGoObject(value) && value.plain) return countBelow(value.plain(), count, limit, depth + 1)
  return counted
}

/**
 * Whether a walk over `value` meets more than `limit` values, or as much text, what stands in several places counted for each of
 * them: a few lines of a template can make maps whose printed form has no end.
 */
export function hasMoreNodes(value: GoValue | undefined, limit: number): boolean {
  return typeof value === 'object' && value !== null && countBelow(value, 0, limit, 0) > limit
}
