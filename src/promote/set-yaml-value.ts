import type { Source } from '../base/source.ts'
import { deepEqual } from '../go/deep-equal.ts'
import type { GoMap, GoValue } from '../go/values.ts'
import { parseYaml } from '../yaml/compose.ts'
import { decodeNode } from '../yaml/decode.ts'
import type { MappingNode, YamlNode } from '../yaml/node.ts'
import { YamlError } from '../yaml/yaml-error.ts'
import { insertEntry } from './insert-entry.ts'
import type { ValuePath } from './path-pattern.ts'
import { scalarText } from './scalar-text.ts'

/*
 * Editing YAML in place. In: a text, a path, a value. Out: the text with that value there and every other byte as it was, or the
 * reason why that cannot be. What must stay true: an edit is only given out once the text was read again and says what it should.
 */

/** A text with the value in it, or why it could not be put there, as the end of a sentence: `it is shared by the anchor "x"`. */
export type YamlEdit = { readonly text: string; readonly refused?: undefined } | { readonly refused: string }

/** One stretch of a text that is replaced. */
export interface Replacement {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Where in a text, and what for; or why not. */
export type Found = Replacement | { readonly refused: string }

/**
 * `source` with `value` at `path`: the scalar there replaced, or an entry added to the deepest map of the path that is there. Comments,
 * order, quotes, anchors and line ends stay. What anchors share is refused, and a file of several documents unless `document` says which
 * (0: the first).
 */
export function setYamlValue(source: Source, path: ValuePath, value: GoValue, document?: number): YamlEdit {
  try {
    const documents = parseYaml(source, 'helmfile')
    if (documents.length > 1 && document === undefined) return { refused: 'it holds several documents' }
    const index = document ?? 0
    const root = documents[index]?.root ?? null
    if (root !== null && root.span.source.text !== source.text) return { refused: 'it is not UTF-8' }
    const found = findPlace(source.text, root, path, value)
    if ('refused' in found) return found
    const text = source.text.slice(0, found.start) + found.text + source.text.slice(found.end)
    const before = root === null ? new Map<string, GoValue>() : decodeNode(root, 'helmfile')
    const intended = { path, value, before, index, count: Math.max(1, documents.length) }
    return isIntended(intended, { name: source.name, text }) ? { text } : { refused: 'writing it there would change more than this value' }
  } catch (error) {
    if (error instanceof YamlError) return { refused: 'it cannot be read as YAML by itself' }
    throw error
  }
}

interface Intended {
  readonly path: ValuePath
  readonly value: GoValue
  /** The document as it was. */
  readonly before: GoValue
  readonly index: number
  readonly count: number
}

function isIntended({ path, value, before, index, count }: Intended, after: Source): boolean {
  const intended = withValue(before, path, value)
  return (['helmfile', 'helm'] as const).every((dialect) => {
    const documents = parseYaml(after, dialect)
    const root = documents[index]?.root ?? null
    const is = decodeNode(root, dialect)
    return (
      documents.length === count &&
      (dialect === 'helm' ? deepEqual(valueAt(is, path) as GoValue, value) || isSamePrinted(valueAt(is, path), value) : sameTree(is, intended))
    )
  })
}

/** Dialects read whole floats and integers as different kinds. */
function isSamePrinted(is: GoValue | undefined, value: GoValue): boolean {
  if (is === undefined || typeof value === 'string' || typeof is === 'string') return false
  const text = scalarText(is)
  return text !== undefined && text === scalarText(value)
}

function sameTree(a: GoValue, b: GoValue): boolean {
  if (a instanceof Map && b instanceof Map)
    return a.size === b.size && [...a].every(([key, item]) => b.has(key) && sameTree(item, b.get(key) as GoValue))
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => sameTree(item, b[i] as GoValue))
  return deepEqual(a, b) || isSamePrinted(a, b)
}

/** What stands at `path`; undefined where nothing does. */
export function valueAt(tree: GoValue, path: ValuePath): GoValue | undefined {
  return path.reduce<GoValue | undefined>(
    (value, key) => (value instanceof Map ? value.get(key) : Array.isArray(value) ? value[Number(key)] : undefined),
    tree,
  )
}

/** `tree` with `value` at `path`; shares what does not change. */
export function withValue(tree: GoValue, [key, ...rest]: ValuePath, value: GoValue): GoValue {
  if (key === undefined) return value
  if (Array.isArray(tree)) return tree.map((item, i) => (String(i) === key ? withValue(item, rest, value) : item))
  const map: GoMap = new Map(tree instanceof Map ? tree : [])
  return map.set(key, withValue(map.get(key) ?? null, rest, value))
}

