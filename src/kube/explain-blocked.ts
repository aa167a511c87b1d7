import type { Diagnostic, Note } from '../base/diagnostic.ts'
import { type JsonObject, numberOf, objectsOf, textOf, valueAt } from '../base/json.ts'
import type { KubeObject, ObjectRef } from '../kinds/kube-object.ts'
import type { KubeClient } from './client.ts'
import { splitApiVersion } from './paths.ts'
import { type Condition, conditionsOf, type Readiness } from './readiness/readiness.ts'

/** An object that did not get where it should, and what the cluster knows of the reason. */
export interface BlockedObject {
  readonly ref: ObjectRef
  /** `missing` when it is not there. */
  readonly state: Readiness['state'] | 'missing'
  readonly message: string
  /** Conditions that speak against it. */
  readonly conditions: readonly Condition[]
  /** Latest events of the object and its pods, newest last. */
  readonly events: readonly BlockedEvent[]
  readonly containers: readonly BlockedContainer[]
  /** Finalizers that hold back a removal. */
  readonly finalizers: readonly string[]
  /** What could not be asked, and why. */
  readonly gaps: readonly string[]
}

export interface BlockedEvent {
  readonly about: string
  readonly type: string
  readonly reason: string
  readonly message: string
  readonly count: number
}

/** A container that does not run as it should. */
export interface BlockedContainer {
  readonly pod: string
  readonly container: string
  /** `CrashLoopBackOff`, `ImagePullBackOff`, `Error`, `OOMKilled`, … */
  readonly reason: string
  readonly message: string
  readonly exitCode?: number
  readonly restarts: number
  /** Last lines of its log; empty for containers that never ran. */
  readonly log: readonly string[]
}

/** How long the cluster may be asked for reasons. */
const PATIENCE_MS = 5_000
const MAX_EVENTS = 5
const MAX_PODS = 3
const LOG_LINES = 10
/** Of what should have done its work, as hooks should, the log says more than anything else. */
const LOG_LINES_OF_WORK = 100

/** An object that is waited for, as it was last seen. */
export interface Waited {
  readonly ref: ObjectRef
  /** Undefined when it was not there. */
  readonly object: KubeObject | undefined
  readonly readiness: Readiness | undefined
}

/**
 * Asks the cluster why an object is not where it should be: conditions, pods, their containers' ends and logs, events. What cannot be
 * asked becomes a gap. Of an object that should do its work and end, pods that run are told of too, with more of their logs.
 */
export async function explainBlocked(
  client: KubeClient,
  { ref, object, readiness }: Waited,
  { until, signal }: { readonly until: 'ready' | 'complete' | 'deleted'; readonly signal?: AbortSignal },
): Promise<BlockedObject> {
  const gaps: string[] = []
  const limit = AbortSignal.any([AbortSignal.timeout(PATIENCE_MS), ...(signal === undefined ? [] : [signal])])
  const mustEnd = until === 'complete'
  const pods = object === undefined ? [] : await orGap(gaps, 'pods', troubledPods(client, object, mustEnd, limit), [])
  const about = object === undefined ? [] : [object, ...pods]
  const [events, containers] = await Promise.all([
    orGap(gaps, 'events', eventsOf(client, ref, about, limit), []),
    Promise.all(pods.flatMap((pod) => troubledContainers(client, pod, mustEnd, gaps))),
  ])
  return {
    ref,
    events,
    containers,
    gaps,
    state: readiness?.state ?? 'missing',
    message: readiness?.message ?? 'Resource not found',
    conditions: about.length === 0 ? [] : about.flatMap(badConditions),
    finalizers: object?.metadata.deletionTimestamp === undefined ? [] : (object.metadata.finalizers ?? []),
  }
}

async function orGap<T>(gaps: string[], what: string, asked: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await asked
  } catch (error) {
    gaps.push(`${what} could not be read: ${error instanceof Error ? error.message : String(error)}`)
    return otherwise
  }
}

/** Conditions whose status is the unwelcome one; for most types that is False, for those that name a trouble it is True. */
function badConditions(object: KubeObject): readonly Condition[] {
  return conditionsOf(object).filter(({ type, status }) => (NAMES_OF_TROUBLE.has(type) ? status === 'True' : status === 'False'))
}

