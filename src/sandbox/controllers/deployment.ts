import { isObject, type JsonObject, objectOf, textOf, valueAt } from '../../base/json.ts'
import { type Cluster, timestamp } from '../cluster.ts'
import { listOf, withAt } from '../json.ts'
import { create, replace, setStatus } from './as-controller.ts'
import { withCondition } from './conditions.ts'
import type { Controller } from './controller.ts'
import { deleteAs } from './delete-pod.ts'
import { controllerPlace, isDeleting, nameOf, namespaceOf, objectAt, ownedBy, ownerReference, placeOf, shareOf } from './owned.ts'
import { templateHash } from './template-hash.ts'

const DEPLOYMENTS = 'apps/deployments'
const SETS = 'apps/replicasets'
const REVISION = 'deployment.kubernetes.io/revision'

/** Rolls deployments: a ReplicaSet per pod template, scaled up and down within the limits of the strategy. */
export const deploymentController: Controller = {
  resources: [DEPLOYMENTS, SETS],
  keyOf: ({ resource, object }) => (resource === SETS ? controllerPlace(object, 'Deployment') : placeOf(object)),
  reconcile: (cluster, place) => {
    const deployment = objectAt(cluster, DEPLOYMENTS, place)
    if (!deployment || isDeleting(deployment)) return
    const current = valueAt(deployment, 'spec', 'paused') === true ? currentSet(cluster, deployment) : ensureSet(cluster, deployment)
    if (current) roll(cluster, deployment, nameOf(current))
    report(cluster, place)
  },
}

function setsOf(cluster: Cluster, deployment: JsonObject): readonly JsonObject[] {
  return ownedBy(cluster, deployment, SETS)
}

function setName(deployment: JsonObject): string {
  return `${nameOf(deployment)}-${templateHash(valueAt(deployment, 'spec', 'template'))}`
}

function currentSet(cluster: Cluster, deployment: JsonObject): JsonObject | undefined {
  return setsOf(cluster, deployment).find((set) => nameOf(set) === setName(deployment))
}

function revisionOf(object: JsonObject): number {
  return Number(valueAt(object, 'metadata', 'annotations', REVISION) ?? 0)
}

function ensureSet(cluster: Cluster, deployment: JsonObject): JsonObject {
  const others = setsOf(cluster, deployment).filter((set) => nameOf(set) !== setName(deployment))
  const latest = Math.max(0, ...others.map(revisionOf))
  const current = currentSet(cluster, deployment)
  if (!current) return createSet(cluster, deployment, latest + 1)
  if (revisionOf(current) > latest) return current
  return replace(cluster, SETS, current, withAt(current, ['metadata', 'annotations', REVISION], String(latest + 1)))
}

function createSet(cluster: Cluster, deployment: JsonObject, revision: number): JsonObject {
  const template = objectOf(valueAt(deployment, 'spec', 'template'))
  const hash = { 'pod-template-hash': templateHash(template) }
  const labels = { ...objectOf(valueAt(template, 'metadata', 'labels')), ...hash }
  const { 'kubectl.kubernetes.io/last-applied-configuration': _applied, ...annotations } = objectOf(valueAt(deployment, 'metadata', 'annotations'))
  const selector = objectOf(valueAt(deployment, 'spec', 'selector'))
  const replicas = Number(valueAt(deployment, 'spec', 'replicas'))
  return create(cluster, SETS, namespaceOf(deployment), {
    metadata: {
      name: setName(deployment),
      labels,
      annotations: {
        ...annotations,
        [REVISION]: String(revision),
        'deployment.kubernetes.io/desired-replicas': String(replicas),
        'deployment.kubernetes.io/max-replicas': String(replicas + surgeOf(deployment)),
      },
      ownerReferences: [ownerReference(deployment)],
    },
    spec: {
      replicas: 0,
      selector: { ...selector, matchLabels: { ...objectOf(selector['matchLabels']), ...hash } },
      template: withAt(template, ['metadata', 'labels'], labels),
      ...(valueAt(deployment, 'spec', 'minReadySeconds') === undefined ? {} : { minReadySeconds: valueAt(deployment, 'spec', 'minReadySeconds') }),
    },
  })
}

function isRecreate(deployment: JsonObject): boolean {
  return valueAt(deployment, 'spec', 'strategy', 'type') === 'Recreate'
}