function findPlace(text: string, root: YamlNode | null, path: ValuePath, value: GoValue): Found {
  if (root === null) return insertEntry(text, undefined, path, value)
  const shared = anchorsUsed(root)
  let node = root
  for (const [depth, key] of path.entries()) {
    const used = node.type === 'alias' ? node.name : node.anchor
    if (used !== undefined && (node.type === 'alias' || shared.has(used))) return { refused: `it is shared by the anchor "${used}"` }
    const next = childAt(node, key)
    if (next === undefined)
      return node.type === 'mapping' ? insertEntry(text, node, path.slice(depth), value) : missingIn(node, key, text, path.slice(depth), value)
    node = next
  }
  return replaceNode(text, node, shared, value)
}

/** Names of the anchors that something refers to. */
function anchorsUsed(root: YamlNode): ReadonlySet<string> {
  const used = new Set<string>()
  const visit = (node: YamlNode): void => {
    if (node.type === 'alias') used.add(node.name)
    else if (node.type === 'sequence') node.items.forEach(visit)
    else if (node.type === 'mapping') {
      for (const { key, value } of node.entries) {
        visit(key)
        visit(value)
      }
    }
  }
  visit(root)
  return used
}

function childAt(node: YamlNode, key: string): YamlNode | undefined {
  if (node.type === 'sequence') return /^\d+$/.test(key) ? node.items[Number(key)] : undefined
  return node.type === 'mapping' ? ownEntry(node, key)?.value : undefined
}

/** The last of equal keys counts. */
function ownEntry(node: MappingNode, name: string): MappingNode['entries'][number] | undefined {
  return node.entries.findLast(({ key }) => key.type === 'scalar' && key.text === name)
}

function missingIn(node: YamlNode, key: string, text: string, path: ValuePath, value: GoValue): Found {
  if (node.type === 'scalar' && node.style === 'plain' && node.text === '' && node.anchor === undefined && node.tag === undefined)
    return insertEntry(text, node, path, value)
  if (node.type === 'sequence') return { refused: `the list there has no item ${key}` }
  return { refused: 'there is no map where it belongs' }
}

function replaceNode(text: string, node: YamlNode, shared: ReadonlySet<string>, value: GoValue): Found {
  if (node.type !== 'alias' && node.anchor !== undefined && shared.has(node.anchor)) return { refused: `it is shared by the anchor "${node.anchor}"` }
  const isCollection = (node.type === 'mapping' && node.entries.length > 0) || (node.type === 'sequence' && node.items.length > 0)
  if (isCollection) return { refused: `there is a ${node.type === 'mapping' ? 'map' : 'list'} in its place` }
  const written = scalarText(value, node.type === 'scalar' ? node.style : 'plain')
  if (written === undefined) return { refused: 'it is more than one line can hold' }
  const { end } = node.span
  const start = contentStart(text, node)
  if (start === end && node.type === 'scalar' && node.style === 'plain') return { start, end, text: ` ${written}` }
  return { start, end: start + text.slice(start, end).trimEnd().length, text: written }
}

/** Behind the anchor and the tag of a node. */
function contentStart(text: string, node: YamlNode): number {
  let at = node.span.start
  if (node.type === 'alias') return at
  while (at < node.span.end && (text[at] === '&' || text[at] === '!')) {
    while (at < node.span.end && !/\s/.test(text.charAt(at))) at++
    while (at < node.span.end && /\s/.test(text.charAt(at))) at++
  }
  return at
}

/** Where a node stands: in which document (0: the first), and its path there. */
export interface NodePath {
  readonly document: number
  readonly path: ValuePath
}

/** The node that begins at `offset`, of a block map its first entry; undefined where none does. @throws YamlError as `parseYaml` */
export function nodePathAt(source: Source, offset: number): NodePath | undefined {
  for (const [document, { root }] of parseYaml(source, 'helmfile').entries()) {
    const path = root && pathTo(root, offset)
    if (path) return { document, path }
  }
  return undefined
}

function pathTo(node: YamlNode, offset: number): ValuePath | undefined {
  if (node.type === 'sequence')
    return firstPath(
      node.items.map((item, i) => [String(i), item] as const),
      offset,
    )
  if (node.type !== 'mapping' || (node.flow && node.span.start === offset)) return node.span.start === offset ? [] : undefined
  for (const { key, value } of node.entries) if (key.span.start === offset && key.type === 'scalar' && value.span.start > offset) return [key.text]
  return firstPath(
    node.entries.flatMap(({ key, value }) => (key.type === 'scalar' ? [[key.text, value] as const] : [])),
    offset,
  )
}

function firstPath(children: readonly (readonly [string, YamlNode])[], offset: number): ValuePath | undefined {
  for (const [key, child] of children) {
    if (offset < child.span.start || offset > child.span.end) continue
    const rest = pathTo(child, offset)
    if (rest) return [key, ...rest]
  }
  return undefined
}
