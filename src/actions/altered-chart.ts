import { basename } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { Chart } from '../chart/chart.ts'
import { isCompatible } from '../chart/compatible-version.ts'
import { trimSpace } from '../go/letter-case.ts'
import type { Patches } from '../patch/patches.ts'
import { patchDocuments, type RenderedDocument } from '../patch/rework.ts'
import { namespaceSetter, type SetNamespace } from '../patch/set-namespace.ts'
import type { PostRenderer } from '../render/post-render.ts'
import type { RenderedFiles, Rework } from '../render/render-chart.ts'
import { splitManifests } from '../render/split-manifests.ts'
import type { AdhocChart } from '../state/release-alterations.ts'
import type { Release } from '../state/state.ts'
import { type ChartShape, chartShape, plainManifestChart } from './plain-manifests.ts'
import { programRenderer } from './post-render-program.ts'
import type { ChartOf } from './release-charts.ts'

/** A release's chart, and what is to be done to what it renders. */
export interface AlteredChart {
  readonly chart: Chart
  readonly rework?: Rework
  readonly postRenderer?: PostRenderer
}

/**
 * The release's chart as the release wants it: manifests and kustomizations made into one, ad-hoc dependencies added, and its
 * namespace, patches and post-renderer as functions on what is rendered. The one place where templating and applying have this from.
 *
 * @throws (later) DiagnosticError of reading charts and patches, `supply/dependency-version`
 * Source: chartify 0.28.2 chartify.go; Helmfile 1.8 pkg/state/helmx.go
 */
export async function alteredChart(host: Host, release: Release, chartOf: ChartOf): Promise<AlteredChart> {
  const shape = chartShape(host, release)
  const chart = shape === 'chart' ? await withAdhocCharts(release, chartOf) : await plainManifestChart(host, release, shape)
  const program = release.alterations.postRenderer()
  const rework = await reworkOf(release, shape, chart.metadata.name)
  return { chart, ...(rework && { rework }), ...(program && { postRenderer: programRenderer(host, { ...program, at: release.at }) }) }
}

async function withAdhocCharts(release: Release, chartOf: ChartOf): Promise<Chart> {
  const chart = await chartOf(release)
  const { dependencies } = release.alterations
  if (dependencies.length === 0) return chart
  const added = await Promise.all(dependencies.map(async (adhoc) => ({ adhoc, chart: await adhocChart(release, adhoc, chartOf) })))
  const declared = added.map(({ adhoc, chart: { metadata } }) => ({
    name: metadata.name,
    version: metadata.version,
    repository: '',
    condition: `${adhoc.alias || basename(adhoc.chart)}.enabled`,
    ...(adhoc.alias && { alias: adhoc.alias }),
  }))
  const own = new Set(chart.dependencies.map(({ metadata }) => metadata.name))
  const fresh = new Map(added.filter(({ chart: { metadata } }) => !own.has(metadata.name)).map(({ chart: one }) => [one.metadata.name, one]))
  return {
    ...chart,
    metadata: { ...chart.metadata, dependencies: [...(chart.metadata.dependencies ?? []), ...declared] },
    dependencies: [...chart.dependencies, ...fresh.values()],
  }
}

async function adhocChart(release: Release, { chart: reference, chartPath, version }: AdhocChart, chartOf: ChartOf): Promise<Chart> {
  const wanted: Release = { ...release, chart: reference, chartPath, version: version || undefined }
  const chart = await chartOf(wanted)
  const found = chart.metadata.version
  if (version && !isCompatible(version, found)) {
    throw failure('supply/dependency-version', `dependency ${reference} has version ${found}, which does not match ${version}`, {
      ...(release.at ? { at: release.at } : {}),
    })
  }
  return chart
}

async function reworkOf(release: Release, shape: ChartShape, chartName: string): Promise<Rework | undefined> {
  const { alterations } = release
  const patches = await alterations.patches()
  const namespace = alterations.forceNamespace || (shape === 'manifests' ? release.namespace : '')
  if (!patches && !namespace && shape === 'chart') return undefined
  const setNamespace = namespace ? await namespaceSetter() : undefined
  return (files) => {
    const named = withSources(files, setNamespace, namespace)
    return patches ? patched(named, patches, chartName) : named
  }
}

/** Every document under the comment that tells its template, as Helm writes rendered files. */
function withSources({ templates, crds }: RenderedFiles, setNamespace: SetNamespace | undefined, namespace: string): RenderedFiles {
  const named = (path: string, text: string): string => (setNamespace ? setNamespace(text, namespace, path) : text)
  const manifests = [...templates].flatMap(([path, text]): (readonly [string, string])[] => {
    if (basename(path).startsWith('_') || trimSpace(text) === '') return []
    const documents = splitManifests(text).map((document) => named(path, `# Source: ${path}\n${document.trimEnd()}\n`))
    return [[path, documents.filter((document) => document !== '').join('---\n')]]
  })
  return { templates: new Map(manifests), crds: crds.map(({ path, text }) => ({ path, text: named(path, text) })) }
}

function patched({ templates, crds }: RenderedFiles, patches: Patches, chartName: string): RenderedFiles {
  const documents = [...templates].flatMap(([path, text]) => splitManifests(text).map((document): RenderedDocument => ({ path, text: document })))
  const definitions = crds.flatMap(({ path, text }) => splitManifests(text).map((document): RenderedDocument => ({ path, text: document })))
  const streams = patchDocuments({ manifests: documents, crds: definitions }, patches)
  return {
    templates: new Map(streams.manifests ? [[`${chartName}/templates/patched_resources.yaml`, streams.manifests]] : []),
    crds: streams.crds ? [{ path: `${chartName}/crds/patched_crds.yaml`, text: streams.crds }] : [],
  }
}
