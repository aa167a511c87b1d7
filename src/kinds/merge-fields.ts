import { MERGE_ROOTS, MERGE_TYPES } from './merge-types.generated.ts'

/** How a strategic merge treats one field. */
export interface MergeField {
  /** Facts on the fields of the value, or of each element where it is a list. */
  readonly fields: MergeFields
  readonly strategy: 'merge' | 'replace' | undefined
  /** The patch names every key that shall stay. */
  readonly retainKeys: boolean
  /** What tells elements of a merged list apart; undefined for lists of scalars. */
  readonly key: string | undefined
}

/** By field name; fields that are absent have no facts. */
export type MergeFields = ReadonlyMap<string, MergeField>

const NO_FIELDS: MergeFields = new Map()
const tables = new Map<string, MergeFields>()
let roots: ReadonlyMap<string, string> | undefined

/** The merge facts of a kind; undefined for kinds that know no strategic merge (custom ones and APIService). */
export function mergeFields(apiVersion: string, kind: string): MergeFields | undefined {
  roots ??= new Map(Object.entries(MERGE_ROOTS).flatMap(([table, kinds]) => kinds.split(' ').map((name) => [name, table] as const)))
  const table = roots.get(`${apiVersion}/${kind}`)
  return table === undefined ? undefined : tableOf(table)
}

function tableOf(name: string): MergeFields {
  const known = tables.get(name)
  if (known !== undefined) return known
  const text = Object.hasOwn(MERGE_TYPES, name) ? MERGE_TYPES[name] : undefined
  const made = text === undefined ? NO_FIELDS : new Map(text.split(', ').map(fieldEntry))
  tables.set(name, made)
  return made
}

function fieldEntry(entry: string): readonly [string, MergeField] {
  const [name = '', element = '-', strategies = '', key] = entry.split(' ')
  const words = strategies.split(',')
  const strategy = words.includes('merge') ? 'merge' : words.includes('replace') ? 'replace' : undefined
  return [name, { fields: tableOf(element), strategy, retainKeys: words.includes('retainKeys'), key }]
}