const NAMES_OF_TROUBLE = new Set(['ReplicaFailure', 'Failed', 'FailureTarget', 'Stalled', 'Reconciling', 'DisruptionTarget', 'Suspended'])

/** The object itself when it is a pod, else pods that its selector finds and that are not ready, newest first. */
async function troubledPods(client: KubeClient, object: KubeObject, mustEnd: boolean, signal: AbortSignal): Promise<readonly KubeObject[]> {
  if (isCoreKind(object, 'Pod')) return [object]
  const labelSelector = selectorOf(object)
  const { namespace } = object.metadata
  if (labelSelector === '' || namespace === undefined) return []
  const pods = await client.list('v1', 'Pod', { namespace, labelSelector, signal })
  const isReady = (pod: KubeObject): boolean => conditionsOf(pod).some(({ type, status }) => type === 'Ready' && status === 'True')
  const troubled = pods.filter((pod) => (mustEnd || !isReady(pod)) && valueAt(pod, 'status', 'phase') !== 'Succeeded')
  return [...troubled].sort((a, b) => (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? '')).slice(0, MAX_PODS)
}

function isCoreKind(object: KubeObject, kind: string): boolean {
  return object.kind === kind && splitApiVersion(object.apiVersion).group === ''
}

/** Services choose pods too, but a Service is not blocked by them. */
function selectorOf(object: KubeObject): string {
  const labels = valueAt(object, 'spec', 'selector', 'matchLabels')
  return Object.entries((labels ?? {}) as JsonObject)
    .map(([name, value]) => `${name}=${textOf(value)}`)
    .join(',')
}

async function eventsOf(client: KubeClient, ref: ObjectRef, objects: readonly KubeObject[], signal: AbortSignal): Promise<readonly BlockedEvent[]> {
  const selectors =
    objects.length === 0
      ? [`involvedObject.kind=${ref.kind},involvedObject.name=${ref.name}`]
      : objects.map((object) => `involvedObject.uid=${object.metadata.uid ?? ''}`)
  const namespace = ref.namespace ?? 'default'
  const lists = await Promise.all(selectors.map((fieldSelector) => client.list('v1', 'Event', { namespace, fieldSelector, signal })))
  const sorted = lists.flat().sort((a, b) => timeOf(a).localeCompare(timeOf(b)))
  const warnings = sorted.filter((event) => event['type'] === 'Warning')
  return merged((warnings.length > 0 ? warnings : sorted).map(eventOf)).slice(-MAX_EVENTS)
}

/** Events that tell the same become one, as late as the last of them and as many as all. */
function merged(events: readonly BlockedEvent[]): readonly BlockedEvent[] {
  const byText = new Map<string, BlockedEvent>()
  for (const event of events) {
    const message = event.message.replace(/^\(combined from similar events\): /, '')
    const key = JSON.stringify([event.about, event.type, event.reason, withoutPod(message)])
    const count = event.count + (byText.get(key)?.count ?? 0)
    byText.delete(key)
    byText.set(key, { ...event, message, count })
  }
  return [...byText.values()]
}

