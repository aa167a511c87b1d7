import type { ChartDependency, ChartLock, ChartMetadata } from '../chart/chart.ts'
import { encodeGoJson, OrderedFields } from './go-json.ts'
import type { HookRun, Revision, RevisionInfo, StoredChart, StoredFile, StoredHook } from './record.ts'

/** How Go writes a time that was never set. */
const ZERO_TIME = '0001-01-01T00:00:00Z'

/** The record's JSON text, as Helm 4 writes it. */
export function encodeRevision(revision: Revision): string {
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
