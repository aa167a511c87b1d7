import type { Chart, ChartFile } from '../chart/chart.ts'
import { type Plain, toPlain } from '../go/plain.ts'
import type { Hook, Rendered } from '../render/rendered.ts'
import type { Revision, StoredChart, StoredFile, StoredHook } from './record.ts'

/** What a new revision is made of. */
export interface RevisionParts {
  readonly name: string
  readonly namespace: string
  readonly version: number
  readonly chart: Chart
  readonly config: { readonly [key: string]: Plain }
  readonly rendered: Rendered
  readonly applyMethod: 'ssa' | 'csa'
  /** The revision that is upgraded; absent: an install. */
  readonly current?: Revision
  /** The newest revision, whose labels go on. */
  readonly last?: Revision
  /** Over the labels that go on; `null` as a text takes one away. */
  readonly labels?: Readonly<Record<string, string>>
}

/** Source: Helm 4.3.1 pkg/action/upgrade.go mergeCustomLabels */
function mergedLabels(old: Readonly<Record<string, string>>, own: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries({ ...old, ...own }).filter(([, value]) => value !== 'null'))
}

/** The record of an install or upgrade before it begins: pending, and without times, which are set when it is written. */
export function newRevision(parts: RevisionParts): Revision {
  const { name, namespace, version, current, last } = parts
  const notes = parts.rendered.notes
  return {
    name,
    namespace: current?.namespace ?? namespace,
    version,
    info: {
      firstDeployed: current?.info.firstDeployed ?? '',
      lastDeployed: '',
      deleted: '',
      description: current ? 'Preparing upgrade' : 'Initial install underway',
      status: current ? 'pending-upgrade' : 'pending-install',
      ...(notes ? { notes } : {}),
    },
    chart: storedChart(parts.chart),
    config: parts.config,
    manifest: parts.rendered.manifest,
    hooks: parts.rendered.hooks.map(storedHook),
    labels: mergedLabels(current ? (last?.labels ?? {}) : {}, parts.labels ?? {}),
    applyMethod: parts.applyMethod,
  }
}

/** The record of going back to `target` before it begins. Source: Helm 4.3.1 pkg/action/rollback.go prepareRollback. */
export function rollbackRevision(
  target: Revision,
  last: { readonly version: number; readonly firstDeployed: string },
  applyMethod: 'ssa' | 'csa',
  description?: string,
): Revision {
  return {
    ...target,
    version: last.version + 1,
    info: {
      firstDeployed: last.firstDeployed,
      lastDeployed: '',
      deleted: '',
      description: description ?? `Rollback to ${target.version}`,
      status: 'pending-rollback',
      rollbackRevision: target.version,
      ...(target.info.notes ? { notes: target.info.notes } : {}),
    },
    applyMethod,
  }
}

/** A chart as records keep it: subcharts are left out, as Helm leaves them out. */
function storedChart(chart: Chart): StoredChart {
  const values = toPlain(chart.values) as { readonly [key: string]: Plain }
  const schemaModtime = modtimeOf(chart, 'values.schema.json')
  const modtime = modtimeOf(chart, 'Chart.yaml')
  return {
    metadata: chart.metadata,
    lock: chart.lock,
    templates: chart.templates.map(storedFile),
    values: chart.valuesSource === null && Object.keys(values).length === 0 ? null : values,
    schema: chart.schema === null ? null : base64(chart.schema),
    ...(chart.schema !== null && schemaModtime ? { schemaModtime } : {}),
    files: chart.files.map(storedFile),
    ...(modtime ? { modtime } : {}),
  }
}

function modtimeOf(chart: Chart, name: string): string | undefined {
  const modified = chart.raw.find((file) => file.name === name)?.modified
  return modified === undefined ? undefined : new Date(modified).toISOString()
}

function storedFile(file: ChartFile): StoredFile {
  return { name: file.name, data: base64(file.data), ...(file.modified === undefined ? {} : { modtime: new Date(file.modified).toISOString() }) }
}

function base64(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')
}

function storedHook(hook: Hook): StoredHook {
  return {
    name: hook.name,
    kind: hook.kind,
    path: hook.path,
    manifest: hook.text,
    events: hook.events,
    lastRun: { startedAt: '', completedAt: '', phase: '' },
    ...(hook.weight === 0 ? {} : { weight: hook.weight }),
    ...(hook.deletePolicies.length > 0 ? { deletePolicies: hook.deletePolicies } : {}),
    ...(hook.outputLogPolicies.length > 0 ? { outputLogPolicies: hook.outputLogPolicies } : {}),
  }
}
