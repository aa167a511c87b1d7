import { basename, join } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { Chart } from '../chart/chart.ts'
import { loadChart } from '../chart/load-chart.ts'
import type { Release } from '../state/state.ts'
import { kustomizedManifests } from './kustomized-manifests.ts'

/** What lies where a release's chart is said to be. */
export type ChartShape = 'chart' | 'manifests' | 'kustomization'

/** The shape of the release's chart; everything that is no local folder is a chart. */
export function chartShape(host: Host, { chartPath }: Pick<Release, 'chartPath'>): ChartShape {
  if (chartPath === undefined || host.fs.stat(chartPath)?.kind !== 'directory' || host.fs.stat(join(chartPath, 'Chart.yaml'))) return 'chart'
  return host.fs.stat(join(chartPath, 'kustomization.yaml')) ? 'kustomization' : 'manifests'
}

/**
 * A chart whose templates are the manifests of a folder as they lie there, or what `kustomize` builds of it; nothing in them is
 * evaluated, but files named `*.gotmpl` are state file templates.
 *
 * @throws DiagnosticError `state/no-manifests`, those of `kustomizedManifests`, and what templates throw
 * Source: chartify 0.28.2 chartify.go
 */
export async function plainManifestChart(host: Host, release: Release, shape: Exclude<ChartShape, 'chart'>): Promise<Chart> {
  const folder = release.chartPath as string
  const manifests = shape === 'kustomization' ? new Map([['kustomized.yaml', await kustomizedManifests(host, release)]]) : manifestsIn(host, release)
  if (manifests.size === 0) {
    throw failure('state/no-manifests', `folder "${release.chart}" holds no chart, no kustomization and no manifests`, {
      ...(release.at ? { at: release.at } : {}),
      hint: 'name a folder with Chart.yaml, kustomization.yaml or YAML files',
    })
  }
  const head = `name: ${JSON.stringify(basename(folder))}\nversion: ${JSON.stringify(release.version ?? '1.0.0')}\napiVersion: v2\n`
  const files = [...manifests].flatMap(([name, text]) => [
    [`files/templates/${name}`, text] as const,
    [`templates/${name}`, `{{ .Files.Get ${JSON.stringify(`files/templates/${name}`)} }}`] as const,
  ])
  return loadChart(host, { files: Object.fromEntries([['Chart.yaml', head] as const, ...files]) })
}

const MANIFEST = /\.?(?:yaml|yml)$/
const TEMPLATE = '.gotmpl'
const MAX_FILES = 10_000

function manifestsIn(host: Host, { chartPath = '', alterations }: Release): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const names = filesUnder(host, chartPath, '')
  for (const name of names) if (MANIFEST.test(name)) found.set(name, host.fs.readText(join(chartPath, name)))
  for (const name of names) {
    const target = name.endsWith(TEMPLATE) ? name.slice(0, -TEMPLATE.length) : ''
    if (MANIFEST.test(target)) found.set(target, alterations.renderTemplate(join(chartPath, name)))
  }
  return found
}

function filesUnder(host: Host, root: string, folder: string): readonly string[] {
  const names = host.fs.readDir(join(root, folder)) ?? []
  if (names.length > MAX_FILES) throw failure('state/too-many-manifests', `folder ${join(root, folder)} has more than ${MAX_FILES} entries`)
  return names.flatMap((name) => {
    const path = folder === '' ? name : `${folder}/${name}`
    const kind = host.fs.stat(join(root, path))?.kind
    if (kind === 'file') return [path]
    return kind === 'directory' && !host.fs.isLink(join(root, path)) ? filesUnder(host, root, path) : []
  })
}
