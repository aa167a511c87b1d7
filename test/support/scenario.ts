import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KubeObject } from '../../src/kinds/kube-object.ts'
import { readHistory, revisionOf } from '../../src/release/storage.ts'
import { type CommandOptions, type Outcome, runFlotilla } from './command-line.ts'
import type { Cluster } from './desired-release.ts'
import { writeFiles } from './write-files.ts'

/** One environment of one test: a folder with a state file and a chart, and a namespace of its own. */
export interface Scenario {
  readonly namespace: string
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** The chart's templates by file name become exactly these. */
  chart(templates: Readonly<Record<string, string>>, options?: ChartOptions): void
  /** The state file: one release `app` of the chart, with these fields. */
  state(fields?: Readonly<Record<string, unknown>>): void
  /** The state file with these releases; `namespace` and `chart` are filled in. */
  releases(...releases: readonly Readonly<Record<string, unknown>>[]): void
  /** Runs a command and requires its exit code. */
  run(exit: number, ...args: readonly string[]): Promise<Outcome>
  runWith(options: Pick<CommandOptions, 'onOutput'>, exit: number, ...args: readonly string[]): Promise<Outcome>
  /** Applies; then a diff must be empty. */
  apply(...args: readonly string[]): Promise<Outcome>
  /** Applies, which must fail. */
  applyFails(...args: readonly string[]): Promise<Outcome>
  /** Syncs, which must fail: it writes what apply would not begin. */
  syncFails(...args: readonly string[]): Promise<Outcome>
  /** `REVISION STATUS DESCRIPTION` of each record, oldest first. */
  history(name?: string): Promise<readonly string[]>
  live(apiVersion: string, kind: string, name: string): Promise<KubeObject | undefined>
  /** Kind/name of what is there of these kinds, but for what the cluster makes itself. */
  names(...kinds: readonly string[]): Promise<readonly string[]>
}

export interface ChartOptions {
  readonly name?: string
  readonly version?: string
  readonly values?: Readonly<Record<string, unknown>>
  readonly crds?: Readonly<Record<string, string>>
}

let count = 0

/** Runs `work` in a fresh environment on `cluster`; its folder goes afterwards, its namespace when the cluster is closed. */
export async function inScenario<T>(cluster: Cluster, work: (scenario: Scenario) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-lifecycle-'))
  count += 1
  try {
    return await work(scenarioIn(cluster, folder, `t-cluster-${process.pid}-${count}`))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function writeChart(folder: string, templates: Readonly<Record<string, string>>, options: ChartOptions): void {
  const { name = 'demo', version = '1.0.0', values = {}, crds = {} } = options
  const chart = join(folder, name)
  rmSync(chart, { recursive: true, force: true })
  writeFiles(chart, { 'Chart.yaml': JSON.stringify({ apiVersion: 'v2', name, version, appVersion: version }), 'values.yaml': JSON.stringify(values) })
  writeFiles(join(chart, 'templates'), templates)
  writeFiles(join(chart, 'crds'), crds)
}

function scenarioIn(cluster: Cluster, folder: string, namespace: string): Scenario {
  const env = { PATH: process.env['PATH'], HOME: folder, KUBECONFIG: cluster.kubeconfig }
  const runWith: Scenario['runWith'] = async (options, exit, ...args) => {
    const outcome = await runFlotilla(args, { cwd: folder, env, ...options })
    assert.equal(outcome.exit, exit, `flotilla ${args.join(' ')}\n${outcome.stdout}${outcome.stderr}`)
    return outcome
  }
  const run: Scenario['run'] = (exit, ...args) => runWith({}, exit, ...args)
  const releases: Scenario['releases'] = (...list) =>
    writeFiles(folder, {
      'helmfile.yaml': `releases:\n${list.map((fields) => `- ${JSON.stringify({ namespace, chart: './demo', ...fields })}\n`).join('')}`,
    })
  return {
    namespace,
    folder,
    env,
    chart: (templates, options = {}) => writeChart(folder, templates, options),
    state: (fields = {}) => releases({ name: 'app', ...fields }),
    releases,
    run,
    runWith,
    apply: async (...args) => {
      const outcome = await run(0, 'apply', '--suppress-diff', ...args)
      const after = await run(0, 'diff', ...args)
      assert.match(after.stdout, /^Plan: \d+ unchanged\n$|^Plan: nothing to do\n$/, 'a diff after apply is empty')
      return outcome
    },
    applyFails: (...args) => run(1, 'apply', '--suppress-diff', ...args),
    syncFails: (...args) => run(1, 'sync', ...args),
    history: async (name = 'app') =>
      (await readHistory(cluster.client, { namespace, name }))
        .map(revisionOf)
        .map(({ version, info }) => `${version} ${info.status} ${info.description}`),
    live: (apiVersion, kind, name) => cluster.client.get({ apiVersion, kind, namespace, name }),
    names: async (...kinds) => {
      const found = await Promise.all(
        kinds.map((kind) => cluster.client.list(kind === 'Deployment' ? 'apps/v1' : kind === 'Job' ? 'batch/v1' : 'v1', kind, { namespace })),
      )
      return found
        .flat()
        .filter(
          ({ metadata, ...object }) => metadata.name !== 'kube-root-ca.crt' && object['type'] !== 'helm.sh/release.v1' && !metadata.deletionTimestamp,
        )
        .map(({ kind, metadata }) => `${kind}/${metadata.name}`)
        .sort()
    },
  }
}

/** A ConfigMap in a chart. */
export function configMap(name: string, data: Readonly<Record<string, string>>, annotations: Readonly<Record<string, string>> = {}): string {
  return `---\n${JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, annotations }, data }, null, 2)}\n`
}

export interface WorkloadOptions {
  readonly app?: string
  readonly replicas?: number
  readonly image?: string
  /** What the pods are to come to: `CrashLoopBackOff`, `JobFailed`, … */
  readonly fail?: string
}

function podTemplate(app: string, { image = 'demo:1', fail }: WorkloadOptions, restartPolicy = 'Always'): unknown {
  const annotations = fail ? { 'sandbox.flotilla.dev/fail': fail } : {}
  return { metadata: { labels: { app }, annotations }, spec: { restartPolicy, containers: [{ name: 'main', image }] } }
}

/** A Deployment in a chart. */
export function deployment(name: string, options: WorkloadOptions = {}): string {
  const app = options.app ?? name
  const spec = { replicas: options.replicas ?? 1, selector: { matchLabels: { app } }, template: podTemplate(app, options) }
  return `---\n${JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec }, null, 2)}\n`
}

/** A Job in a chart, a hook where annotations say so. */
export function job(name: string, annotations: Readonly<Record<string, string>> = {}, options: WorkloadOptions = {}): string {
  const spec = { backoffLimit: 0, template: podTemplate(name, options, 'Never') }
  return `---\n${JSON.stringify({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name, annotations }, spec }, null, 2)}\n`
}

/** A Service in a chart; port 99999 is one that every API server refuses. */
export function service(name: string, port = 80): string {
  return `---\n${JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { selector: { app: name }, ports: [{ port }] } }, null, 2)}\n`
}
