import type { Host } from '../base/host.ts'
import { type CrdFile, crdFiles } from '../chart/crd-files.ts'
import { stringFromBytes } from '../go/bytes.ts'
import { metadataYaml } from '../publish/metadata-document.ts'
import { type ChartAccess, namedChart } from './named-chart.ts'

/** What of a chart is shown. */
export type ChartPart = 'all' | 'chart' | 'values' | 'readme' | 'crds'

const READMES = ['readme.md', 'readme.txt', 'readme']

function crdText({ text }: CrdFile): string {
  return `${text.startsWith('---') ? '' : '---\n'}${text}\n`
}

/**
 * What `helm show` prints of the chart that `reference` names.
 *
 * @throws DiagnosticError `supply/…`, `chart/…`
 * Source: Helm 4.3.1 pkg/action/show.go
 */
export async function showChart(host: Host, part: ChartPart, reference: string, access: ChartAccess): Promise<string> {
  const chart = await namedChart(host, reference, access)
  const isAll = part === 'all'
  const separator = isAll ? '---\n' : ''
  const values = chart.raw.filter(({ name }) => name === 'values.yaml')
  const readme = chart.files.find(({ name }) => READMES.includes(name.toLowerCase()))
  const parts: Readonly<Record<Exclude<ChartPart, 'all'>, string>> = {
    chart: `${metadataYaml(chart.metadata)}\n`,
    values: `${separator}${values.map(({ data }) => `${stringFromBytes(data)}\n`).join('')}`,
    readme: readme ? `${separator}${stringFromBytes(readme.data)}\n` : '',
    crds: crdFiles(chart).map(crdText).join(''),
  }
  return isAll ? Object.values(parts).join('') : parts[part]
}
