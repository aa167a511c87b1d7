import { formatDiagnostic } from '../base/diagnostic.ts'
import { type DiffLine, type DiffObject, type ObjectDiffOptions, objectDiffer } from '../plan/object-diff.ts'
import type { ObjectChange, Plan, ReleasePlan } from '../plan/plan.ts'
import { type Paint, paintFor } from './paint.ts'
import { planSummaryWords } from './plan-summary.ts'
import { chartWords, releaseName, revisionWords } from './release-words.ts'

export interface PlanTextOptions {
  readonly color: boolean
  /** How objects are compared and what is masked. */
  readonly diff: ObjectDiffOptions
  /** Leave out the objects, keep one line per release. */
  readonly brief?: boolean
  /** Kinds whose objects are left out. */
  readonly suppress?: readonly string[]
}

const signs = { create: '+', change: '~', replace: '±', delete: '-', adopt: '↳', keep: '·', none: ' ' } as const

const actionWords = {
  create: 'will be created',
  change: 'will change',
  replace: 'will be deleted and created again',
  delete: 'will be deleted',
  adopt: 'will be taken over',
  keep: 'will be left in the cluster (resource policy keep)',
  none: '',
} as const

/** The plan for people: each release that is touched, each object with its differences, and a summary line. */
export function formatPlan(plan: Plan, options: PlanTextOptions): string {
  const paint = paintFor(options.color)
  const touched = plan.releases.filter((release) => release.action !== 'none' || release.blockers.length > 0)
  const style: Style = { paint, diff: objectDiffer(options.diff), brief: options.brief ?? false, suppress: new Set(options.suppress) }
  const sections = touched.map((release) => formatRelease(release, style))
  const apart = sections.some((lines) => lines.length > 1) ? '\n\n' : '\n'
  const summary = `${paint.strong('Plan:')} ${planSummaryWords(plan)}\n`
  return sections.length === 0 ? summary : `${sections.map((lines) => lines.join('\n')).join(apart)}\n\n${summary}`
}

interface Style {
  readonly paint: Paint
  readonly diff: DiffObject
  readonly brief: boolean
  readonly suppress: ReadonlySet<string>
}

function formatRelease(release: ReleasePlan, { paint, ...style }: Style): readonly string[] {
  const facts = [
    release.action === 'none' ? 'unchanged' : release.action,
    revisionWords(release),
    chartWords(release) && `chart ${chartWords(release)}`,
  ]
    .filter(Boolean)
    .join(', ')
  const lines = [`${paint.strong(releaseName(release))}: ${facts}${release.reason ? ` (${release.reason})` : ''}`]
  for (const note of release.notes) lines.push(`  note: ${note}`)
  for (const blocker of release.blockers)
    lines.push(
      ...formatDiagnostic(blocker)
        .split('\n')
        .map((line) => `  ${paint.removed(line)}`),
    )
  if (!style.brief && !release.suppressDiff) {
    for (const change of release.changes) lines.push(...formatChange(change, { paint, ...style }))
  }
  return lines
}

function formatChange(change: ObjectChange, { paint, diff, suppress }: Style): string[] {
  if (change.action === 'none' || suppress.has(change.ref.kind)) return []
  const { kind, name, namespace, apiVersion } = change.ref
  const color = change.action === 'create' || change.action === 'adopt' ? paint.added : change.action === 'delete' ? paint.removed : paint.changed
  const origin = change.origin === 'manifest' ? '' : ` [${change.origin}]`
  const head = `  ${color(`${signs[change.action]} ${kind} ${namespace ? `${namespace}/` : ''}${name}`)} ${paint.faint(`(${apiVersion})${origin}`)} ${actionWords[change.action]}`
  return [head, ...change.notes.map((note) => `    note: ${note}`), ...shownLines(change, diff).map((line) => `    ${formatLine(line, paint)}`)]
}

/** Where all lines are new or all go, a hunk's position says nothing. */
function shownLines(change: ObjectChange, diff: DiffObject): readonly DiffLine[] {
  const lines = diff(change)
  return change.before && change.after ? lines : lines.filter((line) => line.kind !== 'hunk')
}

function formatLine({ kind, text }: DiffLine, paint: Paint): string {
  switch (kind) {
    case 'hunk':
      return paint.faint(text)
    case 'context':
      return ` ${text}`.trimEnd()
    case 'added':
      return paint.added(`+${text}`)
    case 'removed':
      return paint.removed(`-${text}`)
  }
}
