import { failure } from '../base/diagnostic.ts'
import { parseDuration } from '../go/duration.ts'
import { GoError } from '../go/values.ts'
import type { ReleaseOptions } from './state.ts'

/** An option of Helm's as it was given, `--` and value apart. */
export interface GivenArgument {
  readonly name: string
  /** Empty where none was given. */
  readonly value: string
  /** As typed: `--wait`. */
  readonly written: string
}

const NANOSECONDS = 1_000_000_000n

function seconds({ written, value }: GivenArgument): number {
  try {
    return Number(parseDuration(value) / NANOSECONDS)
  } catch (error) {
    if (!(error instanceof GoError)) throw error
    throw badValue(written, value, 'give a duration such as 5m or 90s')
  }
}

function whole({ written, value }: GivenArgument): number {
  if (!/^\d{1,9}$/.test(value)) throw badValue(written, value, 'give a whole number')
  return Number(value)
}

function oneOf<const T extends string>(choices: readonly T[], { written, value }: GivenArgument): T {
  const found = choices.find((choice) => choice === value)
  if (found === undefined) throw badValue(written, value, `give one of ${choices.join(', ')}`)
  return found
}

function badValue(written: string, value: string, hint: string): Error {
  return failure('state/bad-argument', `invalid argument "${value}" for "${written}" in args`, { hint })
}

/** `--wait` alone, or the name of one of Helm 4's ways of waiting. */
function waits({ value }: GivenArgument): boolean {
  return value !== 'false' && value !== 'hookOnly'
}

const on = (key: keyof ReleaseOptions) => (given: GivenArgument) => ({ [key]: given.value !== 'false' })

/** What options of `helm upgrade` and `helm uninstall` mean here. Source: Helm 4.3.1 pkg/cmd/upgrade.go, uninstall.go */
const MEANINGS: ReadonlyMap<string, (given: GivenArgument) => ReleaseOptions> = new Map<string, (given: GivenArgument) => ReleaseOptions>([
  ['wait', (given) => ({ wait: waits(given), deleteWait: waits(given), legacyWait: given.value === 'legacy' })],
  ['wait-for-jobs', on('waitForJobs')],
  ['timeout', (given) => ({ timeout: seconds(given), deleteTimeout: seconds(given) })],
  ['atomic', on('atomic')],
  ['rollback-on-failure', on('atomic')],
  ['cleanup-on-fail', on('cleanupOnFail')],
  ['force', on('force')],
  ['force-replace', on('force')],
  ['force-conflicts', on('forceConflicts')],
  ['create-namespace', on('createNamespace')],
  ['history-max', (given) => ({ historyMax: whole(given) })],
  ['description', ({ value }) => ({ description: value })],
  ['skip-crds', on('skipCrds')],
  ['no-hooks', on('disableHooks')],
  ['take-ownership', on('takeOwnership')],
  ['reuse-values', on('reuseValues')],
  ['reset-values', on('resetValues')],
  ['reset-then-reuse-values', on('resetThenReuseValues')],
  ['server-side', (given) => ({ serverSide: oneOf(['true', 'false', 'auto'], given) })],
  ['enable-dns', on('enableDns')],
  ['keep-history', on('keepHistory')],
  ['cascade', (given) => ({ cascade: oneOf(['background', 'orphan', 'foreground'], given) })],
])

/** True for options that say how a release is written. */
export function isUpgradeArgument(name: string): boolean {
  return MEANINGS.has(name)
}

/** What the options among `given` that say how a release is written ask for; later ones win. @throws DiagnosticError `state/bad-argument` */
export function upgradeArguments(given: readonly GivenArgument[]): ReleaseOptions {
  return Object.assign({}, ...given.map((one) => MEANINGS.get(one.name)?.(one) ?? {}))
}
