import { dangerOf } from '../plan/destructive.ts'
import type { ChangeAction, Plan, ReleasePlan } from '../plan/plan.ts'
import { planSummaryWords } from './plan-summary.ts'
import { blockerLines } from './plan-text.ts'
import { releaseName } from './release-words.ts'
import { formatTable } from './table.ts'

const HEADING = ['RELEASE', 'ACTION', 'CREATE', 'CHANGE', 'REPLACE', 'ADOPT', 'DELETE', 'KEEP', 'SAME', 'DESTROYS'] as const
const ACTIONS: readonly ChangeAction[] = ['create', 'change', 'replace', 'adopt', 'delete', 'keep', 'none']

/** The plan in numbers of objects: a row per release, one for all of them, what keeps releases back, and the summary line. */
export function formatPlanStat(plan: Plan): string {
  const rows = plan.releases.map((release) => [releaseName(release), release.action, ...cells(countsOf([release]))])
  const total = rows.length > 1 ? [['total', '', ...cells(countsOf(plan.releases))]] : []
  const blocked = plan.releases.flatMap((release) => blockerLines(release).map((line) => `${line}\n`)).join('')
  return `${formatTable(HEADING, [...rows, ...total])}\n${blocked && `${blocked}\n`}Plan: ${planSummaryWords(plan)}\n`
}

/** Numbers of objects by action, then of those with which something is lost for good. */
export function countsOf(releases: readonly ReleasePlan[]): readonly number[] {
  const changes = releases.flatMap((release) => release.changes)
  return [...ACTIONS.map((wanted) => changes.filter(({ action }) => action === wanted).length), changes.filter((change) => dangerOf(change)).length]
}

function cells(counts: readonly number[]): readonly string[] {
  return counts.map((count) => (count === 0 ? '-' : String(count)))
}
