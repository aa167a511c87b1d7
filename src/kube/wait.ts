import { setMaxListeners } from 'node:events'
import { builtInKind } from '../kinds/built-in.ts'
import type { KubeObject, ObjectRef } from '../kinds/kube-object.ts'
import { type KubeClient, KubeError } from './client.ts'
import { type BlockedObject, explainBlocked } from './explain-blocked.ts'
import { lookForTrouble } from './look-for-trouble.ts'
import { canComplete, completionOf, readinessOf } from './readiness/judge.ts'
import { legacyCompletion, legacyReadiness, legacyWait } from './readiness/legacy.ts'
import { isPassive } from './readiness/passive.ts'
import { progressing, type Readiness, ready } from './readiness/readiness.ts'
import { listen, type ObjectsByName, type WatchScope } from './shared-watch.ts'

/** What is waited for, and for how long. */
export interface WaitOptions {
  /** `ready`: as its kind is ready; `complete`: Jobs and Pods have done their work, as hooks must; `deleted`: gone. */
  readonly until: 'ready' | 'complete' | 'deleted'
  /** With `ready`: Jobs must have completed too. */
  readonly jobs?: boolean
  /** As Helm 3 waits, and Helm 4 with `--wait=legacy`. */
  readonly legacy?: boolean
  readonly timeoutMs: number
  readonly signal?: AbortSignal
  /** Called whenever the state of some object changes. */
  readonly onProgress?: (progress: WaitProgress) => void
  /** Called within seconds with what is in the way of an object, while the wait goes on. */
  readonly onTrouble?: (blocked: BlockedObject) => void
}

/** How far a wait has come. */
export interface WaitProgress {
  readonly done: number
  readonly total: number
  /** What is still waited for. */
  readonly pending: readonly WaitedObject[]
}

/** One object and what was last seen of it; undefined when it was not there. */
export interface WaitedObject {
  readonly ref: ObjectRef
  readonly readiness: Readiness | undefined
}

/** How a wait ended. `blocked` explains each object that did not get there; empty when the outcome is `done`. */
export interface WaitResult {
  readonly outcome: 'done' | 'failed' | 'timeout'
  readonly objects: readonly WaitedObject[]
  readonly blocked: readonly BlockedObject[]
}

/** What is known of an object that is waited for. */
interface Waited {
  readonly ref: ObjectRef
  object: KubeObject | undefined
  readiness: Readiness | undefined
  /** False until its kind has been listed. */
  isKnown: boolean
  /** What may be its dependants, once they are listed; only where they have a say. */
  dependants?: ObjectsByName
}

/**
 * Waits until all `refs` are ready, complete or deleted. Nothing is polled: one watch for each kind and namespace tells of changes,
 * shared with other waits of this client. Ends early when every object is either there or failed for good, and then, as after the
 * timeout, explains within seconds what is in the way.
 *
 * @throws KubeError when the objects may not be watched; DiagnosticError `kube/unreachable`, `kube/unknown-kind`; the signal's reason
 */
export async function waitFor(client: KubeClient, refs: readonly ObjectRef[], options: WaitOptions): Promise<WaitResult> {
  const waited = refs.map((ref) => startOf(ref, options))
  const outcome = await watchAll(client, waited, options)
  const objects = waited.map(({ ref, readiness }) => ({ ref, readiness }))
  if (outcome === 'done') return { outcome, objects, blocked: [] }
  const stuck = waited.filter((one) => !isDone(one, options))
  const blocked = await Promise.all(stuck.map((one) => explainBlocked(client, one, options)))
  return { outcome, objects, blocked }
}

/** Hooks of any kind but Job and Pod are done when they are written, and so are objects that nobody works on. */
function startOf(ref: ObjectRef, options: WaitOptions): Waited {
  const isReadyAtOnce = needsNoWatch(ref, options)
  return { ref, object: undefined, readiness: isReadyAtOnce ? ready('Resource is current') : undefined, isKnown: isReadyAtOnce }
}

function needsNoWatch(ref: ObjectRef, { until, legacy, jobs = false }: WaitOptions): boolean {
  if (until === 'complete') return !canComplete(ref.apiVersion, ref.kind)
  if (until === 'deleted') return false
  return legacy ? legacyWait(ref, { jobs }) === undefined : isPassive(ref.apiVersion, ref.kind)
}

