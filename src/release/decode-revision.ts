import { type DiagnosticError, failure } from '../base/diagnostic.ts'
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
    namespace: text(json['namespace']) || around.place.namespace,
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
