import { failure } from '../base/diagnostic.ts'
import { sprint, sprintf } from '../go/printf.ts'
import { quote } from '../go/quote.ts'
import { type GoMap, type GoValue, sortedKeys } from '../go/values.ts'
import type { Chart } from './chart.ts'
import type { HelmCompat } from './helm-compat.ts'

/** Told once for each thing that was skipped, in Helm's words. */
export type ValuesWarning = (summary: string) => void

interface Coalescing {
  readonly warn: ValuesWarning
  /** True keeps nulls for a later pass (Helm's MergeValues); false lets them delete (CoalesceValues). */
  readonly keepNulls: boolean
  /** Helm 3 deletes by any null it meets, but leaves those of charts' defaults that nobody touches. */
  readonly helm3: boolean
}

const GLOBAL = 'global'

/** A copy of maps and lists; everything else cannot change. */
function copyValue(value: GoValue): GoValue {
  if (value instanceof Map) return copyMap(value)
  return Array.isArray(value) ? value.map(copyValue) : value
}

/** As `copyValue`, for a map. */
export function copyMap(map: GoMap): GoMap {
  const copy: GoMap = new Map()
  for (const [key, value] of map) copy.set(key, typeof value === 'object' ? copyValue(value) : value)
  return copy
}

function joined(prefix: string, key: string): string {
  return prefix === '' ? key : `${prefix}.${key}`
}

/** Removes null entries of maps, at every depth but not inside lists. */
function dropNulls(map: GoMap): void {
  for (const [key, value] of [...map]) {
    if (value === null) map.delete(key)
    else if (value instanceof Map) dropNulls(value)
  }
}

function mergeEntry(state: Coalescing, upper: GoMap, key: string, value: GoValue, wasSet: boolean, path: string): void {
  const own = upper.get(key)
  if (own === null && (wasSet || state.helm3) && !state.keepNulls) upper.delete(key)
  else if (own === undefined) upper.set(key, value)
  else if (value instanceof Map) {
    if (own instanceof Map) mergeTables(state, own, value, path)
    else state.warn(`warning: cannot overwrite table with non table for ${path} (${sprint([value])})`)
  } else if (own instanceof Map && value !== null) {
    state.warn(`warning: destination for ${path} is a table. Ignoring non-table value (${sprint([value])})`)
  }
}

/** Fills `upper` from `lower`, `upper` winning; both are changed. */
function mergeTables(state: Coalescing, upper: GoMap, lower: GoMap, prefix: string): void {
  const set = new Set([...lower].filter(([, value]) => value !== null).map(([key]) => key))
  if (!state.helm3) for (const [key, value] of upper) if (value === null) lower.set(key, null)
  for (const key of sortedKeys(lower)) mergeEntry(state, upper, key, lower.get(key) as GoValue, set.has(key), joined(prefix, key))
}

/**
 * `upper` filled from `lower`, nulls kept, as imported values meet the parent's. Both are changed.
 *
 * Source: Helm 4.3.1 pkg/chart/common/util/coalesce.go (MergeTables)
 */
export function mergeKeepingNulls(upper: GoMap, lower: GoMap, warn: ValuesWarning, compat?: HelmCompat): GoMap {
  mergeTables({ warn, keepNulls: true, helm3: compat === '3' }, upper, lower, '')
  return upper
}

/**
 * `upper` filled from `lower`, nulls of `upper` deleting. Inputs are not changed.
 *
 * Source: Helm 4.3.1 pkg/chart/common/util/coalesce.go (CoalesceTables)
 */
export function coalesceTables(upper: GoMap, lower: GoMap, warn: ValuesWarning): GoMap {
  const merged = copyMap(upper)
  mergeTables({ warn, keepNulls: false, helm3: false }, merged, copyMap(lower), '')
  return merged
}

function coalesceKey(state: Coalescing, chart: Chart, values: GoMap, key: string, fallback: GoValue, prefix: string): void {
  if (!values.has(key)) {
    const keepsNulls = state.keepNulls || state.helm3
    if (!keepsNulls && fallback === null) return
    if (!keepsNulls && fallback instanceof Map) dropNulls(fallback)
    values.set(key, fallback)
    return
  }
  const value = values.get(key) as GoValue
  if (value === null && !state.keepNulls) values.delete(key)
  else if (value instanceof Map) {
    if (!(fallback instanceof Map)) {
      if (fallback !== null) state.warn(`warning: skipped value for ${prefix}.${key}: Not a table.`)
      return
    }
    const keepNulls = state.keepNulls || chart.dependencies.some((dependency) => dependency.metadata.name === key)
    if (!keepNulls && !state.helm3) dropNulls(fallback)
    mergeTables({ ...state, keepNulls }, value, fallback, joined(prefix, key))
  }
}

