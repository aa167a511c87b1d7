import type { CommandEntry } from './command.ts'

/** Every command, in the order of `--help`. Files are imported only when their command runs. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'diff',
    summary: 'show what apply would change, release by release, object by object',
    load: async () => (await import('./commands/diff.ts')).diff,
  },
  {
    name: 'apply',
    summary: 'bring the cluster to what the state files, or a saved plan, say',
    load: async () => (await import('./commands/apply.ts')).apply,
  },
  {
    name: 'plan',
    summary: 'show what apply would change, and keep it in a file for "apply FILE"',
    load: async () => (await import('./commands/plan.ts')).plan,
  },
  { name: 'show', summary: 'show a saved plan', load: async () => (await import('./commands/show.ts')).show },
  {
    name: 'sync',
    summary: 'install or upgrade every release, whether it differs or not',
    load: async () => (await import('./commands/sync.ts')).sync,
  },
  { name: 'destroy', summary: 'uninstall the releases, needed ones last', load: async () => (await import('./commands/destroy.ts')).destroy },
  { name: 'template', summary: 'print the manifests of the releases', load: async () => (await import('./commands/template.ts')).template },
  {
    name: 'lint',
    summary: "tell what is wrong with the releases' charts under their values, as helm lint does",
    load: async () => (await import('./commands/lint.ts')).lint,
  },
  { name: 'list', summary: 'list the releases of the state files', load: async () => (await import('./commands/list.ts')).list },
  {
    name: 'build',
    summary: 'print the state files with every template and base resolved',
    load: async () => (await import('./commands/build.ts')).build,
  },
  {
    name: 'show-dag',
    summary: 'print the releases in groups that can run together',
    load: async () => (await import('./commands/show-dag.ts')).showDag,
  },
  {
    name: 'write-values',
    summary: 'write the merged values of each release to files',
    load: async () => (await import('./commands/write-values.ts')).writeValues,
  },
  {
    name: 'print-env',
    summary: 'print the environment of each state file with its merged values',
    load: async () => (await import('./commands/print-env.ts')).printEnv,
  },
  {
    name: 'values',
    summary: 'print the merged values of a release',
    load: async () => (await import('./commands/values.ts')).values,
  },
  {
    name: 'values explain',
    summary: 'show which layer, file and line set a value of a release',
    load: async () => (await import('./commands/values-explain.ts')).valuesExplain,
  },
  { name: 'status', summary: 'show what the cluster holds of each release', load: async () => (await import('./commands/status.ts')).status },
  {
    name: 'get all',
    summary: 'print all that is recorded of a release',
    load: async () => (await import('./commands/get.ts')).getAll,
  },
  {
    name: 'get values',
    summary: 'print the values of a release as they are recorded',
    load: async () => (await import('./commands/get.ts')).getValues,
  },
  {
    name: 'get manifest',
    summary: 'print the manifest of a release as it is recorded',
    load: async () => (await import('./commands/get.ts')).getManifest,
  },
  {
    name: 'get hooks',
    summary: 'print the hooks of a release as they are recorded',
    load: async () => (await import('./commands/get.ts')).getHooks,
  },
  {
    name: 'get notes',
    summary: 'print the notes of a release',
    load: async () => (await import('./commands/get.ts')).getNotes,
  },
  {
    name: 'get metadata',
    summary: 'print what is known of a release and its chart',
    load: async () => (await import('./commands/get.ts')).getMetadata,
  },
  {
    name: 'compare',
    summary: 'show in what two environments differ',
    load: async () => (await import('./commands/compare.ts')).compare,
  },
  {
    name: 'promote',
    summary: "write an environment's image tags and versions into the files of the next",
    load: async () => (await import('./commands/promote.ts')).promote,
  },
  { name: 'history', summary: 'list the revisions of a release', load: async () => (await import('./commands/history.ts')).history },
  { name: 'rollback', summary: 'bring a release back to an earlier revision', load: async () => (await import('./commands/rollback.ts')).rollback },
  { name: 'test', summary: 'run the test hooks of the releases', load: async () => (await import('./commands/test.ts')).test },
  {
    name: 'unittest',
    summary: "run the unit tests of the releases' charts under their values",
    load: async () => (await import('./commands/unittest.ts')).unittest,
  },
  {
    name: 'deps',
    summary: 'fetch the charts of the releases and write the lock files',
    load: async () => (await import('./commands/deps.ts')).deps,
  },
  { name: 'fetch', summary: 'fetch the charts of the releases into a folder', load: async () => (await import('./commands/fetch.ts')).fetch },
  { name: 'repos', summary: 'check that the declared repositories answer', load: async () => (await import('./commands/repos.ts')).repos },
  {
    name: 'cache info',
    summary: 'show where fetched charts are kept, and how much',
    load: async () => (await import('./commands/cache-info.ts')).cacheInfo,
  },
  {
    name: 'cache clean',
    summary: 'remove all fetched charts',
    load: async () => (await import('./commands/cache-clean.ts')).cacheClean,
  },
  {
    name: 'cache cleanup',
    summary: "the same, by Helmfile's name",
    load: async () => (await import('./commands/cache-clean.ts')).cacheClean,
  },
  {
    name: 'chart template',
    summary: "render one chart, with helm template's flags and output",
    load: async () => (await import('./commands/chart-template.ts')).chartTemplate,
  },
  {
    name: 'chart lint',
    summary: 'tell what is wrong with charts, as helm lint does',
    load: async () => (await import('./commands/chart-lint.ts')).chartLint,
  },
  {
    name: 'chart package',
    summary: 'pack a chart into an archive, and sign it',
    load: async () => (await import('./commands/chart-package.ts')).chartPackage,
  },
  {
    name: 'chart push',
    summary: 'publish an archive in a registry',
    load: async () => (await import('./commands/chart-push.ts')).chartPush,
  },
  {
    name: 'chart pull',
    summary: 'fetch a chart as an archive or a folder',
    load: async () => (await import('./commands/chart-pull.ts')).chartPull,
  },
  {
    name: 'chart show',
    summary: 'show what a chart says of itself, its values or its CRDs',
    load: async () => (await import('./commands/chart-show.ts')).chartShow,
  },
  {
    name: 'chart verify',
    summary: 'check who signed an archive',
    load: async () => (await import('./commands/chart-verify.ts')).chartVerify,
  },
  {
    name: 'chart login',
    summary: 'keep user and password of a registry, where Helm looks for them',
    load: async () => (await import('./commands/chart-login.ts')).chartLogin,
  },
  {
    name: 'chart logout',
    summary: 'forget user and password of a registry',
    load: async () => (await import('./commands/chart-logout.ts')).chartLogout,
  },
  {
    name: 'chart unittest',
    summary: "run the suites of charts' unit tests, as helm-unittest does",
    load: async () => (await import('./commands/chart-unittest.ts')).chartUnittest,
  },
  { name: 'chart create', summary: 'write a new chart', load: async () => (await import('./commands/chart-create.ts')).chartCreate },
  { name: 'create', summary: 'write a new state file with its folders', load: async () => (await import('./commands/create.ts')).create },
  { name: 'init', summary: 'check that all is there that a run needs', load: async () => (await import('./commands/init.ts')).init },
  {
    name: 'sandbox',
    summary: 'run a Kubernetes API server for try-outs until Ctrl-C',
    load: async () => (await import('./commands/sandbox.ts')).sandbox,
  },
  { name: 'completion', summary: 'print the completion script for a shell', load: async () => (await import('./commands/completion.ts')).completion },
  { name: 'help', summary: 'show the help of a command', load: async () => (await import('./commands/help.ts')).help },
  { name: 'ver', summary: "version, by Helmfile's short name", load: async () => (await import('./commands/version.ts')).version },
  { name: 'version', summary: 'print the version', load: async () => (await import('./commands/version.ts')).version },
]
