import { isObject, type JsonObject } from '../../base/json.ts'
import type { MergeField, MergeFields } from '../../kinds/merge-fields.ts'
import type { FieldStep } from './field-path.ts'
import { type PairedItems, pairItems } from './pair-items.ts'

/** How one value differs from another, with what is equal around it. */
export type DiffNode =
  | { readonly type: 'same'; readonly value: unknown }
  /** `undefined` stands for nothing. */
  | { readonly type: 'replaced'; readonly before: unknown; readonly after: unknown }
  /** Two texts of several lines. */
  | { readonly type: 'text'; readonly before: string; readonly after: string }
  | { readonly type: 'map'; readonly children: readonly DiffChild[] }
  | { readonly type: 'list'; readonly children: readonly DiffChild[]; readonly reordered?: NonNullable<PairedItems['reordered']> }

export interface DiffChild {
  readonly step: FieldStep
  /** In a list: the field that tells the element apart. */
  readonly key?: string
  readonly node: DiffNode
}

const NO_FIELDS: MergeFields = new Map()
/** Maps of which each entry is told by itself, also where there was none before or will be none. */
const ENTRY_MAPS: ReadonlySet<string> = new Set(['labels', 'annotations'])

/**
 * Two JSON values compared field by field; elements of lists are matched by what tells them apart, as `fields` of
 * `kinds/merge-fields.ts` and usual names say. O(size), but for lists without names, where it is quadratic in their differences.
 */
export function compareTrees(before: unknown, after: unknown, fields: MergeFields | undefined): DiffNode {
  return compare(before, after, { fields: fields ?? NO_FIELDS, strategy: undefined, retainKeys: false, key: undefined })
}

/** True where nothing differs. */
export function isSame(node: DiffNode): node is Extract<DiffNode, { type: 'same' }> {
  return node.type === 'same'
}

function compare(before: unknown, after: unknown, field: MergeField | undefined): DiffNode {
  if (before === after) return { type: 'same', value: after }
  if (isObject(before) && isObject(after)) return compareMaps(before, after, field?.fields ?? NO_FIELDS)
  if (Array.isArray(before) && Array.isArray(after)) return compareLists(before, after, field)
  if (isLongText(before) && isLongText(after)) return { type: 'text', before, after }
  return { type: 'replaced', before, after }
}

function compareMaps(before: JsonObject, after: JsonObject, fields: MergeFields): DiffNode {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  const children = keys.flatMap((key): readonly DiffChild[] => {
    const [old, next] = [own(before, key), own(after, key)]
    if (old === undefined && next === undefined) return []
    const [from, to] = ENTRY_MAPS.has(key) && (isObject(old) || isObject(next)) ? [old ?? {}, next ?? {}] : [old, next]
    return [{ step: key, node: compare(from, to, fields.get(key)) }]
  })
  return children.every(({ node }) => isSame(node)) ? { type: 'same', value: after } : { type: 'map', children }
}

function compareLists(before: readonly unknown[], after: readonly unknown[], field: MergeField | undefined): DiffNode {
  const { pairs, reordered } = pairItems(before, after, field)
  const element = field && { ...field, key: undefined }
  const children = pairs.map(
    ({ item, key, before: old, after: next }): DiffChild => ({
      step: { item },
      ...(key !== undefined && { key }),
      node: compare(old, next, element),
    }),
  )
  if (!reordered && children.every(({ node }) => isSame(node))) return { type: 'same', value: after }
  return { type: 'list', children, ...(reordered && { reordered }) }
}

function own(map: JsonObject, key: string): unknown {
  return Object.hasOwn(map, key) ? map[key] : undefined
}

function isLongText(value: unknown): value is string {
  return typeof value === 'string' && /\n./s.test(value)
}
