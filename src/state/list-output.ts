import { compareBytes } from '../go/values.ts'
import type { Release, State } from './state.ts'

/** A line of `list`. Key order is that of Helmfile's JSON. */
export interface ListedRelease {
  readonly name: string
  readonly namespace: string
  readonly enabled: boolean
  readonly installed: boolean
  /** `key:value` pairs by key, joined by commas. */
  readonly labels: string
  readonly chart: string
  readonly version: string
}

/** The chosen releases of all files, by namespace and name. Source: Helmfile 1.8 pkg/app ListReleases */
export function listReleases(state: State): readonly ListedRelease[] {
  const listed = state.files.flatMap((file) => file.selected.map(listRelease))
  return listed.toSorted((a, b) => compareBytes(a.namespace, b.namespace) || compareBytes(a.name, b.name))
}

function listRelease(release: Release): ListedRelease {
  const labels = Object.entries(release.labels).toSorted(([a], [b]) => compareBytes(a, b))
  return {
    name: release.name,
    namespace: release.namespace,
    enabled: release.enabled,
    installed: release.installed,
    labels: labels
      .map(([key, value]) => `${key}:${value}`)
      .join(',')
      .replace(/^,+|,+$/g, ''),
    chart: release.spec.chart ?? '',
    version: release.version ?? '',
  }
}

/** The list as Helmfile's JSON prints it; `null` where nothing is chosen. */
export function listAsJson(releases: readonly ListedRelease[]): string {
  if (releases.length === 0) return 'null\n'
  const json = JSON.stringify(releases).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return `${json}\n`
}

const HEADER = ['NAME', 'NAMESPACE', 'ENABLED', 'INSTALLED', 'LABELS', 'CHART', 'VERSION'] as const

/** The list as a table for people. */
export function listAsTable(releases: readonly ListedRelease[]): string {
  const rows = [HEADER, ...releases.map((r) => [r.name, r.namespace, String(r.enabled), String(r.installed), r.labels, r.chart, r.version])]
  return alignedTable(rows)
}

/** Rows with each column as wide as its widest cell, a tab between columns, and no blanks at the end of lines. */
function alignedTable(rows: readonly (readonly string[])[]): string {
  const widths = HEADER.map((_, column) => Math.max(...rows.map((row) => (row[column] as string).length)))
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] as number))
          .join('\t')
          .trimEnd()}\n`,
    )
    .join('')
}
