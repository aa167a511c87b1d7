import { isObject, textOf, valueAt } from '../base/json.ts'
import type { Cluster } from './cluster.ts'
import { listOf } from './json.ts'
import { liveObject } from './patch-object.ts'
import { badRequest } from './status.ts'
import type { Target } from './target.ts'

/** The annotation on a pod whose value is what its containers print. */
const LOGS_ANNOTATION = 'sandbox.flotilla.dev/logs'

/**
 * What a container of a pod printed: the pod's logs annotation, or one line that names the container.
 *
 * @throws ApiError 400 for a container that is not there, or has not started
 */
export function podLogs(cluster: Cluster, target: Target, query: URLSearchParams): string {
  const pod = liveObject(cluster, target)
  const names = [...listOf(valueAt(pod, 'spec', 'initContainers')), ...listOf(valueAt(pod, 'spec', 'containers'))].map((c) =>
    textOf(valueAt(c, 'name')),
  )
  const wanted = query.get('container') ?? ''
  if (wanted === '' && listOf(valueAt(pod, 'spec', 'containers')).length > 1) {
    throw badRequest(`a container name must be specified for pod ${target.name}, choose one of: [${names.join(' ')}]`)
  }
  const name = wanted === '' ? textOf(valueAt(listOf(valueAt(pod, 'spec', 'containers'))[0], 'name')) : wanted
  if (!names.includes(name)) throw badRequest(`container ${name} is not valid for pod ${target.name}`)
  const waiting = waitingReason(pod, name)
  if (waiting !== undefined && query.get('previous') !== 'true')
    throw badRequest(`container "${name}" in pod "${target.name}" is waiting to start: ${waiting}`)
  return tailed(textOf(valueAt(pod, 'metadata', 'annotations', LOGS_ANNOTATION)) || `${name} started`, query)
}

/** Why a container has never run, undefined when it has. */
function waitingReason(pod: unknown, container: string): string | undefined {
  const statuses = [...listOf(valueAt(pod, 'status', 'initContainerStatuses')), ...listOf(valueAt(pod, 'status', 'containerStatuses'))]
  const status = statuses.find((s) => isObject(s) && s['name'] === container)
  if (status === undefined) return 'ContainerCreating'
  const reason = valueAt(status, 'state', 'waiting', 'reason')
  const hasRun = valueAt(status, 'lastState', 'terminated') !== undefined
  return typeof reason === 'string' && !hasRun ? (reason === 'ImagePullBackOff' ? 'trying and failing to pull image' : reason) : undefined
}

function tailed(text: string, query: URLSearchParams): string {
  const lines = text.replace(/\n$/, '').split('\n')
  const tail = query.get('tailLines')
  const kept = tail === null ? lines : Number(tail) === 0 ? [] : lines.slice(-Number(tail))
  return kept.map((line) => `${line}\n`).join('')
}
