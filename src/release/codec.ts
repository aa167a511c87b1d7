/*
 * Revisions to storage objects and back: Secrets of type helm.sh/release.v1 named sh.helm.release.v1.NAME.vN, whose data is
 * base64 of gzip of JSON (and base64 once more, as every Secret's data). Reads what Helm 3 and Helm 4 write; writes what
 * Helm 4 writes, byte for byte inside the JSON. Source: Helm 4.3.1 pkg/storage/driver/{util,secrets}.go, pkg/release/v1,
 * pkg/chart/v2. Cases: test/corpus/release-records.test.ts.
 */
import { gunzipSync, gzipSync } from 'node:zlib'
import { failure } from '../base/diagnostic.ts'
import type { ChartDependency, ChartLock, ChartMetadata } from '../chart/chart.ts'
import type { Plain } from '../go/plain.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import { encodeGoJson, OrderedFields } from './go-json.ts'
import type { HookRun, ReleaseStatus, Revision, RevisionInfo, StoredChart, StoredFile, StoredHook } from './record.ts'

const ZERO_TIME = '0001-01-01T00:00:00Z'
/** A record is at most 1 MiB in the cluster; what unpacks to more than this is no honest record. */
const MAX_RECORD_BYTES = 256 * 1024 * 1024
const SYSTEM_LABELS: ReadonlySet<string> = new Set(['name', 'owner', 'status', 'version', 'createdAt', 'modifiedAt'])

/** The name of the storage object of one revision. */
export function recordName(release: string, version: number): string {
  return `sh.helm.release.v1.${release}.v${version}`
}

/** True for label keys that Helm keeps for itself. */
export function isSystemLabel(key: string): boolean {
  return SYSTEM_LABELS.has(key)
}

/** The storage object of `revision`. `stamp` says when it is written, in seconds since the epoch. */
export function encodeRecord(revision: Revision, stamp: { readonly label: 'createdAt' | 'modifiedAt'; readonly seconds: number }): KubeObject {
  const payload = gzipSync(Buffer.from(encodeRevisionJson(revision), 'utf8'), { level: 9 }).toString('base64')
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: recordName(revision.name, revision.version),
      namespace: revision.namespace,
      labels: {
        ...revision.labels,
        name: revision.name,
        owner: 'helm',
        status: revision.info.status,
        version: String(revision.version),
        [stamp.label]: String(stamp.seconds),
      },
    },
    type: 'helm.sh/release.v1',
    data: { release: Buffer.from(payload, 'latin1').toString('base64') },
  }
}

/**
 * The revision in a storage object.
 *
 * @throws DiagnosticError `release/corrupt-record` when the payload is not what Helm writes
 */
export function decodeRecord(secret: KubeObject): Revision {
  const subject = `Secret ${secret.metadata.namespace ?? ''}/${secret.metadata.name ?? ''}`
  const json = readJson(secret, subject)
  const labels = Object.fromEntries(Object.entries(secret.metadata.labels ?? {}).filter(([key]) => !isSystemLabel(key)))
  return decodeRevision(json, { subject, labels, namespace: secret.metadata.namespace ?? '' })
}

function corrupt(subject: string, what: string, cause?: unknown): Error {
  return failure('release/corrupt-record', `this release record cannot be read: ${what}`, {
    subject,
    hint: 'delete the record if an older revision is readable, or restore it from a backup',
    ...(cause === undefined ? {} : { cause }),
  })
}

function readJson(secret: KubeObject, subject: string): unknown {
  const data = secret['data'] as { readonly release?: unknown } | undefined
  if (typeof data?.release !== 'string') throw corrupt(subject, 'it has no data.release')
  const bytes = Buffer.from(Buffer.from(data.release, 'base64').toString('latin1'), 'base64')
  try {
    return JSON.parse(unzip(bytes).toString('utf8'))
  } catch (error) {
    throw corrupt(subject, error instanceof Error ? error.message : String(error), error)
  }
}

/** Records older than Helm's compression are plain JSON. */
function unzip(bytes: Buffer): Buffer {
  const zipped = bytes.length > 3 && bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08
  return zipped ? gunzipSync(bytes, { maxOutputLength: MAX_RECORD_BYTES }) : bytes
}

