import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { snapshotOf } from '../support/cluster-snapshot.ts'
import { type Cluster, startCluster } from '../support/desired-release.ts'
import { findHelm, runHelm } from '../support/helm.ts'
import { type ChartOptions, configMap, deployment, inScenario, job, type Scenario, service } from '../support/scenario.ts'

let cluster: Cluster
before(async () => {
  cluster = await startCluster()
})
after(async () => cluster.close())

interface ChartForm {
  readonly templates: Readonly<Record<string, string>>
  readonly options?: ChartOptions
}

interface Step {
  readonly verb: 'deploy' | 'rollback' | 'test' | 'uninstall'
  readonly chart?: ChartForm
  readonly values?: Readonly<Record<string, unknown>>
  readonly revision?: number
  readonly keepHistory?: boolean
  readonly serverSide?: boolean
  readonly fails?: boolean
  /** Ask Helm what it says afterwards. */
  readonly look?: boolean
  /** Who does it, whoever's turn it is. */
  readonly by?: Player
}

/** What is there after each step: `STEP VERB: OBJECT`. */
type View = Readonly<Record<string, unknown>>

type Player = (scenario: Scenario, step: Step) => Promise<void>

/** What Helm prints; it must fail where that is asked for, and only there. */
async function helm(
  s: Scenario,
  args: readonly string[],
  { major = 4, fails = false }: { readonly major?: 3 | 4; readonly fails?: boolean } = {},
): Promise<string> {
  const outcome = await runHelm(cluster.kubeconfig, [...args, '--namespace', s.namespace], { major, cwd: s.folder })
  assert.equal(outcome.succeeded, !fails, `helm ${args.join(' ')}\n${outcome.stderr}`)
  return outcome.stdout
}

const byHelm: Player = async (s, step) => helmStep(4, s, step)
const byHelm3: Player = async (s, step) => helmStep(3, s, step)

async function helmStep(major: 3 | 4, s: Scenario, { verb, values = {}, revision, keepHistory, serverSide, fails = false }: Step): Promise<void> {
  writeFileSync(join(s.folder, 'values.json'), JSON.stringify(values))
  const deploy = [
    'upgrade',
    '--install',
    'app',
    './demo',
    '--values',
    'values.json',
    '--create-namespace',
    '--reset-values',
    ...(serverSide ? ['--server-side=true'] : []),
  ]
  const commands = {
    deploy,
    rollback: ['rollback', 'app', String(revision ?? 0)],
    test: ['test', 'app'],
    uninstall: ['uninstall', 'app', ...(keepHistory ? ['--keep-history'] : [])],
  }
  await helm(s, commands[verb], { major, fails })
}

const byFlotilla: Player = async (s, { verb, values = {}, revision, keepHistory, serverSide, fails = false }) => {
  s.state({ values: [values], ...(serverSide ? { serverSide: 'true' } : {}) })
  const commands = {
    deploy: ['sync'],
    rollback: ['rollback', 'app', ...(revision ? [String(revision)] : [])],
    test: ['test'],
    uninstall: ['destroy', ...(keepHistory ? ['--keep-history'] : [])],
  }
  await s.run(fails ? 1 : 0, ...commands[verb])
}

const HELM_ALONE: readonly Player[] = [byHelm]

const casts: Readonly<Record<string, readonly Player[]>> = {
  'Flotilla alone': [byFlotilla],
  'Helm and Flotilla by turns': [byHelm, byFlotilla],
  'Flotilla and Helm by turns': [byFlotilla, byHelm],
}

/** What Helm says about the release, without times. */
async function helmsView(s: Scenario): Promise<unknown> {
  const listed = JSON.parse(await helm(s, ['list', '--output', 'json'])) as { readonly updated: string }[]
  if (listed.length === 0) return undefined
  const history = JSON.parse(await helm(s, ['history', 'app', '--output', 'json'])) as { readonly updated: string }[]
  const all = await helm(s, ['get', 'all', 'app'])
  return {
    listed: listed.map(({ updated: _updated, ...rest }) => JSON.parse(JSON.stringify(rest).replaceAll(s.namespace, 'NS'))),
    history: history.map(({ updated: _updated, ...rest }) => rest).map((line) => JSON.parse(JSON.stringify(line).replaceAll(s.namespace, 'NS'))),
    all: all.replaceAll(s.namespace, 'NS').replace(/^(LAST DEPLOYED|Last Started|Last Completed):.*$/gm, '$1: TIME'),
  }
}

