import type { Chart } from '../chart/chart.ts'
import { coalesceTables, coalesceValues } from '../chart/coalesce-values.ts'
import { fromPlain } from '../go/plain.ts'
import type { GoMap } from '../go/values.ts'
import type { Revision, StoredChart } from '../release/record.ts'
import type { ReleaseOptions } from '../state/state.ts'

const ignore = (): void => {}

function storedAsChart(stored: StoredChart): Chart {
  const { metadata, lock } = stored
  const values = fromPlain(stored.values) as GoMap
  return { metadata, lock, values, valuesSource: null, schema: null, templates: [], files: [], raw: [], dependencies: [], origin: metadata.name }
}

/** The values of a chart in a record under those that were `given`: what its templates saw. */
export function valuesOfRevision(stored: StoredChart, given: GoMap): GoMap {
  return coalesceValues(storedAsChart(stored), given, ignore)
}

/**
 * Chart and user values of an upgrade of a release that is now `current`: by its options with what that was given under what is
 * `given`, or with the values of its chart as well; without such options what is given counts alone.
 *
 * Source: Helm 4.3.1 pkg/action/upgrade.go (reuseValues), and Helmfile, which resets values unless they are to be reused
 */
export function upgradeValues(
  chart: Chart,
  given: GoMap,
  { resetValues, reuseValues: reuse, resetThenReuseValues }: ReleaseOptions,
  current: Revision | undefined,
): { readonly chart: Chart; readonly config: GoMap } {
  if (!current || resetValues) return { chart, config: given }
  if (reuse) return reuseValues(chart, given, current)
  return { chart, config: resetThenReuseValues ? coalesceTables(given, fromPlain(current.config) as GoMap, ignore) : given }
}

/**
 * Chart and user values of an upgrade that reuses what `current` was given: the new values fill over the old ones, and the
 * old chart's defaults stay.
 *
 * Source: Helm 4.3.1 pkg/action/upgrade.go (reuseValues)
 */
function reuseValues(chart: Chart, given: GoMap, current: Revision): { readonly chart: Chart; readonly config: GoMap } {
  const config = fromPlain(current.config) as GoMap
  const defaults = current.chart ? valuesOfRevision(current.chart, config) : chart.values
  return { chart: { ...chart, values: defaults }, config: coalesceTables(given, config, ignore) }
}