type Json = { readonly [key: string]: unknown }

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The revision in a record's JSON value, for callers that have it from elsewhere (tests, other storage drivers). */
export function decodeRevision(
  json: unknown,
  around: { readonly subject: string; readonly labels: Readonly<Record<string, string>>; readonly namespace: string },
): Revision {
  if (!isObject(json)) throw corrupt(around.subject, 'it is not an object')
  if (typeof json['name'] !== 'string' || !isObject(json['info'])) throw corrupt(around.subject, 'it lacks a name or its info')
  return {
    name: json['name'],
    namespace: text(json['namespace']) || around.namespace,
    version: typeof json['version'] === 'number' ? json['version'] : 0,
    info: decodeInfo(json['info']),
    chart: isObject(json['chart']) ? decodeChart(json['chart']) : undefined,
    config: isObject(json['config']) ? (json['config'] as Revision['config']) : {},
    manifest: text(json['manifest']),
    hooks: list(json['hooks']).filter(isObject).map(decodeHook),
    labels: around.labels,
    ...(text(json['apply_method']) ? { applyMethod: text(json['apply_method']) } : {}),
  }
}

function decodeInfo(info: Json): RevisionInfo {
  return {
    firstDeployed: time(info['first_deployed']),
    lastDeployed: time(info['last_deployed']),
    deleted: time(info['deleted']),
    description: text(info['description']),
    status: (text(info['status']) || 'unknown') as ReleaseStatus,
    ...(typeof info['rollback_revision'] === 'number' ? { rollbackRevision: info['rollback_revision'] } : {}),
    ...(text(info['notes']) ? { notes: text(info['notes']) } : {}),
  }
}

function time(value: unknown): string {
  return value === ZERO_TIME ? '' : text(value)
}

function decodeChart(chart: Json): StoredChart {
  return {
    metadata: (isObject(chart['metadata']) ? chart['metadata'] : {}) as unknown as ChartMetadata,
    lock: isObject(chart['lock']) ? (chart['lock'] as unknown as ChartLock) : null,
    templates: list(chart['templates']).filter(isObject).map(decodeFile),
    values: isObject(chart['values']) ? (chart['values'] as { readonly [key: string]: Plain }) : null,
    schema: typeof chart['schema'] === 'string' ? chart['schema'] : null,
    ...(time(chart['schemamodtime']) ? { schemaModtime: time(chart['schemamodtime']) } : {}),
    files: list(chart['files']).filter(isObject).map(decodeFile),
    ...(time(chart['modtime']) ? { modtime: time(chart['modtime']) } : {}),
  }
}

function decodeFile(file: Json): StoredFile {
  const modtime = time(file['modtime'])
  return { name: text(file['name']), data: text(file['data']), ...(modtime ? { modtime } : {}) }
}

function decodeHook(hook: Json): StoredHook {
  const run = isObject(hook['last_run']) ? hook['last_run'] : {}
  return {
    name: text(hook['name']),
    kind: text(hook['kind']),
    path: text(hook['path']),
    manifest: text(hook['manifest']),
    events: list(hook['events']) as StoredHook['events'],
    lastRun: { startedAt: time(run['started_at']), completedAt: time(run['completed_at']), phase: text(run['phase']) },
    ...(typeof hook['weight'] === 'number' && hook['weight'] !== 0 ? { weight: hook['weight'] } : {}),
    ...(list(hook['delete_policies']).length > 0 ? { deletePolicies: hook['delete_policies'] as NonNullable<StoredHook['deletePolicies']> } : {}),
    ...(list(hook['output_log_policies']).length > 0
      ? { outputLogPolicies: hook['output_log_policies'] as NonNullable<StoredHook['outputLogPolicies']> }
      : {}),
  }
}

/** The record's JSON text, as Helm 4 writes it. */
export function encodeRevisionJson(revision: Revision): string {
  return encodeGoJson(
    new OrderedFields([
      ['name', present(revision.name)],
      ['info', infoFields(revision.info)],
      ['chart', revision.chart && chartFields(revision.chart)],
      ['config', Object.keys(revision.config).length > 0 ? revision.config : undefined],
      ['manifest', present(revision.manifest)],
      ['hooks', presentList(revision.hooks)?.map(hookFields)],
      ['version', revision.version || undefined],
      ['namespace', present(revision.namespace)],
      ['apply_method', present(revision.applyMethod)],
    ]),
  )
}

