import type { Chart, ChartFile } from '../chart/chart.ts'
import type { HelmCompat } from '../chart/helm-compat.ts'
import { type GoMap, type GoValue, goInt } from '../go/values.ts'
import { type Capabilities, capabilitiesObject } from './capabilities.ts'
import { chartObject } from './chart-object.ts'
import { filesObject } from './files-object.ts'
import { asValues, sharedValues } from './values-object.ts'

/** The release as charts see it. */
export interface ReleaseInfo {
  readonly name: string
  readonly namespace: string
  readonly isUpgrade: boolean
  /** The opposite of `isUpgrade` where it is absent; a lint is neither. */
  readonly isInstall?: boolean
  /** From 1; 0 in a lint. */
  readonly revision: number
}

/** One template with the data it runs over. */
export interface Renderable {
  /** `chart/templates/x.yaml`, `chart/charts/sub/templates/x.yaml`. */
  readonly path: string
  readonly file: ChartFile
  /** `.`, without `.Template`: the same map for all templates of a chart. */
  readonly data: GoMap
  /** The folder of the chart's templates. */
  readonly basePath: string
}

function releaseObject(release: ReleaseInfo): GoMap {
  return new Map<string, GoValue>([
    ['Name', release.name],
    ['Namespace', release.namespace],
    ['IsUpgrade', release.isUpgrade],
    ['IsInstall', release.isInstall ?? !release.isUpgrade],
    ['Revision', goInt(release.revision)],
    ['Service', 'Helm'],
  ])
}

/** A library chart gives partials only. */
function isRenderable(chart: Chart, name: string): boolean {
  return chart.metadata.type?.toLowerCase() !== 'library' || name.slice(name.lastIndexOf('/') + 1).startsWith('_')
}

interface Common {
  readonly release: GoMap
  readonly capabilities: GoValue
  readonly compat: HelmCompat | undefined
  readonly found: Map<string, Renderable>
}

function subchartValues(values: GoMap, name: string): GoMap {
  const own = name.split('.').reduce<GoValue | undefined>((table, part) => (table instanceof Map ? table.get(part) : undefined), values)
  return own instanceof Map ? sharedValues(own) : asValues(new Map())
}

/** Collects the templates of `chart` and its subcharts; returns the map that is `.` in this chart's templates. */
function collect(chart: Chart, values: GoMap, fullPath: string, isRoot: boolean, common: Common): GoMap {
  const subcharts: GoMap = new Map()
  const data: GoMap = new Map<string, GoValue>([
    ['Chart', chartObject(chart.metadata, isRoot)],
    ['Files', filesObject(chart.files, common.compat)],
    ['Release', common.release],
    ['Capabilities', common.capabilities],
    ['Values', values],
    ['Subcharts', subcharts],
  ])
  for (const subchart of chart.dependencies) {
    const { name } = subchart.metadata
    subcharts.set(name, collect(subchart, subchartValues(values, name), `${fullPath}/charts/${name}`, false, common))
  }
  const root = isRoot ? asValues(data) : sharedValues(data)
  for (const file of chart.templates) {
    if (!isRenderable(chart, file.name)) continue
    const path = `${fullPath}/${file.name}`
    common.found.set(path, { path, file, data: root, basePath: `${fullPath}/templates` })
  }
  return data
}

/**
 * The templates of a chart and its subcharts by path, each with its data. `values` are the coalesced ones; templates may change
 * them, and subcharts share the parent's.
 *
 * Source: Helm 4.3.1 pkg/engine/engine.go (allTemplates), pkg/chart/common/util/values.go (ToRenderValues)
 */
export function templatesOf(chart: Chart, values: GoMap, release: ReleaseInfo, capabilities: Capabilities): ReadonlyMap<string, Renderable> {
  const common: Common = {
    release: releaseObject(release),
    capabilities: capabilitiesObject(capabilities),
    compat: capabilities.helmCompat,
    found: new Map(),
  }
  collect(chart, asValues(values), chart.metadata.name, true, common)
  return common.found
}
