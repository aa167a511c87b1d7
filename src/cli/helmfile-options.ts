import { failure } from '../base/diagnostic.ts'

/** An option of Helmfile's that asks for what is always done here, so that giving it changes nothing. */
interface SettledOption {
  readonly long: string
  readonly takesValue?: boolean
  /** Commands that take it; absent: all. */
  readonly commands?: readonly string[]
  /** Why it is always so. */
  readonly because: string
}

/** An option of Helmfile's that cannot be followed. */
interface RefusedOption {
  readonly long: string
  readonly commands?: readonly string[]
  readonly because: string
  readonly hint: string
}

const SETTLED: readonly SettledOption[] = [
  { long: 'disable-force-update', because: 'no list of repositories is kept that could be updated' },
  { long: 'enable-live-output', because: 'progress is shown as it happens' },
  { long: 'enforce-plugin-verification', because: 'no plugins are installed' },
  { long: 'strip-args-values-on-exit-error', because: 'errors never hold values' },
  { long: 'skip-repos', commands: ['deps'], because: 'repositories are asked only for what is needed' },
  { long: 'concurrency', takesValue: true, commands: ['status'], because: 'one question to each cluster answers for all releases' },
  { long: 'concurrency', takesValue: true, commands: ['lint'], because: 'charts are linted one after the other' },
  { long: 'concurrency', takesValue: true, commands: ['unittest'], because: 'suites run one after the other' },
  { long: 'debug-plugin', commands: ['unittest'], because: 'no plugin runs' },
  { long: 'validate', commands: ['apply', 'diff', 'sync'], because: 'the API server judges every object that would change' },
  {
    long: 'skip-diff-validation-on-install',
    commands: ['apply', 'diff', 'sync'],
    because: 'kinds that come with the same release are no error',
  },
]

const TRACKING = 'how objects become ready is always followed and shown'
const WAITING = 'use --wait and --timeout'
const NO_HELM = 'no Helm runs that they could be passed to'

const REFUSED: readonly RefusedOption[] = [
  {
    long: 'allow-failed-releases',
    because: 'a chart that cannot be had stops the run before anything is changed',
    hint: 'leave the release out: -l name!=NAME',
  },
  { long: 'otel-tracing', because: 'no traces are sent', hint: 'use --output json' },
  { long: 'repo-retries', because: 'requests are tried again as long as their servers ask for it', hint: 'leave it out' },
  { long: 'skip-cleanup', because: 'no temporary values files are written', hint: '"flotilla write-values" writes them where you say' },
  { long: 'keep-temp-dir', because: 'no temporary folder is made', hint: '"flotilla fetch --output-dir DIR" keeps charts' },
  { long: 'track-timeout', because: TRACKING, hint: WAITING },
  { long: 'track-logs', because: TRACKING, hint: WAITING },
  { long: 'track-failed-logs', because: TRACKING, hint: WAITING },
  { long: 'track-fail-on-error', because: TRACKING, hint: WAITING },
  { long: 'helm-stuck-grace', because: 'no Helm runs that could hang', hint: WAITING },
  {
    long: 'cleanup',
    commands: ['test'],
    because: 'Helm leaves it to the tests what becomes of them',
    hint: 'set helm.sh/hook-delete-policy on the test hooks',
  },
  { long: 'args', commands: ['deps', 'repos'], because: NO_HELM, hint: 'set what the repository needs in repositories' },
  { long: 'args', commands: ['status', 'test'], because: NO_HELM, hint: 'leave it out' },
  {
    long: 'diff-args',
    because: 'no helm-diff runs that they could be passed to',
    hint: 'give the options themselves: --context, --suppress, --show-secrets…',
  },
  { long: 'strip-trailing-cr', because: 'line ends are content', hint: 'leave it out' },
  {
    long: 'suppress-output-line-regex',
    because: 'it hides lines, but the release is upgraded all the same',
    hint: 'set diff.ignore in the settings',
  },
  { long: 'validate', commands: ['template'], because: 'template asks no cluster', hint: 'use "flotilla diff"' },
]

/** Every option of Helmfile's that no option table has; for the docs and for the test that none is forgotten. */
export const helmfileOptions: { readonly settled: readonly SettledOption[]; readonly refused: readonly RefusedOption[] } = {
  settled: SETTLED,
  refused: REFUSED,
}

/** What is said of an option that no table has. */
export interface HelmfileOption {
  readonly isSettled: boolean
  readonly takesValue: boolean
  readonly because: string
  readonly hint?: string
}

/** What Helmfile's option `--long` of `command` means here, when no table has it; undefined where Helmfile has none either. */
export function helmfileOption(long: string, command: string | undefined): HelmfileOption | undefined {
  const fits = (option: SettledOption | RefusedOption): boolean =>
    option.long === long && (!option.commands || (command !== undefined && option.commands.includes(command)))
  const settled = SETTLED.find(fits)
  if (settled) return { isSettled: true, takesValue: settled.takesValue ?? false, because: settled.because }
  const refused = REFUSED.find(fits)
  return refused && { isSettled: false, takesValue: false, because: refused.because, hint: refused.hint }
}

/**
 * Takes `--long` (with `value` where one was attached) if it is settled, and the next word where it needs one; false when Helmfile
 * has no such option.
 * @throws DiagnosticError `cli/unsupported-flag`
 */
export function takeHelmfileOption(long: string, value: string | undefined, command: string | undefined, next?: () => unknown): boolean {
  const known = helmfileOption(long, command)
  if (!known) return false
  if (known.isSettled && value !== 'false') {
    if (known.takesValue && value === undefined) next?.()
    return true
  }
  const hint = known.hint ?? 'leave it out'
  throw failure('cli/unsupported-flag', `--${long}${value === 'false' ? '=false' : ''} is not supported: ${known.because}`, { hint })
}

/** Commands of Helmfile's that there are none of here, and what to use. */
export const refusedCommands: ReadonlyMap<string, string> = new Map([['doctor', 'use "flotilla diff", which sends nothing to anybody']])