function surgeOf(deployment: JsonObject): number {
  const replicas = Number(valueAt(deployment, 'spec', 'replicas'))
  return isRecreate(deployment) ? 0 : shareOf(valueAt(deployment, 'spec', 'strategy', 'rollingUpdate', 'maxSurge'), replicas, Math.ceil)
}

function unavailableOf(deployment: JsonObject): number {
  const replicas = Number(valueAt(deployment, 'spec', 'replicas'))
  const share = shareOf(valueAt(deployment, 'spec', 'strategy', 'rollingUpdate', 'maxUnavailable'), replicas, Math.floor)
  return Math.min(replicas, share === 0 && surgeOf(deployment) === 0 ? 1 : share)
}

function replicasOf(set: JsonObject): number {
  return Number(valueAt(set, 'spec', 'replicas'))
}

function availableOf(set: JsonObject): number {
  return Number(valueAt(set, 'status', 'availableReplicas') ?? 0)
}

function sum(sets: readonly JsonObject[], count: (set: JsonObject) => number): number {
  return sets.reduce((total, set) => total + count(set), 0)
}

function scaleTo(cluster: Cluster, set: JsonObject, replicas: number): void {
  const live = cluster.storage.get(SETS, namespaceOf(set), nameOf(set))
  if (live && replicasOf(live) !== replicas) replace(cluster, SETS, live, withAt(live, ['spec', 'replicas'], replicas))
}

/** One step towards all replicas being of the current set. Source: kubernetes pkg/controller/deployment/rolling.go, recreate.go */
function roll(cluster: Cluster, deployment: JsonObject, currentName: string): void {
  const sets = setsOf(cluster, deployment)
  const current = sets.find((set) => nameOf(set) === currentName)
  const old = sets.filter((set) => set !== current)
  const wanted = Number(valueAt(deployment, 'spec', 'replicas'))
  if (!current) return
  if (isRecreate(deployment)) {
    for (const set of old) scaleTo(cluster, set, 0)
    if (sum(old, (set) => ownedBy(cluster, set, '/pods').length) === 0) scaleTo(cluster, current, wanted)
    return
  }
  const room = wanted + surgeOf(deployment) - sum(sets, replicasOf)
  const up = replicasOf(current) > wanted ? wanted : Math.min(wanted, replicasOf(current) + Math.max(0, room))
  if (up === replicasOf(current)) {
    scaleDown(cluster, current, old, wanted - unavailableOf(deployment))
    trimHistory(cluster, deployment, old)
  } else scaleTo(cluster, current, up)
}

/** Takes replicas from old sets, unavailable ones first, so that `minimum` stay available. */
function scaleDown(cluster: Cluster, current: JsonObject, old: readonly JsonObject[], minimum: number): void {
  const total = replicasOf(current) + sum(old, replicasOf)
  let spare = total - minimum - (replicasOf(current) - availableOf(current))
  const left = new Map(old.map((set) => [set, replicasOf(set)]))
  for (const set of old) {
    const dead = Math.min(Math.max(0, spare), replicasOf(set) - Math.min(availableOf(set), replicasOf(set)))
    left.set(set, replicasOf(set) - dead)
    spare -= dead
  }
  let extra = availableOf(current) + sum(old, availableOf) - minimum
  for (const set of old) {
    const taken = Math.min(Math.max(0, extra), left.get(set) ?? 0)
    scaleTo(cluster, set, (left.get(set) ?? 0) - taken)
    extra -= taken
  }
}

function trimHistory(cluster: Cluster, deployment: JsonObject, old: readonly JsonObject[]): void {
  const limit = Number(valueAt(deployment, 'spec', 'revisionHistoryLimit') ?? 10)
  const idle = old
    .filter((set) => replicasOf(set) === 0 && Number(valueAt(set, 'status', 'replicas') ?? 0) === 0)
    .sort((a, b) => revisionOf(a) - revisionOf(b))
  for (const set of idle.slice(0, Math.max(0, idle.length - limit))) deleteAs(cluster, SETS, set)
}

function report(cluster: Cluster, place: string): void {
  const deployment = objectAt(cluster, DEPLOYMENTS, place)
  if (!deployment) return
  const current = currentSet(cluster, deployment)
  const counts = countsOf(cluster, deployment, current)
  const conditions = conditionsOf(cluster, deployment, current, counts)
  const annotations = { ...objectOf(valueAt(deployment, 'metadata', 'annotations')), ...(current ? { [REVISION]: String(revisionOf(current)) } : {}) }
  setStatus(cluster, DEPLOYMENTS, deployment, { ...counts, conditions }, { annotations })
}

