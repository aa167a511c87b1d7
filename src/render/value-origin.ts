import type { Note } from '../base/diagnostic.ts'
import type { Span } from '../base/source.ts'
import type { Chart } from '../chart/chart.ts'
import { GoInt, type GoValue } from '../go/values.ts'
import type { Layer } from '../values/layer.ts'
import { lookUp, mergeLayers } from '../values/merge-layers.ts'
import { placeInNode } from '../values/place-in-node.ts'
import { parseYaml } from '../yaml/compose.ts'

/** Where the values of a chart come from. */
export interface ValueSources {
  /** The chart with its dependencies settled. */
  readonly chart: Chart
  /** What the user gave, lowest first. */
  readonly layers: readonly Layer[]
}

/** Who set a value. */
export interface ValueOrigin {
  /** For people: a file, `--set replicas=2`, `the defaults of chart web`. */
  readonly name: string
  readonly at: Span | undefined
  readonly value: GoValue
  /** The path in that file or layer. */
  readonly path: readonly string[]
}

/** A chart and the rest of a path that lies in its values. */
interface Owner {
  readonly chart: Chart
  readonly rest: readonly string[]
}

/** The charts whose values hold `path` of the root chart's values, the root first, the one whose templates see `rest` last. */
export function ownersOf(chart: Chart, path: readonly string[]): readonly [Owner, ...Owner[]] {
  const owners: [Owner, ...Owner[]] = [{ chart, rest: path }]
  for (let owner = owners[0]; ; ) {
    const [name, ...rest] = owner.rest
    const subchart = owner.chart.dependencies.find((dependency) => dependency.metadata.name === name)
    if (!subchart) return owners
    owner = { chart: subchart, rest }
    owners.push(owner)
  }
}

/** Where a chart's own values file has `path`. */
function placeInDefaults(chart: Chart, path: readonly string[]): Span | undefined {
  if (!chart.valuesSource) return undefined
  const documents = parseYaml(chart.valuesSource, 'helm')
  return documents.map(({ root }) => placeInNode(root, path)).findLast((place) => place !== undefined)
}

function originInLayers(layers: readonly Layer[], path: readonly string[]): ValueOrigin | undefined {
  const found = mergeLayers(layers).origin(path)
  if (!found) return undefined
  const entry = lookUp(found.layer.tree, path)
  return { name: found.layer.name, at: found.at, value: entry.kind === 'value' ? entry.value : null, path }
}

/** What the charts themselves have at a path, the root's values first. */
export function originInDefaults(owners: readonly Owner[]): ValueOrigin | undefined {
  let unplaced: ValueOrigin | undefined
  for (const { chart, rest } of owners) {
    const found = lookUp(chart.values, rest)
    if (found.kind !== 'value') continue
    const at = placeInDefaults(chart, rest)
    const origin = { name: `the defaults of chart ${chart.metadata.name}`, at, value: found.value, path: rest }
    // A parent's values may hold what it imported from a subchart, whose file is the place then.
    if (at) return origin
    unplaced ??= origin
  }
  return unplaced
}

/** `path` and the paths of the same global in the charts above, outermost last. */
function globalPaths(owners: readonly Owner[], path: readonly string[]): readonly (readonly string[])[] {
  const own = owners.at(-1) as Owner
  if (own.rest[0] !== 'global') return [path]
  return owners.map((_, i) => [...path.slice(0, owners.length - 1 - i), ...own.rest])
}

/**
 * Who set the value at `path` of the root chart's values: what the user gave comes before any chart's defaults, a parent before its
 * subcharts. Undefined when nobody did.
 */
export function originOfValue({ chart, layers }: ValueSources, path: readonly string[]): ValueOrigin | undefined {
  const owners = ownersOf(chart, path)
  const paths = globalPaths(owners, path)
  for (const candidate of paths) {
    const found = originInLayers(layers, candidate)
    if (found) return found
  }
  return originInDefaults(paths.length === 1 ? owners : paths.toReversed().flatMap((candidate) => ownersOf(chart, candidate)))
}

/** Who set a value, and to what kind of value, where that was. */
export function originNote({ name, at, path, value }: ValueOrigin): Note {
  const text = `${at ? '' : `${name} `}sets ${JSON.stringify(path.join('.'))} to ${described(value)}`
  return { text, ...(at ? { at } : {}) }
}

/** A value's kind; the value itself may be secret. */
export function described(value: GoValue): string {
  if (value === null) return 'null'
  if (value === '') return 'an empty text'
  if (value instanceof Map) return 'a map'
  if (Array.isArray(value)) return 'a list'
  if (value instanceof GoInt || typeof value === 'number') return 'a number'
  return typeof value === 'boolean' ? 'true or false' : 'a text'
}
