import type { StateRequest } from '../actions/load-state.ts'
import type { CommandContext } from './command.ts'
import type { OptionValues } from './option-table.ts'
import { printDiagnostics } from './print-diagnostics.ts'
import type { needsOptions } from './shared-options.ts'

/** What the global options and a command's needs options ask of the state files. */
export function stateRequest(context: CommandContext, needs: OptionValues<typeof needsOptions> = {}): StateRequest {
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
    skipNeeds: needs.skipNeeds,
    includeNeeds: needs.includeNeeds,
    includeTransitiveNeeds: needs.includeTransitiveNeeds,
    enforceNeedsAreInstalled: needs.enforceNeedsAreInstalled,
    allowNoMatchingRelease: global.allowNoMatchingRelease,
  }
  return {
    ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as StateRequest),
    stdin: () => terminal.readInput(),
    warn: (diagnostic) => printDiagnostics(terminal, [diagnostic]),
  }
}
