import type { PlanEvent, ReleaseResult } from '../plan/events.ts'
import type { Plan } from '../plan/plan.ts'
import { formatDuration } from './duration.ts'
import { describeProgress, describeStart, isPassing, namesOf, type ProgressReport } from './progress.ts'
import { done, releaseName } from './release-words.ts'

/** How a release ended, on one line. */
export function describeFinish(result: ReleaseResult): string {
  const name = releaseName(result)
  const after = formatDuration(result.durationMs)
  switch (result.result) {
    case 'done':
      return `${done[result.action]} ${name}${result.revision === undefined ? '' : `, revision ${result.revision}`} (${after})`
    case 'none':
      return `unchanged ${name}`
    case 'skipped':
      return `skipped ${name}${result.causedBy ? `, because ${result.causedBy} failed` : ''}`
    case 'interrupted':
      return `interrupted ${name} (${after})`
    case 'failed':
      return `failed ${name} (${after}): ${result.diagnostics[0]?.summary ?? 'no reason given'}`
  }
}

/** What a release waits for is told once it has waited that long; most things are ready sooner. */
const WAIT_TOLD_AFTER_MS = 1000

/** One line per change of state, for logs and CI. */
export function progressLines(plan: Plan, write: (text: string) => void): ProgressReport {
  const releases = namesOf(plan)
  const last = new Map<string, string>()
  const pending = new Map<string, NodeJS.Timeout>()
  const line = (id: string, text: string): void => {
    clearTimeout(pending.get(id))
    if (last.get(id) === text) return
    last.set(id, text)
    write(`${text}\n`)
  }
  const lineLater = (id: string, text: string): void => {
    clearTimeout(pending.get(id))
    pending.set(id, setTimeout(() => line(id, text), WAIT_TOLD_AFTER_MS).unref())
  }
  return {
    event(event: PlanEvent) {
      const release = releases.get(event.release)
      if (!release) return
      const name = releaseName(release)
      switch (event.type) {
        case 'release-started':
          return line(event.release, describeStart(release))
        case 'release-finished':
          if (event.result.result !== 'none') line(event.release, describeFinish(event.result))
          return
        case 'note':
          return write(`${name}: ${event.severity === 'warning' ? 'warning: ' : ''}${event.text}\n`)
        case 'log':
          return write(event.text.replace(/^(?=.)/gm, `${name}: ${event.pod}: `).replace(/\n?$/, '\n'))
        default: {
          const text = describeProgress(event)
          if (!text || isPassing(event)) return
          if (event.type === 'waiting-on') lineLater(event.release, `${name}: ${text}`)
          else line(event.release, `${name}: ${text}`)
        }
      }
    },
    close() {
      for (const timer of pending.values()) clearTimeout(timer)
    },
  }
}
