import { failure } from '../base/diagnostic.ts'
import { WITHOUT_UNKNOWN_FIELDS } from './keys-without-effect.ts'
import type { StateRequest } from './request.ts'
import type { StateSpec } from './spec.ts'
import type { ReleaseOptions } from './state.ts'
import { type GivenArgument, isUpgradeArgument, upgradeArguments } from './upgrade-arguments.ts'

/** Options for Helm that a state file or the command line passes through, taken apart. */
export interface HelmArguments {
  /** `--values`, seen from the folder the run is in. */
  readonly values: readonly string[]
  /** In the order given. */
  readonly set: readonly SetArgument[]
  readonly apiVersions: readonly string[]
  readonly kubeVersion: string | undefined
  readonly includeCrds: boolean
  readonly skipTests: boolean
  readonly noHooks: boolean
  readonly skipSchemaValidation: boolean
  readonly showOnly: readonly string[]
  /** How releases are written. */
  readonly upgrade: ReleaseOptions
  /** Options that mean something to Helm and nothing here, as written. */
  readonly unknown: readonly string[]
}

export type SetKind = 'set-json' | 'set' | 'set-string' | 'set-file' | 'set-literal'

export interface SetArgument {
  readonly kind: SetKind
  readonly text: string
}

const SET_KINDS: readonly SetKind[] = ['set-json', 'set', 'set-string', 'set-file', 'set-literal']

/** What is safe to pass over: it changes neither what is rendered nor what is written. */
const HARMLESS_FLAGS: ReadonlySet<string> = new Set([
  ...['debug', 'skip-tests', 'include-crds', 'no-hooks', 'skip-schema-validation', 'hide-notes'],
  ...['install', 'i', 'dependency-update'],
])
const WITH_VALUE: ReadonlySet<string> = new Set(['values', 'f', 'api-versions', 'a', 'kube-version', 'show-only', 's', ...SET_KINDS])

/**
 * Options as Helmfile takes them from a text: split at blanks, words that belong to no option dropped, equal options together.
 * Source: Helmfile 1.8 pkg/argparser
 */
function parseHelmArguments(texts: readonly string[]): HelmArguments {
  const given = texts.flatMap((text) => collect(text))
  const all = (...names: string[]): string[] => given.filter(({ name }) => names.includes(name)).map(({ value }) => value)
  const has = (name: string): boolean => given.some((option) => option.name === name && option.value !== 'false')
  return {
    values: all('values', 'f').flatMap((value) => value.split(',')),
    set: given.flatMap(({ name, value }) => SET_KINDS.filter((kind) => kind === name).map((kind) => ({ kind, text: value }))),
    apiVersions: all('api-versions', 'a').flatMap((value) => value.split(',')),
    kubeVersion: all('kube-version').at(-1),
    includeCrds: has('include-crds'),
    skipTests: has('skip-tests'),
    noHooks: has('no-hooks'),
    skipSchemaValidation: has('skip-schema-validation'),
    showOnly: all('show-only', 's').flatMap((value) => value.split(',')),
    upgrade: upgradeArguments(given),
    unknown: given.filter(({ name }) => !isKnown(name)).map(({ written }) => written),
  }
}

function isKnown(name: string): boolean {
  return HARMLESS_FLAGS.has(name) || WITH_VALUE.has(name) || isUpgradeArgument(name)
}

/**
 * Refuses options that would be passed over.
 * @throws DiagnosticError `state/unsupported-argument`
 */
export function checkArguments({ first, last }: PassedArguments): void {
  const [unknown] = [...first.unknown, ...last.unknown]
  if (unknown === undefined) return
  const known = [...INSTEAD].find(([name]) => unknown.startsWith(`--${name}`))
  throw failure('state/unsupported-argument', `the Helm option ${unknown} is not supported in args`, {
    hint: known?.[1] ?? 'use the key of the state file that does the same, or remove it',
  })
}

/** What to do in place of options that no key stands for. */
const INSTEAD: ReadonlyMap<string, string> = new Map([['disable-openapi-validation', WITHOUT_UNKNOWN_FIELDS]])

/** All that is passed through to Helm, before and behind a release's own options. */
export interface PassedArguments {
  readonly first: HelmArguments
  readonly last: HelmArguments
}

/**
 * What helmDefaults and the command line pass through: `templateArgs` stand before a release's own options, `args` behind them, and
 * `syncArgs` at the end where releases are written.
 * Source: Helmfile 1.8 pkg/app GetArgs, pkg/state effectiveTemplateArgs, SyncReleases
 */
export function argumentsOf({ helmDefaults = {} }: StateSpec, request: StateRequest): PassedArguments {
  const first = request.templateArgs || (helmDefaults.templateArgs ?? []).join(' ')
  const sync = request.syncArgs === undefined ? '' : request.syncArgs || (helmDefaults.syncArgs ?? []).join(' ')
  return { first: parseHelmArguments([first]), last: parseHelmArguments([request.args ?? '', (helmDefaults.args ?? []).join(' '), sync]) }
}

function collect(text: string): readonly GivenArgument[] {
  const words = text.split(' ').filter((word) => word !== '')
  const options = new Map<string, GivenArgument[]>()
  for (const [i, word] of words.entries()) {
    if (!word.startsWith('-')) continue
    const option = optionAt(word, words[i + 1])
    const same = options.get(option.name)
    if (same) same.push(option)
    else options.set(option.name, [option])
  }
  return [...options.values()].flat()
}

function optionAt(word: string, next: string | undefined): GivenArgument {
  const equals = word.indexOf('=')
  const written = equals < 0 ? word : word.slice(0, equals)
  const name = written.replace(/^--?/, '')
  if (equals >= 0) return { name, value: word.slice(equals + 1), written }
  return { name, value: next === undefined || next.startsWith('-') ? '' : next, written }
}
