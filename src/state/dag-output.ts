import { groupByNeeds } from './group-by-needs.ts'
import { releaseId } from './release-id.ts'
import type { StateFile } from './state.ts'

/** A release in the order of needs: those of one group may run together, after all groups before it. */
export interface DagRow {
  /** From 1. */
  readonly group: number
  readonly id: string
  readonly needs: readonly string[]
}

/**
 * The chosen releases of a file, group by group.
 * @throws DiagnosticError as `groupByNeeds`
 */
export function dagRows(file: StateFile): readonly DagRow[] {
  const releases = file.selected.map(({ spec }) => spec)
  const groups = groupByNeeds(releases, { only: releases.map(releaseId), withNeeds: true, skipNeeds: false })
  return groups.flatMap((group, i) => group.map((release) => ({ group: i + 1, id: releaseId(release), needs: release.needs ?? [] })))
}

/** The rows as `helmfile show-dag` prints them. */
export function dagAsTable(rows: readonly DagRow[]): string {
  const cells = [['GROUP', 'RELEASE', 'DEPENDENCIES'], ...rows.map(({ group, id, needs }) => [String(group), id, needs.join(', ')])]
  const width = (column: number): number => Math.max(...cells.map((row) => (row[column] as string).length)) + 1
  const [groupWidth, idWidth] = [width(0), width(1)]
  return cells.map(([group = '', id = '', needs = '']) => `${`${group.padEnd(groupWidth)}${id.padEnd(idWidth)}${needs}`.trimEnd()}\n`).join('')
}
