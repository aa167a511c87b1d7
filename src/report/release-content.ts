import { fromPlain, type Plain } from '../go/plain.ts'
import { formatTime, RFC3339_NANO } from '../go/time-format.ts'
import { parseTime } from '../go/time-parse.ts'
import type { Revision } from '../release/record.ts'
import { encodeYaml } from '../yaml/encode.ts'

/** How C's `asctime` writes a time, as Helm prints it. */
const ANSIC = 'Mon Jan _2 15:04:05 2006'
const RFC3339 = '2006-01-02T15:04:05Z07:00'

/** What is printed of one revision. Manifests may be masked beforehand. Source of all texts here: Helm 4.3.1 pkg/cmd/get_*.go, status.go. */
export interface PrintedRevision {
  readonly revision: Revision
  readonly labels: Readonly<Record<string, string>>
  readonly computed: Plain
}

/** As Helm writes YAML; values that nobody gave are `null`. */
export function valuesYaml(values: Plain): string {
  return encodeYaml(fromPlain(values), 'helm')
}

/** The values that were given; null where there are none, as Helm has it. */
export function givenValues({ config }: Revision): Plain {
  return Object.keys(config).length === 0 ? null : config
}

/** Hooks one after another, each with its file's name. */
export function hooksText({ hooks }: Revision): string {
  return hooks.map(({ path, manifest }) => `---\n# Source: ${path}\n${manifest}\n`).join('')
}

/** Nothing where there are no notes. */
export function notesText({ info }: Revision): string {
  return info.notes ? `NOTES:\n${info.notes}\n` : ''
}

/** What `get metadata` tells, with Helm's keys. */
export function metadataOf({ revision, labels }: PrintedRevision): { readonly [key: string]: Plain } {
  const { chart, info } = revision
  const metadata = chart?.metadata
  const dependencies = metadata?.dependencies ?? []
  return {
    name: revision.name,
    chart: metadata?.name ?? '',
    version: metadata?.version ?? '',
    appVersion: metadata?.appVersion ?? '',
    ...(metadata?.annotations && Object.keys(metadata.annotations).length > 0 ? { annotations: metadata.annotations } : {}),
    ...(Object.keys(labels).length > 0 ? { labels } : {}),
    ...(dependencies.length > 0 ? { dependencies: dependencies as unknown as Plain } : {}),
    namespace: revision.namespace,
    revision: revision.version,
    status: info.status,
    deployedAt: timeText(info.lastDeployed, RFC3339),
    ...(revision.applyMethod ? { applyMethod: revision.applyMethod } : {}),
  }
}

/** The same for people. */
export function metadataText(printed: PrintedRevision): string {
  const { revision, labels } = printed
  const metadata = metadataOf(printed)
  const dependencies = (revision.chart?.metadata.dependencies ?? []).map(({ name }) => name).sort()
  const lines = [
    ['NAME', metadata['name']],
    ['CHART', metadata['chart']],
    ['VERSION', metadata['version']],
    ['APP_VERSION', metadata['appVersion']],
    ['ANNOTATIONS', pairs(revision.chart?.metadata.annotations ?? {})],
    ['LABELS', pairs(labels)],
    ['DEPENDENCIES', dependencies.join(',')],
    ['NAMESPACE', metadata['namespace']],
    ['REVISION', metadata['revision']],
    ['STATUS', metadata['status']],
    ['DEPLOYED_AT', metadata['deployedAt']],
    ['APPLY_METHOD', applyMethodText(revision.applyMethod)],
  ]
  return lines.map(([name, value]) => `${name}: ${value}\n`).join('')
}

/** The first lines of `helm status`; `withChart` adds what `helm get all` tells of the chart. */
function statusText({ revision }: PrintedRevision, options: { readonly withChart: boolean; readonly resources?: string }): string {
  const { info, chart } = revision
  const metadata = chart?.metadata
  return [
    `NAME: ${revision.name}\n`,
    ...(info.lastDeployed ? [`LAST DEPLOYED: ${timeText(info.lastDeployed, ANSIC)}\n`] : []),
    `NAMESPACE: ${revision.namespace}\nSTATUS: ${info.status}\nREVISION: ${revision.version}\n`,
    ...(options.withChart
      ? [`CHART: ${metadata?.name ?? ''}\nVERSION: ${metadata?.version ?? ''}\nAPP_VERSION: ${metadata?.appVersion ?? ''}\n`]
      : []),
    `DESCRIPTION: ${info.description}\n`,
    // Helm tells of resources before it tells of tests.
    ...(options.resources === undefined ? [] : [`RESOURCES:\n${options.resources}\n`]),
    testsText(revision),
  ].join('')
}

/** Everything that `helm get all` prints. */
export function allText(printed: PrintedRevision): string {
  const { revision, computed } = printed
  return [
    statusText(printed, { withChart: true }),
    `USER-SUPPLIED VALUES:\n${valuesYaml(givenValues(revision))}\n`,
    `COMPUTED VALUES:\n${valuesYaml(computed)}\n`,
    `HOOKS:\n${hooksText(revision)}MANIFEST:\n${revision.manifest}\n`,
    trimmedNotes(revision),
  ].join('')
}

/** `helm status` of one revision, with a table of its objects where there is one. */
export function fullStatusText(printed: PrintedRevision, resources?: string): string {
  return statusText(printed, { withChart: false, ...(resources === undefined ? {} : { resources }) }) + trimmedNotes(printed.revision)
}

function trimmedNotes({ info }: Revision): string {
  return info.notes ? `NOTES:\n${info.notes.trim()}\n` : ''
}

function testsText({ hooks }: Revision): string {
  const tests = hooks.filter((hook) => hook.events.includes('test'))
  if (tests.length === 0) return 'TEST SUITE: None\n'
  const started = tests.filter(({ lastRun }) => lastRun.startedAt !== '')
  return started
    .map(({ name, lastRun: { startedAt, completedAt, phase } }) => {
      const completed = timeText(completedAt || '0001-01-01T00:00:00Z', ANSIC)
      return `TEST SUITE:     ${name}\nLast Started:   ${timeText(startedAt, ANSIC)}\nLast Completed: ${completed}\nPhase:          ${phase}\n`
    })
    .join('')
}

function timeText(stored: string, layout: string): string {
  return stored === '' ? '' : formatTime(parseTime(RFC3339_NANO, stored, 'UTC'), layout)
}

function pairs(map: Readonly<Record<string, string>>): string {
  return Object.keys(map)
    .sort()
    .map((key) => `${key}=${map[key]}`)
    .join(',')
}

function applyMethodText(method: string | undefined): string {
  if (!method) return 'client-side apply (defaulted)'
  return method === 'csa' ? 'client-side apply' : method === 'ssa' ? 'server-side apply' : `unknown (${JSON.stringify(method)})`
}
