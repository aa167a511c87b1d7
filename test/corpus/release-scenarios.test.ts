import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { loadChart } from '../../src/chart/load-chart.ts'
import { processDependencies } from '../../src/chart/process-dependencies.ts'
import type { Plain } from '../../src/go/plain.ts'
import { fromPlain } from '../../src/go/plain.ts'
import type { GoMap } from '../../src/go/values.ts'
import type { KubeObject } from '../../src/kinds/kube-object.ts'
import { cleanObject } from '../../src/plan/clean-object.ts'
import type { PlanResult } from '../../src/plan/events.ts'
import type { DesiredRelease } from '../../src/plan/plan.ts'
import { planTest } from '../../src/plan/plan-test.ts'
import { decodeRecord } from '../../src/release/codec.ts'
import { managedFieldsOf } from '../../src/release/field-managers.ts'
import { parseManifest } from '../../src/release/parse-manifest.ts'
import type { Revision } from '../../src/release/record.ts'
import { readHistory, revisionOf } from '../../src/release/storage.ts'
import { serverKubeVersion } from '../../src/render/capabilities.ts'
import { renderChart } from '../../src/render/render-chart.ts'
import type { Release, ReleaseOptions } from '../../src/state/state.ts'
import { skipWithout, unpackedCorpus } from '../support/corpus.ts'
import { type Cluster, release, startCluster } from '../support/desired-release.ts'
import { planRuns } from '../support/plan-runs.ts'

const ARCHIVE = 'releases.tar.xz'

interface Step {
  readonly helm: number
  readonly args: readonly string[]
  readonly exit: number
}

let cluster: Cluster
const runs = planRuns(() => cluster)

/** What Helm was told, as a release of a state. */
function releaseOf(namespace: string, step: Step): Release {
  const { args } = step
  const value = (flag: string): string | undefined =>
    args.find((arg) => arg.startsWith(`${flag}=`))?.slice(flag.length + 1) ?? args[args.indexOf(flag) + 1 || args.length]
  const timeout = value('--timeout')
  const historyMax = value('--history-max')
  const description = value('--description')
  const serverSide = step.helm === 3 ? 'false' : (value('--server-side') as ReleaseOptions['serverSide'])
  return release(`${namespace}/app`, {
    options: {
      atomic: args.includes('--rollback-on-failure'),
      keepHistory: args.includes('--keep-history'),
      ...(timeout ? { timeout: Number.parseInt(timeout, 10) } : {}),
      ...(historyMax ? { historyMax: Number(historyMax) } : {}),
      ...(description ? { description } : {}),
      ...(serverSide ? { serverSide } : {}),
    },
  })
}

/** What was rendered when this record was made. */
function desiredOf(recorded: Revision): DesiredRelease {
  const chart = recorded.chart as NonNullable<Revision['chart']>
  const file = ({ name, data }: { readonly name: string; readonly data: string }) => ({ name, data: Buffer.from(data, 'base64') })
  const rendered = (text: string, path = '') => parseManifest(text).map((object) => ({ path, text, object }))
  const crds = chart.files
    .filter(({ name }) => name.startsWith('crds/'))
    .flatMap((crd) => rendered(Buffer.from(crd.data, 'base64').toString('utf8'), crd.name))
  return {
    chart: {
      metadata: chart.metadata,
      lock: chart.lock,
      schema: null,
      raw: [],
      dependencies: [],
      origin: '/demo',
      valuesSource: { name: 'values.yaml', text: '' },
      values: fromPlain(chart.values) as GoMap,
      templates: chart.templates.map(file),
      files: chart.files.map(file),
    },
    config: recorded.config as { readonly [key: string]: Plain },
    rendered: {
      objects: rendered(recorded.manifest),
      hooks: recorded.hooks.map((hook) => ({
        ...hook,
        text: hook.manifest,
        object: parseManifest(hook.manifest)[0] as KubeObject,
        weight: hook.weight ?? 0,
        deletePolicies: hook.deletePolicies ?? [],
        outputLogPolicies: hook.outputLogPolicies ?? [],
      })),
      crds,
      manifest: recorded.manifest,
      notes: recorded.info.notes ?? '',
      warnings: [],
    },
  }
}

