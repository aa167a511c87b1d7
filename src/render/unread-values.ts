import type { Diagnostic } from '../base/diagnostic.ts'
import { nearest } from '../base/nearest.ts'
import type { Chart, ChartDependency } from '../chart/chart.ts'
import { stringFromBytes } from '../go/bytes.ts'
import type { GoMap, GoValue } from '../go/values.ts'
import type { ListNode } from '../template/ast.ts'
import type { Layer } from '../values/layer.ts'
import { mergeLayers } from '../values/merge-layers.ts'
import { collectMentions, collectTextMentions, type Mentions } from './mentions.ts'
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

function mentionsIn({ chart, processed, executed, given }: ReadingFacts): Mentions {
  const mentions: Mentions = { paths: new Set(), names: new Set(), steps: new Set() }
  for (const { templates, files, values, metadata, schema } of withSubcharts(processed)) {
    for (const file of templates) for (const { root } of compiledBodies(file)) collectMentions(mentions, root, executed.has(root))
    for (const { data } of files) collectTextMentions(mentions, stringFromBytes(data))
    mentionTexts(mentions, values)
    for (const dependency of metadata.dependencies ?? []) mentionDependency(mentions, dependency)
    if (schema) mentionProperties(mentions, schema)
  }
  mentionTexts(mentions, given)
  for (const { metadata } of withSubcharts(chart)) for (const dependency of metadata.dependencies ?? []) mentionDependency(mentions, dependency)
  return mentions
}

/** Texts among values may be run with `tpl`. */
function mentionTexts(mentions: Mentions, value: GoValue): void {
  if (typeof value === 'string') collectTextMentions(mentions, value)
  else if (value instanceof Map) for (const item of value.values()) mentionTexts(mentions, item)
  else if (Array.isArray(value)) for (const item of value) mentionTexts(mentions, item)
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

/** Words of a schema that say more of a map's entries than `properties` does. */
const OPEN_SCHEMA = ['additionalProperties', 'patternProperties', '$ref', 'allOf', 'anyOf', 'oneOf'] as const

type SchemaNode = Readonly<Record<string, unknown>>

const isNode = (value: unknown): value is SchemaNode => typeof value === 'object' && value !== null

/** Whether a schema names the entries of what it describes one by one. */
function namesAll(schema: unknown): boolean {
  return isNode(schema) && isNode(schema['properties']) && !OPEN_SCHEMA.some((word) => isNode(schema[word]) || typeof schema[word] === 'string')
}

/** Names of a schema's properties, wherever they are: what only a schema looks at has a use, too. */
function mentionProperties({ names, steps }: Mentions, schema: Uint8Array): void {
  try {
    JSON.parse(stringFromBytes(schema), (key, value: unknown) => {
      if (key === 'properties' && isNode(value)) for (const [name, below] of Object.entries(value)) (namesAll(below) ? steps : names).add(name)
      return value
    })
  } catch (error) {
    // A schema that is no JSON has been reported, unless it was to be passed over.
    if (!(error instanceof SyntaxError)) throw error
  }
}

/** What the mentions say of a path: `whole` that it may be read with all below it, `below` that something below it may be. */
function mentioned(search: Search, path: readonly string[]): 'whole' | 'below' | undefined {
  search.mentions ??= mentionsIn(search.facts)
  const { paths, names, steps } = search.mentions
  const key = path.at(-1) as string
  // In the words of any chart that the path leads through.
  const wanted = ownersOf(search.facts.processed, path).map(({ rest }) => rest.join('.'))
  const isAny = (test: (known: string, own: string) => boolean): boolean => [...paths].some((known) => wanted.some((own) => test(known, own)))
  if (names.has(key) || isAny((known, own) => known === '' || known === own || own.startsWith(`${known}.`))) return 'whole'
  return steps.has(key) || isAny((known, own) => known.startsWith(`${own}.`)) ? 'below' : undefined
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
    } else if (value !== null) {
      searchUnread(search, value, here, { above: reads, below, given })
    }
  }
}

/** What surrounds a value that was not read this time. */
interface Surroundings {
  readonly above: readonly MapReads[]
  readonly below: readonly MapReads[]
  /** The map that it stands in. */
  readonly given: GoMap
}

function searchUnread(search: Search, value: GoValue, path: readonly string[], { above, below, given }: Surroundings): void {
  const mention = mentioned(search, path)
  if (mention === 'below') searchValue(search, value, path, below)
  else if (mention === undefined) search.found.push(unread(search, path, above, given))
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

/** Keys of the map at `path` that code mentions which did not run. */
function mentionedKeys({ facts, mentions }: Search, path: readonly string[]): readonly string[] {
  const starts = ownersOf(facts.processed, path).map(({ rest }) => rest.map((key) => `${key}.`).join(''))
  return [...(mentions?.paths ?? [])].flatMap((known) =>
    starts.filter((start) => known.startsWith(start)).map((start) => known.slice(start.length).split('.')[0] as string),
  )
}

function unread(search: Search, path: readonly string[], reads: readonly MapReads[], given: GoMap): Diagnostic {
  const { layers } = search.facts
  const key = path.at(-1) as string
  const known = [...reads.flatMap(({ keys, known }) => [...keys, ...known]), ...mentionedKeys(search, path.slice(0, -1))]
  // Nobody gives one key twice, once right and once misspelt.
  const near = nearest(
    key,
    known.filter((candidate) => !given.has(candidate)),
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
