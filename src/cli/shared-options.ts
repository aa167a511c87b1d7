/** Which needed releases come along with selected ones. */
export const needsOptions = {
  includeNeeds: { long: 'include-needs', type: 'flag', description: 'with a selector: also the releases that the selected ones need' },
  includeTransitiveNeeds: { long: 'include-transitive-needs', type: 'flag', description: 'with a selector: also needs of needs' },
  skipNeeds: { long: 'skip-needs', type: 'flag', description: 'with a selector: leave out releases that are only needed (the default)' },
  enforceNeedsAreInstalled: { long: 'enforce-needs-are-installed', type: 'flag', description: 'fail when a needed release is switched off' },
} as const

/** Values given on the command line to every release. */
export const valueOptions = {
  set: { long: 'set', type: 'list', value: 'KEY=VALUE', description: 'chart value for every release, over all others' },
  values: { long: 'values', type: 'list', value: 'FILE', description: 'chart values file for every release' },
} as const

/** What Helmfile passes through to Helm. */
export const passedOptions = {
  args: { long: 'args', type: 'text', value: 'ARGS', description: 'more options of Helm, for every release' },
  templateArgs: {
    long: 'template-args',
    type: 'text',
    value: 'ARGS',
    description: 'options of helm template in place of helmDefaults.templateArgs',
  },
  postRenderer: {
    long: 'post-renderer',
    type: 'text',
    value: 'PROGRAM',
    description: 'program that gets all documents of a release and prints what they are to be; a release may name another',
  },
  postRendererArgs: { long: 'post-renderer-args', type: 'list', value: 'ARG', description: 'argument for the post-renderer' },
} as const

/** As `passedOptions`, for commands that write releases or show what would be written. */
export const syncArgsOption = {
  syncArgs: { long: 'sync-args', type: 'text', value: 'ARGS', description: 'options of helm upgrade in place of helmDefaults.syncArgs' },
} as const

export const concurrencyOption = {
  concurrency: { long: 'concurrency', type: 'integer', value: 'N', min: 0, description: 'how many releases at once (default: 0, no limit)' },
} as const

export const strictValuesOption = {
  strictValues: { long: 'strict-values', type: 'flag', description: 'fail when a value is given that nothing in the chart reads' },
} as const

/** How differences are shown; none of these changes what is decided. */
export const diffDisplayOptions = {
  context: { long: 'context', type: 'integer', value: 'LINES', description: 'unchanged lines to show around a change; -1: all (default: 3)' },
  showSecrets: { long: 'show-secrets', type: 'flag', description: 'print secret values in the differences' },
  suppressSecrets: { long: 'suppress-secrets', type: 'flag', description: 'leave Secret objects out of the printed differences' },
  suppress: { long: 'suppress', type: 'list', value: 'KIND', description: 'leave objects of this kind out of the printed differences' },
  showOnly: { long: 'show-only', type: 'list', value: 'KIND/NAME', description: 'show only these objects; * stands for any characters' },
  noFold: { long: 'no-fold', type: 'flag', description: 'show what many objects have in common at each of them' },
  stat: { long: 'stat', type: 'flag', description: 'print one line of numbers per release instead of the differences' },
  skipDiffOnInstall: { long: 'skip-diff-on-install', type: 'flag', description: 'leave the objects of new releases out of the printed differences' },
  detailedExitcode: { long: 'detailed-exitcode', type: 'flag', description: 'exit with 2 when there are changes' },
} as const

/** What counts as a difference. */
export const diffScopeOptions = {
  noHooks: { long: 'no-hooks', type: 'flag', description: 'changed hooks are no difference' },
  includeTests: { long: 'include-tests', type: 'flag', description: 'changed test hooks are a difference too' },
} as const

/** How what is removed goes. */
export const cascadeOption = {
  cascade: {
    long: 'cascade',
    type: 'text',
    value: 'MODE',
    choices: ['background', 'foreground', 'orphan'],
    description: 'how dependants of deleted objects go (default: background)',
  },
} as const

/** For what has no differences of hooks to show. */
export const hooklessOption = {
  disableHooks: { long: 'no-hooks', type: 'flag', description: 'run no hooks of the charts' },
} as const

export const suppressDiffOption = {
  suppressDiff: { long: 'suppress-diff', type: 'flag', description: 'print one line per release instead of the differences' },
} as const

