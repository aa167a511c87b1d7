import { type LintedRelease, lintState } from '../../actions/lint-state.ts'
import { withoutUndefined } from '../../base/without-undefined.ts'
import { lintSummary, lintText } from '../../report/lint-text.ts'
import { chartOptions } from '../chart-options.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { printHooks } from '../hook-log.ts'
import { printDiagnostics } from '../print-diagnostics.ts'
import { needsOptions, outputOption, valueOptions } from '../shared-options.ts'
import { stateRequest } from '../state-request.ts'

/** `--args` of Helmfile as far as they are options of this command, and the others. */
function sortArguments(args: string): { readonly strict: boolean; readonly quiet: boolean; readonly others: string } {
  const words = args.split(' ').filter((word) => word !== '')
  const others = words.filter((word) => word !== '--strict' && word !== '--quiet')
  return { strict: words.includes('--strict'), quiet: words.includes('--quiet'), others: others.join(' ') }
}

export const lint: Command = defineCommand({
  options: {
    ...needsOptions,
    ...valueOptions,
    strict: { long: 'strict', type: 'flag', description: 'fail on warnings too' },
    kubeVersion: { long: 'kube-version', type: 'text', value: 'VERSION', description: 'Kubernetes version the charts are to see, and to be fit for' },
    skipSchemaValidation: { long: 'skip-schema-validation', type: 'flag', description: "do not check values against the charts' schemas" },
    args: { long: 'args', type: 'text', value: 'ARGS', description: 'more options of helm lint, for every release' },
    ...outputOption,
  },
  examples: ['flotilla -e staging lint', 'flotilla -l app=web lint --strict'],
  async run(context, { output, args = '', strict, kubeVersion, skipSchemaValidation, ...options }) {
    const { host, terminal, global } = context
    const given = sortArguments(args)
    const quiet = global.quiet || given.quiet
    const all: LintedRelease[] = []
    await lintState(
      host,
      { ...stateRequest(context, options), ...(given.others !== '' && { args: given.others }) },
      {
        ...(await chartOptions(context)),
        ...withoutUndefined({ strict: strict || given.strict, kubeVersion, skipSchemaValidation }),
        hooks: printHooks(context),
        warn: (diagnostic) => printDiagnostics(terminal, [diagnostic]),
        onWarning: (diagnostic) => printDiagnostics(terminal, [diagnostic]),
      },
      (linted) => {
        all.push(linted)
        if (output === 'json') return
        if (!quiet) terminal.err(`Linting release=${linted.release}, chart=${linted.path}\n`)
        const text = lintText([linted], { quiet })
        if (text !== '') terminal.out(linted.failed ? text : `${text}\n`)
      },
    )
    if (output === 'json') terminal.json(all)
    if (!all.some(({ failed }) => failed)) return exitCodes.ok
    if (output !== 'json') terminal.err(`${lintSummary(all)}\n`)
    return exitCodes.failure
  },
})
