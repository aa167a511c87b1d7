import { type ReleaseTests, unittestState } from '../../actions/unittest-state.ts'
import { failure } from '../../base/diagnostic.ts'
import { withoutUndefined } from '../../base/without-undefined.ts'
import { chartOptions } from '../chart-options.ts'
import { type Command, defineCommand } from '../command.ts'
import { printHooks } from '../hook-log.ts'
import { printDiagnostics } from '../print-diagnostics.ts'
import { printUnittest } from '../print-unittest.ts'
import { needsOptions, valueOptions } from '../shared-options.ts'
import { stateRequest } from '../state-request.ts'
import { unittestOptions } from '../unittest-options.ts'

const PASSED: ReadonlyMap<string, keyof typeof unittestOptions> = new Map([
  ['--strict', 'strict'],
  ['--update-snapshot', 'updateSnapshot'],
  ['-u', 'updateSnapshot'],
  ['--failfast', 'failFast'],
  ['-q', 'failFast'],
  ['--skip-schema-validation', 'skipSchemaValidation'],
])

/** What `--args` hands to the plugin. @throws DiagnosticError `cli/invalid-value` for what would be passed over */
function passedOptions(args: string): Readonly<Partial<Record<keyof typeof unittestOptions, true>>> {
  const words = args.split(' ').filter((word) => word !== '')
  const options = words.map((word) => {
    const key = PASSED.get(word)
    if (key === undefined) throw failure('cli/invalid-value', `the option ${word} of helm unittest is not supported in --args`)
    return [key, true] as const
  })
  return Object.fromEntries(options)
}

export const unittest: Command = defineCommand({
  options: {
    ...needsOptions,
    ...valueOptions,
    ...unittestOptions,
    args: {
      long: 'args',
      type: 'text',
      value: 'ARGS',
      description: 'more options of helm unittest: --strict, --update-snapshot, --failfast, --skip-schema-validation',
    },
  },
  examples: ['flotilla -e staging unittest', 'flotilla -l app=web unittest --fail-fast --output junit > report.xml'],
  async run(context, { output, args = '', ...options }) {
    const { host, terminal } = context
    const { updateSnapshot, strict, failFast, skipSchemaValidation } = { ...options, ...passedOptions(args) }
    const results: ReleaseTests[] = []
    await unittestState(
      host,
      stateRequest(context, options),
      {
        ...(await chartOptions(context)),
        ...withoutUndefined({ update: updateSnapshot, strict, failFast, skipSchemaValidation }),
        hooks: printHooks(context),
        warn: (diagnostic) => printDiagnostics(terminal, [diagnostic]),
      },
      (tests) => void results.push(tests),
    )
    return printUnittest(context, results, output)
  },
})
