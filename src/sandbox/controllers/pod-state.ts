import { type JsonObject, textOf, valueAt } from '../../base/json.ts'
import { listOf } from '../json.ts'
import { nameOf, namespaceOf, uidOf } from './owned.ts'

/** What a pod is made to come to. */
export type Fate = 'Running' | 'Succeeded' | 'Failed' | 'CrashLoopBackOff' | 'ImagePullBackOff' | 'Unschedulable'

const FAIL_ANNOTATION = 'sandbox.flotilla.dev/fail'
const READY_ANNOTATION = 'sandbox.flotilla.dev/ready-after'

/** What a pod comes to: what its annotation asks for; else it runs, or ends well where it is not to be restarted. */
export function fateOf(pod: JsonObject): Fate {
  const asked = textOf(valueAt(pod, 'metadata', 'annotations', FAIL_ANNOTATION))
  if (asked === 'CrashLoopBackOff' || asked === 'ImagePullBackOff' || asked === 'Unschedulable') return asked
  if (asked === 'JobFailed' || asked === 'Failed') return 'Failed'
  return valueAt(pod, 'spec', 'restartPolicy') === 'Always' ? 'Running' : 'Succeeded'
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 }

/** After how many milliseconds a pod becomes what it comes to: its annotation (`500ms`, `2s`, `1m`), else `standard`. */
export function delayOf(pod: JsonObject, standard: number): number {
  const found = /^(\d{1,9})(ms|s|m)$/.exec(textOf(valueAt(pod, 'metadata', 'annotations', READY_ANNOTATION)))
  return found ? Number(found[1]) * (UNITS[found[2] as string] ?? 1) : standard
}

const SCHEDULED = { type: 'PodScheduled', status: 'True' }

function conditions(now: string, isReady: boolean, unready: string, isDone: boolean): readonly JsonObject[] {
  const times = { lastProbeTime: null, lastTransitionTime: now }
  const status = isReady ? 'True' : 'False'
  const why = isReady
    ? {}
    : isDone
      ? { reason: 'PodCompleted' }
      : { reason: 'ContainersNotReady', message: `containers with unready status: [${unready}]` }
  return [
    { type: 'PodReadyToStartContainers', status: isDone ? 'False' : 'True', ...times },
    { type: 'Initialized', status: 'True', ...times, ...(isDone ? { reason: 'PodCompleted' } : {}) },
    { type: 'Ready', status, ...times, ...why },
    { type: 'ContainersReady', status, ...times, ...why },
    { ...SCHEDULED, ...times },
  ]
}

/** A pod that no node takes. */
export function unschedulableStatus(pod: JsonObject, now: string): JsonObject {
  const message = '0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.'
  const condition = { type: 'PodScheduled', status: 'False', lastProbeTime: null, lastTransitionTime: now, reason: 'Unschedulable', message }
  return { phase: 'Pending', conditions: [condition], qosClass: valueAt(pod, 'status', 'qosClass') }
}

/** A pod that has a node, its containers not started. */
export function scheduledStatus(pod: JsonObject, now: string): JsonObject {
  return { ...(valueAt(pod, 'status') as JsonObject), phase: 'Pending', conditions: [{ ...SCHEDULED, lastProbeTime: null, lastTransitionTime: now }] }
}

/** The status of a pod that came to `fate`. `address` is the last part of its address. */
export function fatedStatus(pod: JsonObject, fate: Fate, now: string, address: number): JsonObject {
  const containers = listOf(valueAt(pod, 'spec', 'containers'))
  const names = containers.map((c) => textOf(valueAt(c, 'name'))).join(' ')
  const isDone = fate === 'Succeeded' || fate === 'Failed'
  const ip = `10.244.${(address >> 8) & 255}.${address & 255}`
  const inits = listOf(valueAt(pod, 'spec', 'initContainers')).map((c) => containerStatus(pod, c, 'Succeeded', now))
  return {
    phase: isDone ? fate : fate === 'ImagePullBackOff' ? 'Pending' : 'Running',
    conditions: conditions(now, fate === 'Running', names, isDone),
    hostIP: '127.0.0.1',
    hostIPs: [{ ip: '127.0.0.1' }],
    podIP: ip,
    podIPs: [{ ip }],
    startTime: now,
    ...(inits.length > 0 ? { initContainerStatuses: inits } : {}),
    containerStatuses: containers.map((c) => containerStatus(pod, c, fate, now)),
    qosClass: valueAt(pod, 'status', 'qosClass'),
  }
}

function containerStatus(pod: JsonObject, container: unknown, fate: Fate, now: string): JsonObject {
  const name = textOf(valueAt(container, 'name'))
  const image = textOf(valueAt(container, 'image'))
  const ended = (exitCode: number, reason: string): JsonObject => ({
    terminated: { exitCode, reason, startedAt: now, finishedAt: now, containerID: `sandbox://${uidOf(pod)}/${name}` },
  })
  const states: Readonly<Record<Fate, JsonObject>> = {
    Running: { state: { running: { startedAt: now } }, lastState: {}, ready: true, restartCount: 0, started: true },
    Succeeded: { state: ended(0, 'Completed'), lastState: {}, ready: false, restartCount: 0, started: false },
    Failed: { state: ended(1, 'Error'), lastState: {}, ready: false, restartCount: 0, started: false },
    CrashLoopBackOff: {
      state: {
        waiting: {
          reason: 'CrashLoopBackOff',
          message: `back-off 10s restarting failed container=${name} pod=${nameOf(pod)}_${namespaceOf(pod)}(${uidOf(pod)})`,
        },
      },
      lastState: ended(1, 'Error'),
      ready: false,
      restartCount: 1,
      started: false,
    },
    ImagePullBackOff: {
      state: {
        waiting: {
          reason: 'ImagePullBackOff',
          message: `Back-off pulling image "${image}": ErrImagePull: failed to pull and unpack image "${image}": not found`,
        },
      },
      lastState: {},
      ready: false,
      restartCount: 0,
      started: false,
    },
    Unschedulable: { state: {}, lastState: {}, ready: false, restartCount: 0 },
  }
  return { name, ...states[fate], image, imageID: fate === 'ImagePullBackOff' ? '' : `sandbox://${image}` }
}