/** How releases are written and waited for; they override the state file. */
export const upgradeOptions = {
  wait: { long: 'wait', type: 'flag', description: 'wait until the objects of each release are ready' },
  waitForJobs: { long: 'wait-for-jobs', type: 'flag', description: 'with --wait: also wait until jobs have completed' },
  trackMode: {
    long: 'track-mode',
    type: 'text',
    value: 'MODE',
    choices: ['helm', 'helm-legacy'],
    description: 'with --wait: as Helm 4 does by itself, or as Helm 3 did (default: helm)',
  },
  timeout: { long: 'timeout', type: 'integer', value: 'SECONDS', min: 0, description: 'how long to wait for one release (default: 300)' },
  skipCrds: { long: 'skip-crds', type: 'flag', description: 'do not install the CRDs of charts' },
  skipSchemaValidation: { long: 'skip-schema-validation', type: 'flag', description: "do not check values against the charts' schemas" },
  takeOwnership: { long: 'take-ownership', type: 'flag', description: 'take over objects that belong to no release' },
  recreate: {
    long: 'recreate',
    type: 'list',
    value: 'KIND/NAME',
    description: 'delete this object and make it anew where a field cannot change',
  },
  syncReleaseLabels: { long: 'sync-release-labels', type: 'flag', description: "keep the releases' labels in their records too" },
  reuseValues: { long: 'reuse-values', type: 'flag', description: "lay the values over the last revision's" },
  resetValues: { long: 'reset-values', type: 'flag', description: "start from the chart's values, whatever the state file says" },
  resetThenReuseValues: {
    long: 'reset-then-reuse-values',
    type: 'flag',
    description: "lay the values over those given to the last revision, and these over the chart's",
  },
  rollbackOnFailure: { long: 'rollback-on-failure', type: 'flag', description: 'wait, and bring a release that fails back to what it was' },
  atomic: { long: 'atomic', type: 'flag', description: "the same, by Helm 3's name" },
  cleanupOnFail: { long: 'cleanup-on-fail', type: 'flag', description: 'delete what a failed upgrade has made new' },
  historyMax: { long: 'history-max', type: 'integer', value: 'N', min: 0, description: 'how many revisions to keep; 0: all (default: 10)' },
  description: { long: 'description', type: 'text', value: 'TEXT', description: 'description to store with each revision' },
  hideNotes: { long: 'hide-notes', type: 'flag', description: 'do not print the notes of the releases' },
  serverSide: {
    long: 'server-side',
    type: 'text',
    value: 'MODE',
    choices: ['true', 'false', 'auto'],
    description: 'server-side apply: true, false or auto',
  },
} as const

/** For commands that only look. */
export const offlineOption = {
  offline: {
    long: 'offline',
    type: 'flag',
    description: 'ask no cluster: compare with the records of --records or of a database (HELM_DRIVER=sql), or else with nothing',
  },
  records: {
    long: 'records',
    type: 'text',
    value: 'FILE',
    description: 'with --offline: the records of releases, as "kubectl get secrets -A -l owner=helm -o json" prints them',
  },
} as const

/** What becomes of releases that a failure does not touch. */
export const failFastOption = {
  failFast: {
    long: 'fail-fast',
    type: 'flag',
    description: 'after the first failure start nothing new; otherwise what does not need the failed release goes on',
  },
} as const

/** Instead of an answer to a question. */
export const yesOption = {
  yes: { short: 'y', long: 'yes', type: 'flag', description: 'answer every question with yes' },
} as const

/** For commands that change the cluster. */
export const lockOption = {
  lockTimeout: {
    long: 'lock-timeout',
    type: 'text',
    value: 'DURATION',
    description: 'how long to wait while another run changes the environment: seconds, or such as 90s, 5m, 1h (default: 0)',
  },
} as const

/** For commands that show a plan. */
export const planOutputOption = {
  output: {
    long: 'output',
    type: 'text',
    value: 'FORMAT',
    choices: ['text', 'json', 'github', 'gitlab', 'junit'],
    description: 'text, json, markdown for a comment on GitHub or GitLab that fits its limit, or a JUnit report (default: text)',
  },
} as const

/** For commands that change something. */
export const resultOutputOption = {
  output: {
    long: 'output',
    type: 'text',
    value: 'FORMAT',
    choices: ['text', 'json', 'ndjson', 'junit'],
    description: 'text, json (the result), ndjson (plan, events and result as they happen, one line each), or a JUnit report (default: text)',
  },
} as const

type ChangingOptions = typeof resultOutputOption & typeof yesOption & typeof failFastOption & typeof lockOption

/** What commands have in common that carry out a plan. */
export const changingOptions: ChangingOptions = { ...resultOutputOption, ...yesOption, ...failFastOption, ...lockOption }

/** For commands that report data. */
export const outputOption = {
  output: { long: 'output', type: 'text', value: 'FORMAT', choices: ['text', 'json'], description: 'text or json (default: text)' },
} as const

type PlanningOptions = typeof diffScopeOptions &
  typeof needsOptions &
  typeof valueOptions &
  typeof passedOptions &
  typeof concurrencyOption &
  typeof strictValuesOption

/** What decides which releases are planned, and how they are rendered and compared. */
export const planningOptions: PlanningOptions = {
  ...diffScopeOptions,
  ...needsOptions,
  ...valueOptions,
  ...passedOptions,
  ...concurrencyOption,
  ...strictValuesOption,
}

type ReleasingOptions = typeof upgradeOptions &
  typeof cascadeOption &
  typeof diffDisplayOptions &
  typeof suppressDiffOption &
  typeof syncArgsOption &
  PlanningOptions

/** What commands have in common that write releases, or show in full what would be written. */
export const releasingOptions: ReleasingOptions = {
  ...upgradeOptions,
  ...cascadeOption,
  ...diffDisplayOptions,
  ...suppressDiffOption,
  ...planningOptions,
  ...syncArgsOption,
}
