import { quote } from '../go/quote.ts'
import type { GoMap, GoValue } from '../go/values.ts'

/** A looked-up table, or the key that was none, in Helm's words. */
export type TableResult = { readonly table: GoMap } | { readonly error: string }

/**
 * The map at the dotted `path` below `values`.
 *
 * Source: Helm 4.3.1 pkg/chart/common/values.go (Table)
 */
export function tableAt(values: GoMap, path: string): TableResult {
  let table = values
  for (const name of path.split('.')) {
    const next = table.get(name)
    if (!(next instanceof Map)) return { error: `${quote(name)} is not a table` }
    table = next
  }
  return { table }
}

/**
 * The value at the dotted `path` when it is there and no map, else undefined.
 *
 * Source: Helm 4.3.1 pkg/chart/common/values.go (PathValue)
 */
export function valueAt(values: GoMap, path: string): GoValue | undefined {
  const dot = path.lastIndexOf('.')
  const found = dot < 0 ? { table: values } : tableAt(values, path.slice(0, dot))
  if ('error' in found) return undefined
  const value = found.table.get(path.slice(dot + 1))
  return value instanceof Map ? undefined : value
}
