import type { Diagnostic } from '../base/diagnostic.ts'
import { nearest } from '../base/nearest.ts'
import type { Chart, ChartDependency } from '../chart/chart.ts'
import { stringFromBytes } from '../go/bytes.ts'
import type { GoMap, GoValue } from '../go/values.ts'
import type { ListNode } from '../template/ast.ts'
import type { Layer } from '../values/layer.ts'
import { mergeLayers } from '../values/merge-layers.ts'
import { collectMentions, type Mentions } from './mentions.ts'
import type { MapReads } from './recorded-values.ts'
import { compiledBodies } from './render-templates.ts'
import { ownersOf } from './value-origin.ts'

/** What a render leaves behind for the search. */
export interface ReadingFacts {
  /** The chart as loaded, all dependencies there. */
  readonly chart: Chart
  /** The chart that was rendered. */
  readonly processed: Chart
  /** What the user gave. */
  readonly given: GoMap
  readonly layers: readonly Layer[]
  readonly reads: MapReads
  /** Bodies of templates that were run. */
  readonly executed: ReadonlySet<ListNode>
}

interface Search {
  readonly facts: ReadingFacts
  readonly found: Diagnostic[]
  /** What code says that may not have run; worked out when the first value seems unread. */
  mentions: Mentions | undefined
}

function* withSubcharts(chart: Chart): Generator<Chart> {
  yield chart
  for (const subchart of chart.dependencies) yield* withSubcharts(subchart)
}

function mentionsIn({ chart, processed, executed }: ReadingFacts): Mentions {
  const mentions: Mentions = { paths: new Set(), names: new Set() }
  for (const { templates, metadata, schema } of withSubcharts(processed)) {
    for (const file of templates) for (const { root } of compiledBodies(file)) collectMentions(mentions, root, executed.has(root))
    for (const dependency of metadata.dependencies ?? []) mentionDependency(mentions, dependency)
    if (schema) mentionProperties(mentions, schema)
  }
  for (const { metadata } of withSubcharts(chart)) for (const dependency of metadata.dependencies ?? []) mentionDependency(mentions, dependency)
  return mentions
}

/** What decides over a dependency, and what its parent imports from it. */
function mentionDependency({ paths }: Mentions, dependency: ChartDependency): void {
  const name = dependency.alias || dependency.name
  paths.add('tags')
  for (const condition of (dependency.condition ?? '').split(',')) if (condition.trim() !== '') paths.add(condition.trim())
  for (const entry of dependency['import-values'] ?? []) {
    const child = entry instanceof Map ? entry.get('child') : entry
    paths.add(`${name}.exports.${String(child)}`)
    paths.add(`${name}.${String(child)}`)
  }
}

/** Names of a schema's properties, wherever they are: what only a schema looks at has a use, too. */
function mentionProperties({ names }: Mentions, schema: Uint8Array): void {
  try {
    JSON.parse(stringFromBytes(schema), (key, value: unknown) => {
      if (key === 'properties' && typeof value === 'object' && value !== null) for (const name of Object.keys(value)) names.add(name)
      return value
    })
  } catch (error) {
    // A schema that is no JSON has been reported, unless it was to be passed over.
    if (!(error instanceof SyntaxError)) throw error
  }
}

/** Whether `path` is one of the mentioned paths, above or below one, in the words of any chart it leads through. */
function isMentioned(search: Search, path: readonly string[]): boolean {
  search.mentions ??= mentionsIn(search.facts)
  const { paths, names } = search.mentions
  if (names.has(path.at(-1) as string)) return true
  return ownersOf(search.facts.processed, path).some(({ rest }) => {
    const wanted = rest.join('.')
    return [...paths].some((known) => known === '' || known === wanted || wanted.startsWith(`${known}.`) || known.startsWith(`${wanted}.`))
  })
}