function watchAll(client: KubeClient, waited: readonly Waited[], options: WaitOptions): Promise<WaitResult['outcome']> {
  return new Promise((done, fail) => {
    if (options.signal?.aborted) return fail(options.signal.reason as Error)
    if (outcomeOf(waited, options) === 'done') return done('done')
    const stops: (() => void)[] = []
    let isOver = false
    const untilOver = (stop: () => void): void => {
      if (isOver) stop()
      else stops.push(stop)
    }
    const end = (finish: () => void): void => {
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', onAbort)
      isOver = true
      for (const stop of stops.splice(0)) stop()
      finish()
    }
    const onAbort = () => end(() => fail(options.signal?.reason as Error))
    const timer = setTimeout(() => end(() => done('timeout')), options.timeoutMs)
    if (options.signal !== undefined) {
      setMaxListeners(0, options.signal)
      options.signal.addEventListener('abort', onAbort, { once: true })
    }
    const check = () => {
      const outcome = outcomeOf(waited, options)
      if (outcome !== undefined) end(() => done(outcome))
    }
    const start = (scope: WatchScope, members: readonly Waited[], learn: Learn): void => {
      const changed = (objects: ObjectsByName): void => {
        if (learn(members, objects, options)) tell(waited, options)
        check()
      }
      const failed = (error: unknown): void => {
        // Who may not watch all of a kind may still watch those that are meant.
        const mayBeNamed = learn === update && scope.name === undefined && error instanceof KubeError && error.status === 403
        if (!mayBeNamed) end(() => fail(error as Error))
        else for (const one of members) start({ ...scope, name: one.ref.name }, [one], update)
      }
      untilOver(listen(client, scope, { changed, failed }))
    }
    const pending = (): readonly Waited[] => waited.filter((one) => !isDone(one, options))
    const starting = pending()
    for (const [scope, members] of byScope(starting, (one) => scopeOf(client, one.ref))) start(scope, members, update)
    for (const [scope, members] of byScope(starting, (one) => dependantsOf(client, one, options))) start(scope, members, updateDependants)
    if (options.onTrouble) untilOver(lookForTrouble(client, pending, { ...options, onTrouble: options.onTrouble }))
  })
}

/** What a watch tells of its members; true when the state of one has changed. */
type Learn = (members: readonly Waited[], objects: ObjectsByName, options: WaitOptions) => boolean

/** Objects by the watch that tells of them, or of what has a say in them. */
function byScope(
  waited: readonly Waited[],
  scopeFor: (one: Waited) => WatchScope | undefined,
): readonly (readonly [WatchScope, readonly Waited[]])[] {
  const scopes = new Map<string, [WatchScope, Waited[]]>()
  for (const one of waited) {
    const scope = scopeFor(one)
    if (scope === undefined) continue
    const key = JSON.stringify(scope)
    const entry = scopes.get(key) ?? [scope, []]
    entry[1].push(one)
    scopes.set(key, entry)
  }
  return [...scopes.values()]
}

function dependantsOf(client: KubeClient, { ref }: Waited, { until, legacy, jobs = false }: WaitOptions): WatchScope | undefined {
  const kind = legacy && until === 'ready' ? legacyWait(ref, { jobs })?.dependants : undefined
  return kind && { ...kind, namespace: ref.namespace ?? client.defaultNamespace }
}

/** Namespaces can hold many large Secrets and ConfigMaps, so of these only the one that is meant is watched. */
function scopeOf(client: KubeClient, ref: ObjectRef): WatchScope {
  const { apiVersion, kind, name } = ref
  const facts = builtInKind(apiVersion, kind)
  const namespace = facts === undefined ? ref.namespace : facts.namespaced ? (ref.namespace ?? client.defaultNamespace) : undefined
  const isHeavy = apiVersion === 'v1' && (kind === 'Secret' || kind === 'ConfigMap')
  return { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }), ...(isHeavy ? { name } : {}) }
}

function update(members: readonly Waited[], objects: ObjectsByName, options: WaitOptions): boolean {
  let hasChanged = false
  for (const one of members) {
    const object = objects.get(one.ref.name)
    if (one.isKnown && object === one.object) continue
    const isNews = !one.isKnown
    one.isKnown = true
    one.object = object
    hasChanged = judgeAgain(one, options) || isNews || hasChanged
  }
  return hasChanged
}

function updateDependants(members: readonly Waited[], objects: ObjectsByName, options: WaitOptions): boolean {
  let hasChanged = false
  for (const one of members) {
    one.dependants = objects
    hasChanged = judgeAgain(one, options) || hasChanged
  }
  return hasChanged
}

function judgeAgain(one: Waited, options: WaitOptions): boolean {
  const before = one.readiness
  one.readiness = one.object && judge(one.object, one, options)
  return one.readiness?.state !== before?.state || one.readiness?.message !== before?.message
}

function judge(object: KubeObject, one: Waited, { until, legacy, jobs = false }: WaitOptions): Readiness {
  if (until === 'complete') return legacy ? legacyCompletion(object) : completionOf(object)
  if (!legacy || until === 'deleted') return readinessOf(object, { jobs })
  if (legacyWait(one.ref, { jobs })?.dependants && !one.dependants) return progressing('its dependants are not known yet')
  return legacyReadiness(object, one.dependants?.values() ?? [], { jobs })
}

function isDone(one: Waited, options: WaitOptions): boolean {
  if (!one.isKnown) return false
  return options.until === 'deleted' ? one.object === undefined : one.readiness?.state === 'ready'
}

function outcomeOf(waited: readonly Waited[], options: WaitOptions): WaitResult['outcome'] | undefined {
  const pending = waited.filter((one) => !isDone(one, options))
  if (pending.length === 0) return 'done'
  const areLost = options.until !== 'deleted' && pending.every((one) => one.readiness?.state === 'failed')
  return areLost ? 'failed' : undefined
}

function tell(waited: readonly Waited[], options: WaitOptions): void {
  if (options.onProgress === undefined) return
  const pending = waited.filter((one) => !isDone(one, options))
  options.onProgress({
    done: waited.length - pending.length,
    total: waited.length,
    pending: pending.map(({ ref, readiness }) => ({ ref, readiness })),
  })
}