function coalesceOwn(state: Coalescing, chart: Chart, values: GoMap, prefix: string): void {
  const fallbacks = copyMap(chart.values)
  const own = joined(prefix, chart.metadata.name)
  for (const key of sortedKeys(fallbacks)) coalesceKey(state, chart, values, key, fallbacks.get(key) as GoValue, own)
}

function coalesceGlobal(state: Coalescing, globals: GoMap, key: string, value: GoValue, prefix: string): void {
  const own = globals.get(key)
  if (!(value instanceof Map)) {
    if (own instanceof Map) state.warn(`key ${key} is table. Skipping`)
    else globals.set(key, value)
    return
  }
  const copy: GoMap = new Map(value)
  if (own === undefined) globals.set(key, copy)
  else if (!(own instanceof Map)) state.warn(`Conflict: cannot merge map onto non-map for ${quote(key)}. Skipping.`)
  else {
    // The parent's globals win here, and nulls stay until the subchart's own pass.
    mergeTables({ ...state, keepNulls: true }, copy, own, joined(prefix, key))
    globals.set(key, copy)
  }
}

function coalesceGlobals(state: Coalescing, values: GoMap, parent: GoMap, prefix: string): void {
  const own = values.has(GLOBAL) ? (values.get(GLOBAL) as GoValue) : new Map<string, GoValue>()
  if (!(own instanceof Map)) {
    state.warn(`warning: skipping globals because destination ${GLOBAL} is not a table.`)
    return
  }
  const given = parent.has(GLOBAL) ? (parent.get(GLOBAL) as GoValue) : new Map<string, GoValue>()
  if (!(given instanceof Map)) {
    state.warn(`warning: skipping globals because source ${GLOBAL} is not a table.`)
    return
  }
  for (const key of sortedKeys(given)) coalesceGlobal(state, own, key, given.get(key) as GoValue, prefix)
  values.set(GLOBAL, own)
}

function coalesceSubcharts(state: Coalescing, chart: Chart, values: GoMap, prefix: string): void {
  for (const dependency of chart.dependencies) {
    const name = dependency.metadata.name
    if (!values.has(name)) values.set(name, new Map())
    const own = values.get(name) as GoValue
    if (!(own instanceof Map)) throw failure('chart/subchart-values', `type mismatch on ${name}: ${sprintf('%t', [own])}`)
    const inner = joined(prefix, chart.metadata.name)
    coalesceGlobals(state, own, values, inner)
    coalesceAll(state, dependency, own, inner)
  }
}

function coalesceAll(state: Coalescing, chart: Chart, values: GoMap, prefix: string): GoMap {
  coalesceOwn(state, chart, values, prefix)
  coalesceSubcharts(state, chart, values, prefix)
  return values
}

/**
 * The values a chart and its subcharts see: `given` (what the user set) laid over the charts' defaults, globals handed down,
 * nulls deleting. `given` and the charts are not changed.
 *
 * @throws DiagnosticError `chart/subchart-values` when the value under a subchart's name is no map
 * Source: Helm 4.3.1 pkg/chart/common/util/coalesce.go (CoalesceValues)
 */
export function coalesceValues(chart: Chart, given: GoMap, warn: ValuesWarning, compat?: HelmCompat): GoMap {
  return coalesceAll({ warn, keepNulls: false, helm3: compat === '3' }, chart, copyMap(given), '')
}

/**
 * As `coalesceValues` over no user values, but with nulls kept for a later pass.
 *
 * @throws DiagnosticError `chart/subchart-values`
 * Source: Helm 4.3.1 pkg/chart/common/util/coalesce.go (MergeValues)
 */
export function mergeChartValues(chart: Chart, warn: ValuesWarning, compat?: HelmCompat): GoMap {
  return coalesceAll({ warn, keepNulls: true, helm3: compat === '3' }, chart, new Map(), '')
}