/** What the scenario's own chart gives for the values in this record. */
async function renderedFor(folder: string, recorded: Revision): Promise<DesiredRelease> {
  const isInstall = recorded.info.firstDeployed === recorded.info.lastDeployed
  const chart = await loadChart(cluster.host, folder)
  const discovery = await cluster.client.discovery({ refresh: true })
  const { apiVersions } = discovery
  const kubeVersion = serverKubeVersion(await cluster.client.version())
  const values = fromPlain(recorded.config) as GoMap
  const rendered = renderChart(chart, values, {
    host: cluster.host,
    release: { name: recorded.name, namespace: recorded.namespace, revision: isInstall ? 1 : recorded.version, isUpgrade: !isInstall },
    capabilities: { kubeVersion, apiVersions, helmVersion: 'v4.3.1' },
  })
  return { chart: processDependencies(chart, values, () => {}), config: recorded.config, rendered }
}

/** A record without what differs from run to run: times, and labels that only Helm's own command line sets. */
function comparable(revision: Revision, isHelm3: boolean): unknown {
  const { info, chart, hooks, labels: _labels, applyMethod, ...rest } = revision
  const file = ({ name, data }: { readonly name: string; readonly data: string }) => ({ name, data })
  return {
    ...rest,
    ...(isHelm3 ? {} : { applyMethod }),
    info: {
      status: info.status,
      description: info.description,
      notes: info.notes,
      ...(isHelm3 ? {} : { rollbackRevision: info.rollbackRevision }),
      wasDeleted: info.deleted !== '',
    },
    chart: chart && {
      metadata: chart.metadata,
      lock: chart.lock,
      values: chart.values,
      schema: chart.schema,
      templates: chart.templates.map(file),
      files: chart.files.map(file),
    },
    hooks: hooks.map(({ lastRun, deletePolicies: _policies, ...hook }) => ({
      ...hook,
      phase: lastRun.phase,
      ran: lastRun.startedAt !== '',
      ended: lastRun.completedAt !== '',
    })),
  }
}