async function play(s: Scenario, steps: readonly Step[], players: readonly Player[]): Promise<View> {
  const views: Record<string, unknown> = {}
  for (const [index, step] of steps.entries()) {
    if (step.chart) s.chart(step.chart.templates, step.chart.options)
    const player = step.by ?? (players[index % players.length] as Player)
    await player(s, step).catch((error: unknown) => {
      throw new Error(`step ${index + 1}, ${step.verb}`, { cause: error })
    })
    const seen = { ...(await snapshotOf(cluster, s)), ...(step.look ? { helm: await helmsView(s) } : {}) }
    for (const [key, value] of Object.entries(seen)) views[`${index + 1} ${step.verb}: ${key}`] = value
  }
  return views
}

function compare(title: string, steps: readonly Step[], skip: string | false = false): void {
  describe(title, { skip }, () => {
    const views = new Map<readonly Player[], Promise<View>>()
    before(() => {
      for (const players of [HELM_ALONE, ...Object.values(casts)]) {
        const view = inScenario(cluster, (s) => play(s, steps, players))
        // Whoever waits for it gets the error; until then nobody does.
        view.catch(() => undefined)
        views.set(players, view)
      }
    })
    for (const [name, players] of Object.entries(casts)) {
      test(`${name} leave what Helm alone leaves`, async () => {
        const [expected = {}, actual = {}] = await Promise.all([views.get(HELM_ALONE), views.get(players)])
        const missing = Object.keys(expected).filter((key) => !(key in actual))
        const additional = Object.keys(actual).filter((key) => !(key in expected))
        assert.deepEqual({ missing, additional }, { missing: [], additional: [] })
        for (const [key, value] of Object.entries(expected)) assert.deepEqual({ [key]: actual[key] }, { [key]: value })
      })
    }
  })
}

const settings = configMap('settings', {
  value: '{{ .Values.value }}',
  revision: 'r{{ .Release.Revision }}',
  kind: '{{ if .Release.IsUpgrade }}upgrade{{ else }}install{{ end }}',
})
const secret = '---\napiVersion: v1\nkind: Secret\nmetadata: {name: token}\nstringData: {token: {{ .Values.value | quote }}}\n'
const account = '---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web}\n'
const notes = 'Hello {{ .Release.Name }}, revision {{ .Release.Revision }}\n'

