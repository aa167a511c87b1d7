import type { Diagnostic } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { turns } from '../base/turns.ts'
import type { HelmCompat } from '../chart/helm-compat.ts'
import { processDependencies } from '../chart/process-dependencies.ts'
import { type Plain, toPlain } from '../go/plain.ts'
import type { Desire } from '../plan/plan.ts'
import { type Capabilities, kubeVersionFor, serverKubeVersion } from '../render/capabilities.ts'
import { helmFacts } from '../render/helm-facts.ts'
import { type RenderOptions, renderChartWithLookup } from '../render/render-chart.ts'
import type { Rendered } from '../render/rendered.ts'
import type { Release } from '../state/state.ts'
import { mergeLayers } from '../values/merge-layers.ts'
import { alteredChart } from './altered-chart.ts'
import { clusterOracle } from './cluster-lookup.ts'
import { namesRandomFunctions } from './random-functions.ts'
import type { ChartOf } from './release-charts.ts'
import { upgradeValues } from './reuse-values.ts'
import { withoutSecretValues } from './stored-config.ts'
import { watchUnread } from './unread-values.ts'
import { whileDoing } from './while-doing.ts'

const DAY_MS = 86_400_000

function capabilitiesOf(
  release: Release,
  helmCompat: HelmCompat | undefined,
  live: { readonly apiVersions: readonly string[]; readonly kubeVersion: Capabilities['kubeVersion'] },
): Capabilities {
  const { kubeVersion, apiVersions = [] } = release.options
  return {
    kubeVersion: kubeVersion ? kubeVersionFor(kubeVersion, helmCompat) : live.kubeVersion,
    apiVersions: [...live.apiVersions, ...apiVersions],
    helmVersion: helmFacts(helmCompat).released,
    ...(helmCompat && { helmCompat }),
  }
}

function onAnotherDay(host: Host): Host {
  return { ...host, now: () => host.now() + DAY_MS }
}

export interface DesireOptions {
  readonly warn?: (diagnostic: Diagnostic) => void
  /** What becomes of values that nothing reads: a warning each, or an error. Absent: nobody looks. */
  readonly unreadValues?: 'warn' | 'refuse'
  /** The Helm whose behaviour charts get; absent: the newest. */
  readonly helmCompat?: HelmCompat
  /** Keeps secret values out of the values that records store; gives every secret value that is known by then. */
  readonly omitSecrets?: () => readonly string[]
}

/**
 * Reads a release's chart and values and renders it as the cluster at hand would see it: live capabilities, live `lookup`.
 *
 * @throws (later) DiagnosticError of reading, decrypting and rendering, with a note that names the release
 */
export function desireReleases(host: Host, chartOf: ChartOf, options: DesireOptions = {}): Desire {
  const { warn } = options
  // Rendering many releases takes long and waits for nothing: locks that are not renewed meanwhile would be lost.
  const nextTurn = turns()
  return async (release, { client, discovery, version, revision, isInstall, current }) => {
    try {
      const { chart: loaded, rework, postRenderer } = await alteredChart(host, release, chartOf)
      const layers = await release.layers()
      const given = mergeLayers(layers).tree
      const reused = upgradeValues(loaded, given, release.options, current)
      const config = toPlain(reused.config) as { readonly [key: string]: Plain }
      const live = { apiVersions: discovery.apiVersions, kubeVersion: serverKubeVersion(version) }
      const rendering = {
        host,
        layers: () => layers,
        release: { name: release.name, namespace: release.namespace, revision, isUpgrade: !isInstall },
        capabilities: capabilitiesOf(release, options.helmCompat, live),
        ...(release.options.skipSchemaValidation && { skipSchemaValidation: true }),
        ...(release.options.enableDns && { enableDns: true }),
        ...(rework && { rework }),
        ...(postRenderer && { postRenderer }),
      }
      const render = async (how: RenderOptions): Promise<Rendered> => {
        await nextTurn()
        return renderChartWithLookup(reused.chart, reused.config, how, clusterOracle(client, discovery))
      }
      const renderAgain = async (): Promise<Rendered | undefined> =>
        namesRandomFunctions(reused.chart) ? render({ ...rendering, host: onAnotherDay(host) }) : undefined
      const rendered = await render({ ...rendering, ...watchUnread(release, options.unreadValues, warn) })
      for (const summary of rendered.warnings) warn?.({ code: 'render/warning', severity: 'warning', summary, subject: `release ${release.id}` })
      return {
        // Records hold the chart with its dependencies settled, as Helm's do.
        chart: processDependencies(reused.chart, reused.config, () => {}, options.helmCompat),
        config: options.omitSecrets ? withoutSecretValues(config, layers, options.omitSecrets()) : config,
        rendered,
        // A post-renderer runs once, so that what it makes cannot be had again.
        ...(!postRenderer && { renderAgain }),
      }
    } catch (error) {
      throw whileDoing('working on', release, error)
    }
  }
}
