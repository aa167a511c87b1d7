import type { Chart } from '../chart/chart.ts'
import { coalesceTables, coalesceValues } from '../chart/coalesce-values.ts'
import { fromPlain } from '../go/plain.ts'
import type { GoMap } from '../go/values.ts'
import type { Revision, StoredChart } from '../release/record.ts'

const ignore = (): void => {}

function storedAsChart(stored: StoredChart): Chart {
  const { metadata, lock } = stored
  const values = fromPlain(stored.values) as GoMap
  return { metadata, lock, values, valuesSource: null, schema: null, templates: [], files: [], raw: [], dependencies: [], origin: metadata.name }
}

/**
 * Chart and user values of an upgrade that reuses what `current` was given: the new values fill over the old ones, and the
 * old chart's defaults stay.
 *
 * Source: Helm 4.3.1 pkg/action/upgrade.go (reuseValues)
 */
export function reuseValues(chart: Chart, given: GoMap, current: Revision): { readonly chart: Chart; readonly config: GoMap } {
  const config = fromPlain(current.config) as GoMap
  const defaults = current.chart ? coalesceValues(storedAsChart(current.chart), config, ignore) : chart.values
  return { chart: { ...chart, values: defaults }, config: coalesceTables(given, config, ignore) }
}
