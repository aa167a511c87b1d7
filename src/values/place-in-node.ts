import type { Span } from '../base/source.ts'
import type { YamlNode } from '../yaml/node.ts'

/**
 * Where the value at `path` (keys, list indices as decimal texts) stands below `root`: a map or list over several lines is known by
 * its key. Undefined where nothing is.
 */
export function placeInNode(root: YamlNode | null | undefined, path: readonly string[]): Span | undefined {
  let node: YamlNode | undefined = root ?? undefined
  let parent: YamlNode | undefined
  for (const key of path) {
    parent = node
    node = childOf(node, key)
    if (!node) return undefined
  }
  const isBlock = (node?.type === 'mapping' || node?.type === 'sequence') && !node.flow
  return (isBlock ? keyOf(parent, node) : undefined)?.span ?? node?.span
}

function keyOf(parent: YamlNode | undefined, value: YamlNode | undefined): YamlNode | undefined {
  return parent?.type === 'mapping' ? parent.entries.find((entry) => entry.value === value)?.key : undefined
}

function childOf(node: YamlNode | undefined, key: string): YamlNode | undefined {
  if (node?.type === 'alias') return childOf(node.target, key)
  if (node?.type === 'sequence') return /^\d+$/.test(key) ? node.items[Number(key)] : undefined
  if (node?.type !== 'mapping') return undefined
  const isKey = (name: string) => (entry: { readonly key: YamlNode }) => entry.key.type === 'scalar' && entry.key.text === name
  // The last of equal keys counts, and a key of the map itself counts more than what it merges in.
  const own = node.entries.findLast(isKey(key))
  if (own) return own.value
  const merged = node.entries.find(isKey('<<'))?.value
  const sources = merged?.type === 'sequence' ? merged.items : merged ? [merged] : []
  for (const source of sources) {
    const found = childOf(source, key)
    if (found) return found
  }
  return undefined
}