/** Go's `omitempty` for texts. */
function present(value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}

/** Go's `omitempty` for lists. */
function presentList<T>(value: readonly T[] | undefined): readonly T[] | undefined {
  return value === undefined || value.length === 0 ? undefined : value
}

function infoFields(info: RevisionInfo): OrderedFields {
  return new OrderedFields([
    ['first_deployed', present(info.firstDeployed)],
    ['last_deployed', present(info.lastDeployed)],
    ['deleted', present(info.deleted)],
    ['description', present(info.description)],
    ['status', info.status],
    ['rollback_revision', info.rollbackRevision || undefined],
    ['notes', present(info.notes)],
  ])
}

function chartFields(chart: StoredChart): OrderedFields {
  return new OrderedFields([
    ['metadata', metadataFields(chart.metadata)],
    ['lock', chart.lock === null ? null : lockFields(chart.lock)],
    ['templates', presentList(chart.templates)?.map(fileFields) ?? null],
    ['values', chart.values],
    ['schema', chart.schema],
    ['schemamodtime', chart.schemaModtime ?? ZERO_TIME],
    ['files', presentList(chart.files)?.map(fileFields) ?? null],
    ['modtime', chart.modtime],
  ])
}

function fileFields(file: StoredFile): OrderedFields {
  return new OrderedFields([
    ['name', file.name],
    ['data', file.data],
    ['modtime', file.modtime],
  ])
}

function metadataFields(m: ChartMetadata): OrderedFields {
  return new OrderedFields([
    ['name', present(m.name)],
    ['home', present(m.home)],
    ['sources', presentList(m.sources)],
    ['version', present(m.version)],
    ['description', present(m.description)],
    ['keywords', presentList(m.keywords)],
    [
      'maintainers',
      presentList(m.maintainers)?.map(
        (p) =>
          new OrderedFields([
            ['name', present(p.name)],
            ['email', present(p.email)],
            ['url', present(p.url)],
          ]),
      ),
    ],
    ['icon', present(m.icon)],
    ['apiVersion', present(m.apiVersion)],
    ['condition', present(m.condition)],
    ['tags', present(m.tags)],
    ['appVersion', present(m.appVersion)],
    ['deprecated', m.deprecated || undefined],
    ['annotations', m.annotations && Object.keys(m.annotations).length > 0 ? m.annotations : undefined],
    ['kubeVersion', present(m.kubeVersion)],
    ['dependencies', presentList(m.dependencies)?.map(dependencyFields)],
    ['type', present(m.type)],
  ])
}

function dependencyFields(d: ChartDependency): OrderedFields {
  return new OrderedFields([
    ['name', d.name],
    ['version', present(d.version)],
    ['repository', d.repository ?? ''],
    ['condition', present(d.condition)],
    ['tags', presentList(d.tags)],
    ['enabled', d.enabled || undefined],
    ['import-values', presentList(d['import-values'])],
    ['alias', present(d.alias)],
  ])
}

function lockFields(lock: ChartLock): OrderedFields {
  return new OrderedFields([
    ['generated', lock.generated],
    ['digest', lock.digest],
    ['dependencies', lock.dependencies === null ? null : lock.dependencies.map(dependencyFields)],
  ])
}

function hookFields(hook: StoredHook): OrderedFields {
  return new OrderedFields([
    ['name', present(hook.name)],
    ['kind', present(hook.kind)],
    ['path', present(hook.path)],
    ['manifest', present(hook.manifest)],
    ['events', presentList(hook.events)],
    ['last_run', runFields(hook.lastRun)],
    ['weight', hook.weight || undefined],
    ['delete_policies', presentList(hook.deletePolicies)],
    ['output_log_policies', presentList(hook.outputLogPolicies)],
  ])
}

function runFields(run: HookRun): OrderedFields {
  return new OrderedFields([
    ['started_at', present(run.startedAt)],
    ['completed_at', present(run.completedAt)],
    ['phase', run.phase],
  ])
}
