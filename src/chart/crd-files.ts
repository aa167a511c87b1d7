import { stringFromBytes } from '../go/bytes.ts'
import type { Chart } from './chart.ts'

/** A file under `crds/` of a chart or one of its subcharts. */
export interface CrdFile {
  /** In its own chart: `crds/x.yaml`. */
  readonly name: string
  /** In the release: `chart/charts/sub/crds/x.yaml`. */
  readonly path: string
  readonly text: string
}

/** Files under `crds/` of a chart and its subcharts, parents first. */
export function crdFiles(chart: Chart, fullPath: string = chart.metadata.name): readonly CrdFile[] {
  const own = chart.files
    .filter(({ name }) => name.startsWith('crds/') && /\.(?:yaml|yml|json)$/i.test(name))
    .map(({ name, data }) => ({ name, path: `${fullPath}/${name}`, text: stringFromBytes(data) }))
  return [...own, ...chart.dependencies.flatMap((subchart) => crdFiles(subchart, `${fullPath}/charts/${subchart.metadata.name}`))]
}
