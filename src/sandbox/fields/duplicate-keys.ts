import { isObject } from '../../base/json.ts'
import { memberSchema, type Schema } from '../schema/schema.ts'
import { displayPath } from './field-set.ts'
import { indexItems } from './path-element.ts'

/** What an applied object says twice: a problem for each key that several items of a list share. */
export function duplicateKeys(value: unknown, schema: Schema, path: string): readonly string[] {
  if (Array.isArray(value) && schema.type === 'list' && schema.relation !== 'atomic') {
    return [...indexItems(schema, value)].flatMap(([element, items]) => {
      const shown = displayPath([element])
      return items.length > 1 ? [`${path}: duplicate entries for key ${shown}`] : duplicateKeys(items[0], schema.element(), `${path}${shown}`)
    })
  }
  if (!isObject(value) || schema.type !== 'map' || schema.atomic) return []
  return Object.entries(value).flatMap(([key, item]) => duplicateKeys(item, memberSchema(schema, key), `${path}.${key}`))
}
