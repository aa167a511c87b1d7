import { type DiagnosticError, failure } from '../base/diagnostic.ts'
import { isObject, type JsonObject, objectOf, objectsOf, textOf } from '../base/json.ts'
import type { ChartLock, ChartMetadata } from '../chart/chart.ts'
import type { Plain } from '../go/plain.ts'
import type { ReleaseStatus, Revision, RevisionInfo, StoredChart, StoredFile, StoredHook } from './record.ts'

/** How Go writes a time that was never set. */
const ZERO_TIME = '0001-01-01T00:00:00Z'

/** Which storage object a record lies in. */
export interface RecordPlace {
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

/** The error for a record that nobody can use: which one it is, what is wrong with it, and how to go on. */
export function corruptRecord({ kind, namespace, name }: RecordPlace, what: string, cause?: unknown): DiagnosticError {
  return failure('release/corrupt-record', `this release record cannot be read: ${what}`, {
    subject: `${kind} ${namespace}/${name}`,
    hint: `restore it from a backup, or go on from the revision before it: ${
      kind === 'Row' ? 'delete that row of table releases_v1' : `kubectl delete ${kind.toLowerCase()} --namespace ${namespace} ${name}`
    }`,
    ...(cause === undefined ? {} : { cause }),
  })
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/**
 * The revision in a record's JSON value, of Helm 3 or Helm 4; `around` is what the storage object knows.
 *
 * @throws DiagnosticError `release/corrupt-record` when it has no name or no info
 */
export function decodeRevision(json: unknown, around: { readonly place: RecordPlace; readonly labels: Readonly<Record<string, string>> }): Revision {
  if (!isObject(json)) throw corruptRecord(around.place, 'it is not an object')
  if (typeof json['name'] !== 'string' || !isObject(json['info'])) throw corruptRecord(around.place, 'it lacks a name or its info')
  return {
    name: json['name'],
    namespace: textOf(json['namespace']) || around.place.namespace,
    version: typeof json['version'] === 'number' ? json['version'] : 0,
    info: decodeInfo(json['info']),
    chart: isObject(json['chart']) ? decodeChart(json['chart']) : undefined,
    config: objectOf(json['config']) as Revision['config'],
    manifest: textOf(json['manifest']),
    hooks: objectsOf(json['hooks']).map(decodeHook),
    labels: around.labels,
    ...(textOf(json['apply_method']) ? { applyMethod: textOf(json['apply_method']) } : {}),
  }
}

function decodeInfo(info: JsonObject): RevisionInfo {
  return {
    firstDeployed: time(info['first_deployed']),
    lastDeployed: time(info['last_deployed']),
    deleted: time(info['deleted']),
    description: textOf(info['description']),
    status: (textOf(info['status']) || 'unknown') as ReleaseStatus,
    ...(typeof info['rollback_revision'] === 'number' ? { rollbackRevision: info['rollback_revision'] } : {}),
    ...(textOf(info['notes']) ? { notes: textOf(info['notes']) } : {}),
  }
}

function time(value: unknown): string {
  return value === ZERO_TIME ? '' : textOf(value)
}

function decodeChart(chart: JsonObject): StoredChart {
  return {
    metadata: objectOf(chart['metadata']) as unknown as ChartMetadata,
    lock: isObject(chart['lock']) ? (chart['lock'] as unknown as ChartLock) : null,
    templates: objectsOf(chart['templates']).map(decodeFile),
    values: isObject(chart['values']) ? (chart['values'] as { readonly [key: string]: Plain }) : null,
    schema: typeof chart['schema'] === 'string' ? chart['schema'] : null,
    ...(time(chart['schemamodtime']) ? { schemaModtime: time(chart['schemamodtime']) } : {}),
    files: objectsOf(chart['files']).map(decodeFile),
    ...(time(chart['modtime']) ? { modtime: time(chart['modtime']) } : {}),
  }
}

function decodeFile(file: JsonObject): StoredFile {
  const modtime = time(file['modtime'])
  return { name: textOf(file['name']), data: textOf(file['data']), ...(modtime ? { modtime } : {}) }
}

function decodeHook(hook: JsonObject): StoredHook {
  const run = objectOf(hook['last_run'])
  return {
    name: textOf(hook['name']),
    kind: textOf(hook['kind']),
    path: textOf(hook['path']),
    manifest: textOf(hook['manifest']),
    events: list(hook['events']) as StoredHook['events'],
    lastRun: { startedAt: time(run['started_at']), completedAt: time(run['completed_at']), phase: textOf(run['phase']) },
    ...(typeof hook['weight'] === 'number' && hook['weight'] !== 0 ? { weight: hook['weight'] } : {}),
    ...(list(hook['delete_policies']).length > 0 ? { deletePolicies: hook['delete_policies'] as NonNullable<StoredHook['deletePolicies']> } : {}),
    ...(list(hook['output_log_policies']).length > 0
      ? { outputLogPolicies: hook['output_log_policies'] as NonNullable<StoredHook['outputLogPolicies']> }
      : {}),
  }
}
