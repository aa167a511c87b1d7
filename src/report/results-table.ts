import type { PlanResult, ReleaseResult } from '../plan/events.ts'
import { formatDuration } from './duration.ts'
import { done, releaseName } from './release-words.ts'
import { formatTable } from './table.ts'

function outcome(result: ReleaseResult): string {
  switch (result.result) {
    case 'done':
      return done[result.action]
    case 'none':
      return 'unchanged'
    case 'failed':
      if (result.rolledBackTo === undefined) return 'failed'
      return result.rolledBackTo === 0 ? 'failed, removed again' : `failed, rolled back to revision ${result.rolledBackTo}`
    case 'skipped':
      return result.causedBy ? `skipped: ${result.causedBy} failed` : 'skipped'
    case 'interrupted':
      return 'interrupted'
  }
}

/** The table that ends a run: one row per release in the order of the plan. */
export function formatResults(result: PlanResult): string {
  const rows = result.releases.map((release) => [
    releaseName(release),
    release.action,
    release.revision === undefined ? '-' : String(release.revision),
    release.result === 'none' || release.result === 'skipped' ? '-' : formatDuration(release.durationMs),
    outcome(release),
  ])
  return formatTable(['RELEASE', 'ACTION', 'REVISION', 'DURATION', 'RESULT'], rows)
}

/** `7 done, 1 failed, 2 skipped, 3 unchanged in 12.3s`; kinds that did not occur are left out. */
export function summarizeResults(result: PlanResult): string {
  const count = (kind: ReleaseResult['result']): number => result.releases.filter((r) => r.result === kind).length
  const parts = [
    [count('done'), 'done'],
    [count('failed'), 'failed'],
    [count('skipped'), 'skipped'],
    [count('interrupted'), 'interrupted'],
    [count('none'), 'unchanged'],
  ] as const
  const words = parts.filter(([n]) => n > 0).map(([n, word]) => `${n} ${word}`)
  return `${words.length > 0 ? words.join(', ') : 'nothing to do'} in ${formatDuration(result.durationMs)}`
}
