import type { KubeObject } from '../../src/kinds/kube-object.ts'
import type { Revision } from '../../src/release/record.ts'
import { readHistory, revisionOf } from '../../src/release/storage.ts'
import type { Cluster } from './desired-release.ts'
import type { Scenario } from './scenario.ts'

const KINDS: readonly (readonly [string, string])[] = [
  ['v1', 'ConfigMap'],
  ['v1', 'Secret'],
  ['v1', 'Service'],
  ['v1', 'ServiceAccount'],
  ['apps/v1', 'Deployment'],
  ['batch/v1', 'Job'],
]

/** Who made fields its own in an object: only Helm's and our entries, controllers come when they like. */
const MANAGERS: ReadonlySet<string> = new Set(['helm', 'Helm'])
const VOLATILE: ReadonlySet<string> = new Set([
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'selfLink',
  'generation',
  'time',
  'status',
  'clusterIP',
  'clusterIPs',
  'deployment.kubernetes.io/revision',
])

function withoutVolatile(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutVolatile)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !VOLATILE.has(key))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, withoutVolatile(item)]),
  )
}

interface Entry {
  readonly manager: string
  readonly operation: string
}

function comparable(object: KubeObject): unknown {
  const entries = ((object.metadata['managedFields'] ?? []) as readonly Entry[]).filter(({ manager }) => MANAGERS.has(manager))
  const managedFields = [...entries].sort((a, b) => (a.operation < b.operation ? -1 : 1))
  return withoutVolatile({ ...object, metadata: { ...object.metadata, managedFields } })
}

function isOurs({ kind, metadata, ...object }: KubeObject): boolean {
  return (
    object['type'] !== 'helm.sh/release.v1' && metadata.name !== 'kube-root-ca.crt' && !(kind === 'ServiceAccount' && metadata.name === 'default')
  )
}

/** Objects, their Helm field managers, and the release's records, by name; without times and what the cluster makes up, the namespace as `NS`. */
export async function snapshotOf(cluster: Cluster, scenario: Scenario): Promise<Readonly<Record<string, unknown>>> {
  const { namespace } = scenario
  const lists = await Promise.all(KINDS.map(([apiVersion, kind]) => cluster.client.list(apiVersion, kind, { namespace })))
  const objects = lists.flat().filter((object) => isOurs(object) && !object.metadata.deletionTimestamp)
  const made = await cluster.client.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace })
  const records = await readHistory(cluster.client, { namespace, name: 'app' })
  const found = [
    // Not who owns its fields: Helm applies it again over one that is there, which we leave alone.
    ['Namespace', neutral(made?.metadata.labels ?? {}, '', namespace)] as const,
    ...objects.map(
      (object) => [`${object.kind}/${object.metadata.name}`, neutral(comparable(object), object.metadata.uid ?? '', namespace)] as const,
    ),
    ...records.map((record) => [record.object.metadata.name, neutral(comparableRecord(record.object, revisionOf(record)), '', namespace)] as const),
  ]
  return Object.fromEntries(found)
}

function neutral(value: unknown, uid: string, namespace: string): unknown {
  const text = JSON.stringify(value).replaceAll(namespace, 'NS')
  return JSON.parse(uid === '' ? text : text.replaceAll(uid, 'UID'))
}

function comparableRecord(object: KubeObject, revision: Revision): unknown {
  const { info, chart, hooks, labels: _labels, ...rest } = revision
  const { firstDeployed: _first, lastDeployed: _last, deleted, ...facts } = info
  const { modifiedAt, createdAt, ...labels } = object.metadata.labels ?? {}
  const { data: _data, ...shell } = comparable(object) as { readonly data: unknown; readonly metadata: object }
  const stamped = { modifiedAt: modifiedAt !== undefined, createdAt: createdAt !== undefined }
  return {
    ...shell,
    metadata: { ...shell.metadata, labels, stamped },
    revision: {
      ...rest,
      info: { ...facts, wasDeleted: deleted !== '' },
      chart: chart && chartOf(chart),
      hooks: hooks.map(({ lastRun, ...hook }) => ({
        ...hook,
        phase: lastRun.phase,
        ran: lastRun.startedAt !== '',
        ended: lastRun.completedAt !== '',
      })),
    },
  }
}

function chartOf({ templates, files, ...rest }: NonNullable<Revision['chart']>): unknown {
  return { ...(withoutModtime(rest) as object), templates: templates.map(fileOf), files: files.map(fileOf) }
}

function withoutModtime<T extends object>(chart: T): unknown {
  return Object.fromEntries(Object.entries(chart).filter(([key]) => key !== 'modtime'))
}

function fileOf({ name, data }: { readonly name: string; readonly data: string }): unknown {
  return { name, data }
}