/** Fields whose values the cluster makes up. */
const VOLATILE: Readonly<Record<string, readonly string[]>> = { Service: ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy'] }

/** A live object as far as a release decides about it, and who owns its fields by which operation. */
function comparableObject(object: KubeObject): unknown {
  const clean = cleanObject(object) as KubeObject & { readonly spec?: Record<string, unknown> }
  const spec = clean.spec && Object.fromEntries(Object.entries(clean.spec).filter(([key]) => !VOLATILE[clean.kind]?.includes(key)))
  const managers = managedFieldsOf(object)
    .filter((entry) => entry.manager === 'helm')
    .map((entry) => ({ operation: entry.operation, fields: entry.fieldsV1 }))
  return { ...clean, ...(spec ? { spec } : {}), managers }
}

const COMPARED_KINDS: readonly string[] = ['ConfigMap', 'Secret', 'Service', 'Deployment', 'Widget']

async function run(step: Step, namespace: string, recorded: Revision | undefined, folder: string): Promise<PlanResult> {
  const [verb] = step.args
  const wanted = releaseOf(namespace, step)
  if (verb === 'rollback') return runs.execute(await runs.rollback(wanted, Number(step.args[2])))
  if (verb === 'uninstall') return runs.execute(await runs.destroy([wanted]))
  if (verb === 'test') {
    return runs.execute(
      await planTest(cluster.host, { environment: 'default', release: wanted, clientFor: async () => cluster.client, timeoutMs: 20 }),
    )
  }
  // Reused values change the chart's own, too, and Helm 3 keeps texts without their last line break: neither is this test's matter.
  const isOther = step.helm === 3 || step.args.includes('--reuse-values')
  const desired = isOther
    ? desiredOf(recorded as Revision)
    : await renderedFor(join(folder, step.args.find((arg) => arg.startsWith('chart-')) as string), recorded as Revision)
  return runs.sync([wanted], { [wanted.id]: desired }, { always: true })
}

describe('recorded release scenarios', { skip: skipWithout(ARCHIVE) }, () => {
  before(async () => {
    // The recorded tests never end: pods take longer here than tests may.
    cluster = await startCluster({ readyAfterMs: 100 })
  })
  after(async () => {
    await cluster.client.delete({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name: 'widgets.demo.example' })
    await cluster.close()
  })

  for (const scenario of ['first-install-fails', 'helm4', 'helm4-client-side', 'helm3', 'helm3-then-helm4', 'atomic']) {
    test(`${scenario}: the same records and objects after every step`, async () => {
      const folder = join(unpackedCorpus(ARCHIVE), scenario)
      const read = <T>(name: string): T => JSON.parse(readFileSync(join(folder, name), 'utf8')) as T
      const files = new Set(readdirSync(folder))
      let before = 0
      for (const [index, step] of read<Step[]>('steps.json').entries()) {
        const number = String(index + 1).padStart(2, '0')
        const label = `${number} ${step.args.join(' ')}`
        // Here the plan refuses, and nothing is recorded.
        if (step.args.includes('--force-replace')) continue
        const records = files.has(`${number}.records.json`)
          ? read<{ secret: KubeObject }[]>(`${number}.records.json`).map(({ secret }) => decodeRecord(secret))
          : []
        const result = await run(
          step,
          scenario,
          records.find((record) => record.version > before),
          folder,
        )
        assert.equal(result.succeeded, step.exit === 0, `${label}: ${JSON.stringify(result.releases[0]?.diagnostics)}`)
        const ours = (await readHistory(cluster.client, { namespace: scenario, name: 'app' })).map(revisionOf)
        const isHelm3 = step.helm === 3
        assert.deepEqual(
          ours.map((record) => comparable(record, isHelm3)),
          records.map((record) => comparable(record, isHelm3)),
          label,
        )
        if (isHelm3)
          await leaveAsHelm3Did(
            scenario,
            read<{ secret: KubeObject }[]>(`${number}.records.json`).map(({ secret }) => secret),
          )
        await compareObjects(scenario, read<KubeObject[]>(`${number}.objects.json`), label)
        before = Math.max(before, ...records.map((record) => record.version))
      }
    })
  }
})

/** The records that Helm 3 wrote at this point take the place of ours, which it would have written differently. */
async function leaveAsHelm3Did(namespace: string, secrets: readonly KubeObject[]): Promise<void> {
  for (const { metadata, ...secret } of secrets) {
    const { name, labels = {} } = metadata
    await cluster.client.replace({ ...secret, apiVersion: 'v1', kind: 'Secret', metadata: { name: name ?? '', namespace, labels } } as KubeObject)
  }
}

async function compareObjects(namespace: string, recorded: readonly KubeObject[], label: string): Promise<void> {
  const isCompared = ({ kind, metadata }: KubeObject): boolean =>
    COMPARED_KINDS.includes(kind) && !metadata.name?.startsWith('sh.helm') && metadata.name !== 'kube-root-ca.crt' && !metadata.deletionTimestamp
  const namesOf = (objects: readonly KubeObject[]): readonly string[] =>
    objects.filter(isCompared).map(({ kind, metadata }) => `${kind} ${metadata.name}`)
  const kinds = [
    ...new Set(recorded.filter(isCompared).map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)),
    'v1 ConfigMap',
    'v1 Service',
    'apps/v1 Deployment',
  ]
  const lists = [...new Set(kinds)].map(async (name) => {
    const [apiVersion = '', kind = ''] = name.split(' ')
    return cluster.client.list(apiVersion, kind, { namespace })
  })
  assert.deepEqual([...namesOf((await Promise.all(lists)).flat())].sort(), [...namesOf(recorded)].sort(), label)
  for (const object of recorded.filter(isCompared)) {
    const live = await cluster.client.get({ apiVersion: object.apiVersion, kind: object.kind, namespace, name: object.metadata.name ?? '' })
    assert.deepEqual(live && comparableObject(live), comparableObject(object), `${label}: ${object.kind} ${object.metadata.name}`)
  }
}
