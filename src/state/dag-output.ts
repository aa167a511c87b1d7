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
 * The chosen releases of files that are one graph, group by group.
 * @throws DiagnosticError as `groupByNeeds`
 */
export function dagRows(files: readonly StateFile[]): readonly DagRow[] {
  const releases = files.flatMap((file) => file.selected).map(({ spec }) => spec)
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

/** The rows as a graph in the DOT language; arrows lead from what is needed to what needs it. */
export function dagAsDot(rows: readonly DagRow[]): string {
  const lines = rows.flatMap(({ id, needs }) => [`  ${quoted(id)};`, ...needs.map((need) => `  ${quoted(need)} -> ${quoted(id)};`)])
  return `digraph releases {\n  rankdir=LR;\n${lines.map((line) => `${line}\n`).join('')}}\n`
}

function quoted(id: string): string {
  return `"${id.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** The rows as a Mermaid flowchart; arrows lead from what is needed to what needs it. */
export function dagAsMermaid(rows: readonly DagRow[]): string {
  const names = new Map<string, string>()
  const nameOf = (id: string): string => {
    const known = names.get(id) ?? `r${names.size + 1}`
    names.set(id, known)
    return known
  }
  const arrows = rows.flatMap(({ id, needs }) => needs.map((need) => [nameOf(need), nameOf(id)]))
  for (const { id } of rows) nameOf(id)
  const nodes = [...names].map(([id, name]) => `  ${name}["${id.replaceAll('"', '#quot;')}"]\n`)
  return `flowchart LR\n${nodes.join('')}${arrows.map(([from, to]) => `  ${from} --> ${to}\n`).join('')}`
}
