import type { GoMap, GoValue } from '../go/values.ts'
import { pathText, type ValuePath } from './path-pattern.ts'

/** What is no map or list with something in it, and where it stands. */
export interface LeafValue {
  readonly path: ValuePath
  readonly value: GoValue
}

/** Every leaf of a tree of values by the text of its path, in the tree's order. Empty maps and lists are leaves. */
export function leafValues(tree: GoMap): ReadonlyMap<string, LeafValue> {
  const leaves = new Map<string, LeafValue>()
  const visit = (value: GoValue, path: ValuePath): void => {
    if (value instanceof Map && value.size > 0) for (const [key, item] of value) visit(item, [...path, key])
    else if (Array.isArray(value) && value.length > 0) for (const [i, item] of value.entries()) visit(item, [...path, String(i)])
    else leaves.set(pathText(path), { path, value })
  }
  if (tree.size > 0) visit(tree, [])
  return leaves
}
