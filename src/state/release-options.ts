import { failure } from '../base/diagnostic.ts'
import { withoutUndefined } from '../base/without-undefined.ts'
import type { PassedArguments } from './helm-arguments.ts'
import { type HelmDefaultsSpec, type ReleaseSpec, type StateSpec, whereOf } from './spec.ts'
import type { ReleaseOptions } from './state.ts'

/**
 * How a release is rendered, written and waited for: its own settings, else those of helmDefaults. What cannot be is left out;
 * `checkOptions` complains of it.
 * Source: Helmfile 1.8 pkg/state flagsForUpgrade
 */
export function releaseOptions({ helmDefaults: defaults = {} }: StateSpec, { first, last }: PassedArguments, release: ReleaseSpec): ReleaseOptions {
  const passed = [first, last]
  const flag = (key: keyof HelmDefaultsSpec & keyof ReleaseSpec): boolean => isOn(defaults, release, key)
  // These two are passed on when either place says yes; a release cannot say no.
  const either = (key: 'takeOwnership' | 'skipSchemaValidation'): boolean => release[key] === true || defaults[key] === true
  return withoutUndefined({
    wait: flag('wait'),
    waitForJobs: flag('waitForJobs'),
    legacyWait: (release.trackMode || defaults.trackMode) === 'helm-legacy',
    timeout: positive(release.timeout ?? defaults.timeout),
    atomic: flag('atomic') || flag('rollbackOnFailure'),
    cleanupOnFail: flag('cleanupOnFail'),
    createNamespace: release.createNamespace ?? defaults.createNamespace ?? true,
    force: flag('force'),
    forceConflicts: flag('forceConflicts'),
    skipSchemaValidation: either('skipSchemaValidation') || passed.some((args) => args.skipSchemaValidation),
    skipCrds: defaults.skipCRDs,
    reuseValues: flag('reuseValues'),
    historyMax: release.historyMax ?? defaults.historyMax,
    description: release.description || undefined,
    enableDns: flag('enableDNS'),
    takeOwnership: either('takeOwnership'),
    adopt: release.adopt && release.adopt.length > 0 ? release.adopt : undefined,
    deleteWait: flag('deleteWait'),
    deleteTimeout: positive(release.deleteTimeout ?? defaults.deleteTimeout),
    cascade: CASCADES.find((name) => name === (release.cascade || defaults.cascade)),
    serverSide: SERVER_SIDES.find((name) => name === (release.serverSide || defaults.serverSide)),
    kubeVersion: last.kubeVersion || release.kubeVersion || first.kubeVersion,
    apiVersions: [...(release.apiVersions ?? []), ...passed.flatMap((args) => args.apiVersions)],
    includeCrds: passed.some((args) => args.includeCrds),
    skipTests: passed.some((args) => args.skipTests),
    noHooks: passed.some((args) => args.noHooks),
    showOnly: passed.flatMap((args) => args.showOnly),
    suppressDiff: release.suppressDiff,
    skipDeps: flag('skipDeps'),
    ...last.upgrade,
  })
}

/** What makes a release itself, and never its options. */
const NO_OPTIONS: ReadonlySet<string> = new Set([
  ...['name', 'namespace', 'kubeContext', 'chart', 'version', 'labels', 'condition', 'installed', 'needs', 'hooks', 'missingFileHandler'],
  ...['values', 'valuesTemplate', 'valuesPathPrefix', 'secrets', 'set', 'setString', 'setTemplate'],
])

/** A text that is the same for releases with the same options. */
export function optionsSignature(release: ReleaseSpec): string {
  let signature = ''
  for (const [key, value] of Object.entries(release)) if (!NO_OPTIONS.has(key)) signature += `${key}=${JSON.stringify(value)};`
  return signature
}

function isOn(defaults: HelmDefaultsSpec, release: ReleaseSpec, key: keyof HelmDefaultsSpec & keyof ReleaseSpec): boolean {
  return (release[key] ?? defaults[key]) === true
}

type Exclusive = 'atomic' | 'rollbackOnFailure' | 'force' | 'forceConflicts'

function checkExclusive(defaults: HelmDefaultsSpec, release: ReleaseSpec, a: Exclusive, b: Exclusive): void {
  if (!isOn(defaults, release, a) || !isOn(defaults, release, b)) return
  const summary = `${a} and ${b} are mutually exclusive (check both releases[].${a}/${b} and helmDefaults.${a}/${b})`
  throw failure('state/conflicting-options', summary, whereOf(release))
}

function positive(seconds: number | undefined): number | undefined {
  return seconds ? seconds : undefined
}

const CASCADES = ['background', 'orphan', 'foreground'] as const
const SERVER_SIDES = ['true', 'false', 'auto'] as const

/**
 * Complains of settings that exclude one another or have no such value.
 * @throws DiagnosticError `state/conflicting-options`, `state/bad-option`
 */
export function checkOptions({ helmDefaults: defaults = {} }: StateSpec, release: ReleaseSpec): void {
  checkExclusive(defaults, release, 'atomic', 'rollbackOnFailure')
  checkExclusive(defaults, release, 'force', 'forceConflicts')
  checkChoice(release, 'cascade', release.cascade || defaults.cascade, CASCADES)
  checkChoice(release, 'serverSide', release.serverSide || defaults.serverSide, SERVER_SIDES)
}

function checkChoice(release: ReleaseSpec, key: string, value: string | undefined, choices: readonly string[]): void {
  if (!value || choices.includes(value)) return
  throw failure('state/bad-option', `invalid ${key} value "${value}": must be ${choices.map((choice) => `"${choice}"`).join(', ')}`, whereOf(release))
}

/** Labels that Helm sets itself. Source: Helm 4.3.1 pkg/storage/driver/labels.go */
const SYSTEM_LABELS: ReadonlySet<string> = new Set(['', 'name', 'owner', 'status', 'version', 'createdAt', 'modifiedAt'])

/** The release's labels for its record, when it, helmDefaults or the command line ask for that. Source: Helmfile 1.8 pkg/state appendLabelsFlags */
export function recordLabels(
  { helmDefaults }: StateSpec,
  { syncReleaseLabels, labels = new Map() }: ReleaseSpec,
  isAsked: boolean,
): Readonly<Record<string, string>> | undefined {
  if (!syncReleaseLabels && !isAsked && !helmDefaults?.syncReleaseLabels) return undefined
  return Object.fromEntries([...labels].filter(([key]) => !SYSTEM_LABELS.has(key)))
}