describe('Helm 4, Flotilla, and both by turns on equal releases', {
  skip: findHelm() === undefined ? 'no Helm 4 found (set FLOTILLA_HELM)' : false,
}, () => {
  const web = deployment('web').replace('"demo:1"', '"demo:{{ .Values.tag }}"')
  const one: ChartForm = {
    templates: { 'all.yaml': settings + secret + account + web + service('web'), 'NOTES.txt': notes },
    options: { values: { value: 'one', tag: 'a' } },
  }
  const two: ChartForm = {
    templates: { 'all.yaml': settings + web, 'NOTES.txt': notes },
    options: { version: '2.0.0', values: { value: 'two', tag: 'b' } },
  }
  // Nothing new in it but what is refused: what a failed upgrade leaves Helm forgets, and Flotilla takes away with the next one.
  const invalid: ChartForm = { templates: { 'all.yaml': settings + web + service('web', 99999) }, options: { values: { value: 'bad', tag: 'a' } } }
  const immutable: ChartForm = { templates: { 'all.yaml': settings + deployment('web', { app: 'other' }) }, options: { values: { value: 'bad' } } }

  compare('workloads', [
    { verb: 'deploy', chart: one },
    { verb: 'deploy', chart: one, values: { value: 'changed', list: [1, 2.5, true, null, 'x'], big: 12345678 } },
    { verb: 'deploy', chart: two, values: { tag: 'c' } },
    { verb: 'deploy', chart: invalid, fails: true },
    { verb: 'deploy', chart: immutable, fails: true },
    { verb: 'deploy', chart: two },
    { verb: 'rollback', revision: 2 },
    { verb: 'rollback', look: true },
    { verb: 'uninstall', keepHistory: true, look: true },
    { verb: 'deploy', chart: one },
    { verb: 'deploy', chart: one, values: { value: 'last' } },
    { verb: 'uninstall' },
  ])

  const hook = (event: string, weight: number, more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
    'helm.sh/hook': event,
    'helm.sh/hook-weight': String(weight),
    ...more,
  })
  const hooks =
    job('before', hook('pre-install,pre-upgrade,pre-rollback', 1)) +
    configMap(
      'first',
      { x: '{{ .Values.value }}' },
      hook('pre-install,pre-upgrade', -1, { 'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded' }),
    ) +
    job('after', hook('post-install,post-rollback', 0, { 'helm.sh/hook-delete-policy': 'hook-succeeded' })) +
    job('last', hook('post-delete', 0)) +
    job('check', hook('test', 0)) +
    job('check-too', hook('test', 1), { fail: '{{ .Values.fail }}' })
  const failing = job('breaks', hook('post-upgrade', 0, { 'helm.sh/hook-delete-policy': 'hook-failed' }), { fail: 'JobFailed' })
  const hooked = (more = ''): ChartForm => ({ templates: { 'all.yaml': settings + hooks + more }, options: { values: { value: 'one', fail: '' } } })

  compare('hooks and tests', [
    { verb: 'deploy', chart: hooked() },
    { verb: 'test' },
    { verb: 'deploy', chart: hooked(), values: { value: 'two', fail: 'JobFailed' } },
    { verb: 'test', fails: true },
    { verb: 'deploy', chart: hooked(failing), fails: true },
    { verb: 'rollback', revision: 1 },
    { verb: 'deploy', chart: hooked(), look: true },
    { verb: 'uninstall' },
  ])

  compare('a first install that fails', [
    { verb: 'deploy', chart: invalid, fails: true },
    { verb: 'deploy', chart: invalid, fails: true },
    { verb: 'deploy', chart: one },
    { verb: 'deploy', chart: two },
    { verb: 'rollback' },
    { verb: 'uninstall', keepHistory: true },
    { verb: 'rollback', revision: 3, look: true },
    { verb: 'uninstall' },
  ])

  compare(
    'a release of Helm 3',
    // At most nine revisions before it is installed again: Helm takes the name of the tenth for older than that of the ninth.
    [
      { verb: 'deploy', chart: one, by: byHelm3 },
      { verb: 'deploy', chart: one, values: { value: 'changed' } },
      { verb: 'deploy', chart: two },
      { verb: 'deploy', chart: invalid, fails: true },
      { verb: 'rollback', revision: 1, by: byHelm3 },
      { verb: 'rollback', revision: 2 },
      { verb: 'deploy', chart: one, serverSide: true },
      { verb: 'rollback', revision: 1, by: byHelm3 },
      { verb: 'deploy', chart: one, look: true },
      { verb: 'uninstall', keepHistory: true, by: byHelm3 },
      { verb: 'deploy', chart: one },
      { verb: 'uninstall', by: byHelm3 },
    ],
    findHelm(3) === undefined ? 'no Helm 3 found (set FLOTILLA_HELM3)' : false,
  )

  compare(
    'hooks of a release of Helm 3',
    [
      { verb: 'deploy', chart: hooked(), by: byHelm3 },
      { verb: 'test' },
      { verb: 'deploy', chart: hooked(), values: { value: 'two' } },
      { verb: 'rollback' },
      { verb: 'deploy', chart: hooked(failing), fails: true },
      { verb: 'deploy', chart: hooked() },
      { verb: 'uninstall' },
    ],
    findHelm(3) === undefined ? 'no Helm 3 found (set FLOTILLA_HELM3)' : false,
  )
})
