import type { KubeClient } from './client.ts'
import { type BlockedObject, blockedDiagnostic, explainBlocked, type Waited } from './explain-blocked.ts'

/** When a wait that goes on is looked into: most are over by the first time. */
const LOOKS_AFTER_MS = [5_000, 15_000, 30_000]
/** And then again each time this long has passed. */
const LOOK_EACH_MS = 60_000
/** Objects that are looked into at once. */
const MAX_OBJECTS = 5

/** Conditions that name a trouble which waiting seldom mends. */
const TROUBLE = new Set(['PodScheduled', 'ReplicaFailure', 'Failed', 'FailureTarget', 'Stalled'])

/** Events that are not warnings, of claims that wait for what may never come. */
const TROUBLING_EVENTS = new Set(['FailedBinding', 'WaitForFirstConsumer'])

/** What is being waited for, and who wants to know what is in the way. */
export interface LookedFor {
  readonly until: 'ready' | 'complete' | 'deleted'
  /** Called once for each trouble of an object, and again when it has become another. */
  readonly onTrouble: (blocked: BlockedObject) => void
  readonly signal?: AbortSignal
}

/**
 * Asks the cluster from time to time what is in the way of `pending`, until the returned function is called: containers that crash or
 * cannot start, pods without a node, denied quotas, finalizers. A look that fails is left out; the wait itself says what went wrong.
 */
export function lookForTrouble(client: KubeClient, pending: () => readonly Waited[], options: LookedFor): () => void {
  const told = new Map<Waited['ref'], string>()
  let isOver = false
  let looks = 0
  const look = async (): Promise<void> => {
    const found = await Promise.all(
      pending()
        .slice(0, MAX_OBJECTS)
        .map((one) => explainBlocked(client, one, options)),
    )
    for (const blocked of isOver ? [] : found) {
      const text = troubleText(blocked, options.until)
      if (!isTrouble(blocked) || told.get(blocked.ref) === text) continue
      told.set(blocked.ref, text)
      options.onTrouble(blocked)
    }
    if (!isOver) plan()
  }
  let timer: NodeJS.Timeout | undefined
  const plan = (): void => {
    const before = LOOKS_AFTER_MS[looks - 1] ?? 0
    const after = LOOKS_AFTER_MS[looks++]
    timer = setTimeout(look, after === undefined ? LOOK_EACH_MS : after - before)
  }
  plan()
  return () => {
    isOver = true
    clearTimeout(timer)
  }
}

function isTrouble({ containers, finalizers, conditions, events }: BlockedObject): boolean {
  return (
    containers.length > 0 ||
    finalizers.length > 0 ||
    conditions.some(({ type }) => TROUBLE.has(type)) ||
    events.some(({ type, reason }) => type === 'Warning' || TROUBLING_EVENTS.has(reason))
  )
}

/** Counts of restarts and events go up without anything being new. */
function troubleText(blocked: BlockedObject, until: LookedFor['until']): string {
  const steady = {
    ...blocked,
    events: blocked.events.map((event) => ({ ...event, count: 1 })),
    containers: blocked.containers.map((container) => ({ ...container, restarts: 0, log: [] })),
  }
  const { summary, notes = [] } = blockedDiagnostic(steady, until)
  return [summary, ...notes.map(({ text }) => text)].join('\n')
}
