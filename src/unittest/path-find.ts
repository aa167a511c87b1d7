import { matches } from '../go/regexp.ts'
import { GoInt, type GoMap, type GoValue, sortedKeys } from '../go/values.ts'
import { type Filter, type FilterPath, type FilterTerm, type IndexRange, type Operator, parsePath, type Step } from './path-parser.ts'

function* descendants(node: GoValue): Generator<GoValue> {
  for (const child of children(node)) yield* descendants(child)
  yield node
}

/** What a map holds in the order of its keys, or a list in its own. */
function children(node: GoValue): readonly GoValue[] {
  if (Array.isArray(node)) return node
  return node instanceof Map ? sortedKeys(node).map((key) => node.get(key) as GoValue) : []
}

function indexesOf({ from, to, step, isSingle }: IndexRange, length: number): readonly number[] {
  const settled = (bound: number): number => (bound < 0 ? bound + length : bound)
  if (isSingle) return [settled(from ?? 0)]
  const start = from === undefined ? (step > 0 ? 0 : length - 1) : settled(from)
  const end = to === undefined ? (step > 0 ? length : -1) : settled(to)
  const found: number[] = []
  if (step > 0) for (let i = Math.max(start, 0); i < Math.min(end, length); i += step) found.push(i)
  else for (let i = Math.min(start, length - 1); i > Math.max(end, -1); i += step) found.push(i)
  return found
}

function elements(node: GoValue, ranges: readonly IndexRange[]): readonly GoValue[] {
  if (!Array.isArray(node)) return []
  const wanted = ranges.flatMap((range) => indexesOf(range, node.length))
  return wanted.filter((index) => index >= 0 && index < node.length).map((index) => node[index] as GoValue)
}

function named(node: GoMap, names: readonly string[]): readonly string[] {
  return names.filter((name) => node.has(name))
}

function take(node: GoValue, step: Step, root: GoValue): readonly GoValue[] {
  switch (step.kind) {
    case 'names':
      return node instanceof Map ? named(node, step.names).map((name) => node.get(name) as GoValue) : []
    case 'keys':
      return node instanceof Map ? (step.names ? named(node, step.names) : sortedKeys(node)) : []
    case 'all':
      return children(node)
    case 'descend':
      return [...descendants(node)]
    case 'indexes':
      return elements(node, step.ranges)
    case 'filter':
      return (Array.isArray(node) ? node : [node]).filter((item) => passes(item, step.filter, root))
  }
}

function walk(nodes: readonly GoValue[], steps: readonly Step[], root: GoValue): readonly GoValue[] {
  return steps.reduce<readonly GoValue[]>((found, step) => found.flatMap((node) => take(node, step, root)), nodes)
}

function termValues(term: FilterTerm, node: GoValue, root: GoValue): readonly GoValue[] {
  return 'from' in term ? pathValues(term, node, root) : [term.value]
}

function pathValues({ from, steps }: FilterPath, node: GoValue, root: GoValue): readonly GoValue[] {
  return walk([from === '@' ? node : root], steps, root)
}

const numberOf = (value: GoValue): number | undefined =>
  value instanceof GoInt ? Number(value.value) : typeof value === 'number' ? value : undefined

/** -1, 0 or 1; undefined for values that cannot be compared. */
function compared(a: GoValue, b: GoValue): number | undefined {
  const [x, y] = [numberOf(a) ?? a, numberOf(b) ?? b]
  if (typeof x !== typeof y || (typeof x === 'object' && x !== null) || (typeof y === 'object' && y !== null)) return undefined
  if (x === y) return 0
  if (typeof x === 'boolean' || x === null || y === null) return undefined
  return x < y ? -1 : 1
}

const RULES: Readonly<Record<Operator, (order: number | undefined) => boolean>> = {
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '>': (order) => order !== undefined && order > 0,
  '>=': (order) => order !== undefined && order >= 0,
  '<': (order) => order !== undefined && order < 0,
  '<=': (order) => order !== undefined && order <= 0,
}

/** Every pair of what two paths lead to must be accepted, and there must be one. */
function everyPair(left: readonly GoValue[], right: readonly GoValue[], accept: (a: GoValue, b: GoValue) => boolean): boolean {
  return left.length > 0 && right.length > 0 && left.every((a) => right.every((b) => accept(a, b)))
}

function passes(node: GoValue, filter: Filter, root: GoValue): boolean {
  switch (filter.kind) {
    case 'and':
      return passes(node, filter.left, root) && passes(node, filter.right, root)
    case 'or':
      return passes(node, filter.left, root) || passes(node, filter.right, root)
    case 'not':
      return !passes(node, filter.filter, root)
    case 'constant':
      return filter.value
    case 'exists':
      return pathValues(filter.term, node, root).length > 0
    case 'match': {
      const found = pathValues(filter.term, node, root)
      return found.length > 0 && found.every((value) => typeof value === 'string' && matches(filter.regexp, value))
    }
    case 'compare':
      return everyPair(termValues(filter.left, node, root), termValues(filter.right, node, root), (a, b) => RULES[filter.operator](compared(a, b)))
  }
}

/**
 * What `path` leads to in a document, in the order of its keys; the document itself for an empty path.
 *
 * @throws GoError for a path that cannot be read
 * Source: helm-unittest 1.1.2 pkg/unittest/valueutils (GetValueOfSetPath); helm-unittest/yaml-jsonpath 0.4.0
 */
export function findPath(document: GoValue, path: string): readonly GoValue[] {
  return path === '' ? [document] : walk([document], parsePath(path), document)
}