/** Charts that were switched off: nobody can say what they would have read. */
function isSwitchedOff({ chart, processed }: ReadingFacts, path: readonly string[]): boolean {
  const declared = ownersOf(processed, path.slice(0, -1)).at(-1)
  if (!declared || declared.rest.length > 0) return false
  const known = [...ownersOf(chart, path.slice(0, -1))].at(-1)?.chart ?? chart
  const key = path.at(-1)
  const isDependency = (known.metadata.dependencies ?? []).some(({ name, alias }) => (alias || name) === key)
  return isDependency || known.dependencies.some(({ metadata }) => metadata.name === key)
}

/** Where the entries of a map at `path` may be read: there, and for globals in every subchart. */
function placesBelow(chart: Chart, path: readonly string[], key: string, reads: readonly MapReads[]): readonly MapReads[] {
  const below = reads.flatMap((place) => place.below.get(key) ?? [])
  const owner = ownersOf(chart, path).at(-1)
  return key === 'global' && owner?.rest.length === 0 ? [...below, ...reads.flatMap((place) => globalsBelow(owner.chart, place))] : below
}

function globalsBelow(chart: Chart, reads: MapReads): readonly MapReads[] {
  return chart.dependencies.flatMap((subchart) => {
    const own = reads.below.get(subchart.metadata.name)
    return own ? [...(own.below.get('global') ? [own.below.get('global') as MapReads] : []), ...globalsBelow(subchart, own)] : []
  })
}

function searchMap(search: Search, given: GoMap, path: readonly string[], reads: readonly MapReads[]): void {
  if (reads.length === 0 || reads.some(({ isWhole }) => isWhole)) return
  const { processed } = search.facts
  for (const [key, value] of given) {
    const here = [...path, key]
    const below = placesBelow(processed, path, key, reads)
    const isSubchart = ownersOf(processed, here).at(-1)?.rest.length === 0
    if (!isSubchart && isSwitchedOff(search.facts, here)) continue
    if (isSubchart || reads.some(({ keys }) => keys.has(key)) || (key === 'global' && below.some(({ keys, isWhole }) => isWhole || keys.size > 0))) {
      searchValue(search, value, here, below)
    } else if (value !== null && !isMentioned(search, here)) {
      search.found.push(unread(search.facts, here, reads))
    }
  }
}

function searchValue(search: Search, value: GoValue, path: readonly string[], reads: readonly MapReads[]): void {
  if (value instanceof Map) searchMap(search, value as GoMap, path, reads)
  if (!Array.isArray(value)) return
  value.forEach((item, i) => {
    searchValue(
      search,
      item,
      [...path, String(i)],
      reads.flatMap((place) => place.below.get(String(i)) ?? []),
    )
  })
}

function unread({ layers }: ReadingFacts, path: readonly string[], reads: readonly MapReads[]): Diagnostic {
  const key = path.at(-1) as string
  const near = nearest(
    key,
    reads.flatMap(({ keys, known }) => [...keys, ...known]).filter((candidate) => candidate !== key),
  )
  const origin = mergeLayers(layers).origin(path)
  const name = path.join('.')
  return {
    code: 'render/unread-value',
    severity: 'warning',
    summary: `no template reads the value ${JSON.stringify(name)}`,
    ...(origin?.at ? { at: origin.at } : origin ? { subject: origin.layer.name } : {}),
    hint:
      near === undefined
        ? 'remove it, or check where the chart wants it'
        : `write ${[...path.slice(0, -1), near].join('.')} if that is what you mean`,
  }
}

/**
 * A warning for each value a user gave that neither a template nor a schema, a condition or an import looks at, with its place and
 * the nearest key there is. Code that did not run this time counts as if it had read what it mentions.
 */
export function unreadValues(facts: ReadingFacts): readonly Diagnostic[] {
  const search: Search = { facts, found: [], mentions: undefined }
  searchMap(search, facts.given, [], [facts.reads])
  return search.found
}