/** Each try of a controller is about another pod. */
function withoutPod(message: string): string {
  return message.replace(/^(Error creating: pods ")[^"]{1,253}"/, '$1"')
}

function timeOf(event: KubeObject): string {
  return textOf(event['lastTimestamp']) || textOf(event['eventTime']) || (event.metadata.creationTimestamp ?? '')
}

function eventOf(event: KubeObject): BlockedEvent {
  return {
    about: `${textOf(valueAt(event, 'involvedObject', 'kind'))} ${textOf(valueAt(event, 'involvedObject', 'name'))}`,
    type: textOf(event['type']),
    reason: textOf(event['reason']),
    message: textOf(event['message']),
    count: numberOf(event['count']) ?? numberOf(valueAt(event, 'series', 'count')) ?? 1,
  }
}

function troubledContainers(client: KubeClient, pod: KubeObject, mustEnd: boolean, gaps: string[]): readonly Promise<BlockedContainer>[] {
  const statuses = ['initContainerStatuses', 'containerStatuses'].flatMap((list) => objectsOf(valueAt(pod, 'status', list)))
  const lines = mustEnd ? LOG_LINES_OF_WORK : LOG_LINES
  return statuses.filter((status) => isTroubled(status, mustEnd)).map((status) => containerOf(client, pod, { status, lines }, gaps))
}

function isTroubled(status: JsonObject, mustEnd: boolean): boolean {
  const waiting = textOf(valueAt(status, 'state', 'waiting', 'reason'))
  const exitCode = numberOf(valueAt(status, 'state', 'terminated', 'exitCode'))
  if (exitCode !== undefined) return exitCode !== 0
  // These two reasons only say that the container waits for its turn.
  if (waiting !== '') return waiting !== 'PodInitializing' && waiting !== 'ContainerCreating'
  return (mustEnd || status['ready'] === false) && valueAt(status, 'state', 'running') !== undefined
}

async function containerOf(
  client: KubeClient,
  pod: KubeObject,
  { status, lines }: { readonly status: JsonObject; readonly lines: number },
  gaps: string[],
): Promise<BlockedContainer> {
  const waiting = valueAt(status, 'state', 'waiting')
  const ended = valueAt(status, 'state', 'terminated') ?? valueAt(status, 'lastState', 'terminated')
  const exitCode = numberOf(valueAt(ended, 'exitCode'))
  const isRunning = valueAt(status, 'state', 'running') !== undefined
  const name = textOf(status['name'])
  return {
    pod: pod.metadata.name ?? '',
    container: name,
    reason: textOf(valueAt(waiting, 'reason')) || textOf(valueAt(ended, 'reason')) || (status['ready'] === true ? 'Running' : 'NotReady'),
    message: textOf(valueAt(waiting, 'message')) || textOf(valueAt(ended, 'message')),
    restarts: numberOf(status['restartCount']) ?? 0,
    log: ended !== undefined || isRunning ? await orGap(gaps, `the log of ${name}`, lastLines(client, pod, name, lines), []) : [],
    ...(exitCode === undefined ? {} : { exitCode }),
  }
}

async function lastLines(client: KubeClient, pod: KubeObject, container: string, lines: number): Promise<readonly string[]> {
  const text = await client.logs({ namespace: pod.metadata.namespace ?? 'default', name: pod.metadata.name ?? '', container, tailLines: lines })
  return text
    .split('\n')
    .filter((line) => line !== '')
    .slice(-lines)
}

/** A blocked object as a diagnostic: `kube/not-ready`, or `kube/not-deleted` when its removal was waited for. */
export function blockedDiagnostic(blocked: BlockedObject, until: 'ready' | 'complete' | 'deleted'): Diagnostic {
  const { ref } = blocked
  const isRemoval = until === 'deleted'
  const notes: Note[] = [
    ...blocked.conditions.map(({ type, status, reason, message }) => ({
      text: [`condition ${type} is ${status}`, reason, message].filter((part) => part !== '').join(': '),
    })),
    ...blocked.containers.flatMap(containerNotes),
    ...blocked.events.map((event) => ({
      text: [`event ${event.reason} on ${event.about}${event.count > 1 ? ` (${event.count} times)` : ''}`, event.message].filter(Boolean).join(': '),
    })),
    ...blocked.gaps.map((text) => ({ text })),
  ]
  const held = blocked.finalizers.length > 0 ? `, held by ${blocked.finalizers.join(', ')}` : ''
  return {
    code: isRemoval ? 'kube/not-deleted' : 'kube/not-ready',
    severity: 'error',
    summary: isRemoval ? `still exists${held}` : blocked.message,
    subject: `${ref.kind} ${ref.namespace === undefined ? '' : `${ref.namespace}/`}${ref.name}`,
    notes: notes.filter((note, at) => notes.findIndex(({ text }) => text === note.text) === at),
  }
}

function containerNotes(container: BlockedContainer): readonly Note[] {
  const exit = container.exitCode === undefined ? '' : `, exit code ${container.exitCode}`
  const restarts = container.restarts > 0 ? `, ${container.restarts} restarts` : ''
  const message = container.message === '' ? '' : `: ${container.message}`
  const head = { text: `container ${container.container} of pod ${container.pod}: ${container.reason}${exit}${restarts}${message}` }
  return [head, ...container.log.map((line) => ({ text: `  ${container.container}: ${line}` }))]
}
