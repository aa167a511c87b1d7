import { formatDiagnostic } from '../base/diagnostic.ts'
import type { CommonEdit } from '../plan/diff/common-edits.ts'
import type { DiffLine } from '../plan/diff/diff-lines.ts'
import type { Plan, ReleasePlan } from '../plan/plan.ts'
import { type Paint, paintFor } from './paint.ts'
import { planSummaryWords } from './plan-summary.ts'
import { type ObjectView, type PlanViewOptions, planView, type ReleaseView } from './plan-view.ts'
import { commonObjects, commonWords, diffLineText, objectWords, releaseFacts } from './plan-words.ts'
import { releaseName } from './release-words.ts'

export interface PlanTextOptions extends PlanViewOptions {
  readonly color: boolean
}

/** The plan for people: what many objects have in common, each release that is touched with its objects, and a summary line. */
export function formatPlan(plan: Plan, options: PlanTextOptions): string {
  const paint = paintFor(options.color)
  const view = planView(plan, options)
  const several = view.common.length > 0 ? [[paint.strong('several releases:'), ...view.common.flatMap((edit) => commonLines(edit, paint))]] : []
  const sections = [...several, ...view.releases.map((release) => releaseLines(release, paint))]
  const apart = sections.some((lines) => lines.length > 1) ? '\n\n' : '\n'
  const summary = `${paint.strong('Plan:')} ${planSummaryWords(plan)}\n`
  return sections.length === 0 ? summary : `${sections.map((lines) => lines.join('\n')).join(apart)}\n\n${summary}`
}

function releaseLines({ release, common, objects }: ReleaseView, paint: Paint): readonly string[] {
  return [
    `${paint.strong(releaseName(release))}: ${releaseFacts(release)}`,
    ...release.notes.map((note) => `  note: ${note}`),
    ...blockerLines(release).map((line) => `  ${paint.removed(line)}`),
    ...common.flatMap((edit) => commonLines(edit, paint)),
    ...objects.flatMap((object) => objectLines(object, paint)),
  ]
}

/** What keeps a release from being carried out, line by line. */
export function blockerLines(release: ReleasePlan): readonly string[] {
  return release.blockers.flatMap((blocker) => formatDiagnostic(blocker).split('\n'))
}

function commonLines(edit: CommonEdit, paint: Paint): readonly string[] {
  const color = edit.edit.before === undefined ? paint.added : edit.edit.after === undefined ? paint.removed : paint.changed
  return [`  ${color(commonWords(edit))}`, `    ${paint.faint(commonObjects(edit))}`]
}

function objectLines(view: ObjectView, paint: Paint): readonly string[] {
  const { change, danger } = view
  const color = change.action === 'create' || change.action === 'adopt' ? paint.added : change.action === 'delete' ? paint.removed : paint.changed
  const { name, kind, what } = objectWords(view)
  return [
    `  ${color(name)} ${paint.faint(kind)} ${what}`,
    ...(danger === undefined ? [] : [`    ${paint.removed(`! ${danger}`)}`]),
    ...change.notes.map((note) => `    note: ${note}`),
    ...view.lines.map((line) => `    ${paintedLine(line, paint)}`.trimEnd()),
  ]
}

/** A line of a difference in its colour. */
export function paintedLine(line: DiffLine, paint: Paint): string {
  const text = diffLineText(line)
  switch (line.kind) {
    case 'hunk':
      return paint.faint(text)
    case 'context':
      return text
    case 'added':
      return paint.added(text)
    case 'removed':
      return paint.removed(text)
  }
}
