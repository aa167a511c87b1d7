import type { PlanEvent } from '../plan/events.ts'
import type { Plan, ReleasePlan } from '../plan/plan.ts'
import type { Phase, Progress } from '../release/progress.ts'
import { doing, releaseName } from './release-words.ts'

/** A way to show what happens while a plan is executed. `close` is called once, when all is over. */
export interface ProgressReport {
  event(event: PlanEvent): void
  close(): void
}

/** Names of the releases of a plan by id. */
export function namesOf(plan: Plan): ReadonlyMap<string, ReleasePlan> {
  return new Map(plan.releases.map((release) => [release.id, release]))
}

const phaseWords: Readonly<Record<Phase, string>> = {
  checking: 'checking',
  'creating-namespace': 'creating the namespace',
  'applying-crds': 'applying CRDs',
  recording: 'recording the revision',
  'running-hooks': 'running hooks',
  applying: 'applying objects',
  waiting: 'waiting until ready',
  removing: 'removing objects',
  'cleaning-up': 'cleaning up',
  'rolling-back': 'rolling back',
}

/** What a release is at, in a few words; undefined for events that do not change that. */
export function describeProgress(progress: Progress): string | undefined {
  switch (progress.type) {
    case 'phase':
      return progress.hookEvent ? `running ${progress.hookEvent} hooks` : phaseWords[progress.phase]
    case 'waiting-on': {
      const [first, ...more] = progress.objects
      if (!first) return undefined
      const others = more.length > 0 ? ` and ${more.length} more` : ''
      return `waiting on ${first.ref.kind} ${first.ref.name}${others}: ${first.message}`
    }
    case 'hook-started':
      return `running ${progress.event} hook ${progress.kind} ${progress.hook}`
    case 'object-written':
      return progress.origin === 'namespace' && progress.write === 'created' ? `created the namespace ${progress.ref.name}` : undefined
    case 'hook-finished':
    case 'log':
    case 'note':
    case 'record-written':
      return undefined
  }
}

/** Phases in which something is looked at or written that is none of the release's objects: too short and too many for a log. */
const passingPhases: ReadonlySet<Phase> = new Set(['checking', 'creating-namespace', 'recording', 'running-hooks', 'waiting', 'cleaning-up'])

/** True for a phase that says nothing by itself: events that follow tell what happens in it. */
export function isPassing(progress: Progress): boolean {
  return progress.type === 'phase' && passingPhases.has(progress.phase)
}

/** `installing shop/web (chart web 1.2.0)`. */
export function describeStart(release: ReleasePlan): string {
  const chart = release.chart ? ` (chart ${release.chart.name} ${release.chart.version})` : ''
  return `${doing[release.action]} ${releaseName(release)}${chart}`
}