function countsOf(cluster: Cluster, deployment: JsonObject, current: JsonObject | undefined): JsonObject {
  const sets = setsOf(cluster, deployment)
  const count = (set: JsonObject, name: string): number => Number(valueAt(set, 'status', name) ?? 0)
  const available = sum(sets, (set) => count(set, 'availableReplicas'))
  return {
    observedGeneration: valueAt(deployment, 'metadata', 'generation'),
    replicas: sum(sets, (set) => count(set, 'replicas')),
    updatedReplicas: current ? count(current, 'replicas') : 0,
    readyReplicas: sum(sets, (set) => count(set, 'readyReplicas')),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, sum(sets, replicasOf) - available),
    terminatingReplicas: sum(sets, (set) => count(set, 'terminatingReplicas')),
  }
}

function conditionsOf(cluster: Cluster, deployment: JsonObject, current: JsonObject | undefined, counts: JsonObject): readonly unknown[] {
  const now = timestamp(cluster)
  const wanted = Number(valueAt(deployment, 'spec', 'replicas'))
  const isAvailable = Number(counts['availableReplicas']) >= wanted - unavailableOf(deployment)
  const available = isAvailable
    ? ({ type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' } as const)
    : ({
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      } as const)
  const before = withCondition(valueAt(deployment, 'status', 'conditions'), available, now, 'updated')
  const paused = { type: 'Progressing', status: 'Unknown', reason: 'DeploymentPaused', message: 'Deployment is paused' } as const
  if (valueAt(deployment, 'spec', 'paused') === true) return withCondition(before, paused, now, 'updated')
  return current ? withProgress(cluster, deployment, current, counts, before, now) : before
}

function withProgress(
  cluster: Cluster,
  deployment: JsonObject,
  current: JsonObject,
  counts: JsonObject,
  conditions: readonly unknown[],
  now: string,
): readonly unknown[] {
  const wanted = Number(valueAt(deployment, 'spec', 'replicas'))
  const name = nameOf(current)
  const isComplete = [counts['updatedReplicas'], counts['replicas'], counts['availableReplicas']].every((n) => n === wanted)
  const set = (status: 'True' | 'False', reason: string, message: string): readonly unknown[] =>
    withCondition(conditions, { type: 'Progressing', status, reason, message }, now, 'updated')
  if (isComplete) return set('True', 'NewReplicaSetAvailable', `ReplicaSet "${name}" has successfully progressed.`)
  const before = conditions.find((c) => isObject(c) && c['type'] === 'Progressing')
  const isProgress = ['replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas', 'observedGeneration'].some(
    (key) => Number(counts[key] ?? 0) !== Number(valueAt(deployment, 'status', key) ?? 0),
  )
  if (isProgress || !isObject(before)) {
    watchDeadline(cluster, deployment)
    const isNew = !isObject(before)
    return isNew
      ? set('True', 'NewReplicaSetCreated', `Created new replica set "${name}"`)
      : touched(set('True', 'ReplicaSetUpdated', `ReplicaSet "${name}" is progressing.`), now)
  }
  const deadline = Number(valueAt(deployment, 'spec', 'progressDeadlineSeconds') ?? 600) * 1000
  const isLate = cluster.host.now() - Date.parse(textOf(before['lastUpdateTime'])) >= deadline
  return isLate ? set('False', 'ProgressDeadlineExceeded', `ReplicaSet "${name}" has timed out progressing.`) : conditions
}

function touched(conditions: readonly unknown[], now: string): readonly unknown[] {
  return conditions.map((c) => (isObject(c) && c['type'] === 'Progressing' ? { ...c, lastUpdateTime: now } : c))
}

/** Looks at a deployment again when its time to progress is over. */
function watchDeadline(cluster: Cluster, deployment: JsonObject): void {
  const seconds = Number(valueAt(deployment, 'spec', 'progressDeadlineSeconds') ?? 600)
  const place = placeOf(deployment)
  // Times are kept in whole seconds, so a deadline may seem to lie up to one further off.
  cluster.after(seconds * 1000 + 1000, () => {
    const live = objectAt(cluster, DEPLOYMENTS, place)
    if (live && !isDeleting(live) && listOf(valueAt(live, 'status', 'conditions')).length > 0) report(cluster, place)
  })
}
