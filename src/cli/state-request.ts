import type { StateRequest } from '../actions/load-state.ts'
import { chartOptions } from './chart-options.ts'
import type { CommandContext } from './command.ts'
import type { OptionValues } from './option-table.ts'
import { printDiagnostics } from './print-diagnostics.ts'
import type { needsOptions, passedOptions, valueOptions } from './shared-options.ts'

/** What the global options and a command's own needs and value options ask of the state files. */
export function stateRequest(
  context: CommandContext,
  own: OptionValues<typeof needsOptions & typeof valueOptions & typeof passedOptions> & { readonly syncReleaseLabels?: boolean | undefined } = {},
): StateRequest {
  const { global, terminal } = context
  const given = {
    file: global.file,
    environment: global.environment,
    selectors: global.selector,
    namespace: global.namespace,
    kubeContext: global.kubeContext,
    chart: global.chart,
    stateValuesSet: global.stateValuesSet,
    stateValuesSetString: global.stateValuesSetString,
    stateValuesFiles: global.stateValuesFile,
    skipNeeds: own.skipNeeds,
    includeNeeds: own.includeNeeds,
    includeTransitiveNeeds: own.includeTransitiveNeeds,
    enforceNeedsAreInstalled: own.enforceNeedsAreInstalled,
    set: own.set,
    values: own.values,
    syncReleaseLabels: own.syncReleaseLabels,
    allowNoMatchingRelease: global.allowNoMatchingRelease,
    locked: global.locked,
    skipRefresh: global.skipRefresh,
    helmBinary: global.helmBinary,
    kustomizeBinary: global.kustomizeBinary,
    args: own.args,
    templateArgs: own.templateArgs,
    postRenderer: own.postRenderer,
    postRendererArgs: own.postRendererArgs,
  }
  return {
    ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as StateRequest),
    stdin: () => terminal.readInput(),
    clusterData: async (query) => {
      const [{ withAnyClusters }, { readClusterData }] = await Promise.all([import('./with-clusters.ts'), import('../actions/cluster-data.ts')])
      return withAnyClusters(context, (clusters) => readClusterData(context.host, clusters, query))
    },
    onSecrets: (values) => terminal.conceal(values),
    warn: (diagnostic) => printDiagnostics(terminal, [diagnostic]),
    remoteSettings: async () => {
      const { locked = false, servers } = await chartOptions(context)
      return { locked, ...(servers && { servers }) }
    },
    oneGraph: async () => (await context.settings()).oneGraph ?? false,
  }
}
