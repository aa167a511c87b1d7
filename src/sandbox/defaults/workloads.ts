import { isObject, type JsonObject, objectOf, valueAt } from '../../base/json.ts'
import { fill, mapItems, mapMember, mapSpec } from './fill.ts'
import { defaultTemplate } from './pod-spec.ts'

/** Source of all here: kubernetes pkg/apis/apps/v1/defaults.go, pkg/apis/batch/v1/defaults.go */
export function defaultDeployment(object: JsonObject): JsonObject {
  return mapSpec(object, (spec) => {
    const filled = fill(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 })
    return withTemplate({ ...filled, strategy: rolling(objectOf(spec['strategy']), { maxUnavailable: '25%', maxSurge: '25%' }) })
  })
}

function withTemplate(spec: JsonObject): JsonObject {
  return mapMember(spec, 'template', defaultTemplate)
}

function rolling(strategy: JsonObject, defaults: JsonObject): JsonObject {
  const typed = fill(strategy, { type: 'RollingUpdate' })
  return typed['type'] === 'RollingUpdate' ? { ...typed, rollingUpdate: fill(objectOf(typed['rollingUpdate']), defaults) } : typed
}

export function defaultStatefulSet(object: JsonObject): JsonObject {
  return mapSpec(object, (spec) => {
    const filled = fill(spec, { replicas: 1, revisionHistoryLimit: 10, podManagementPolicy: 'OrderedReady' })
    const policy = fill(objectOf(spec['persistentVolumeClaimRetentionPolicy']), { whenDeleted: 'Retain', whenScaled: 'Retain' })
    const updated = {
      ...filled,
      persistentVolumeClaimRetentionPolicy: policy,
      updateStrategy: rolling(objectOf(spec['updateStrategy']), { partition: 0 }),
    }
    return mapItems(withTemplate(updated), 'volumeClaimTemplates', defaultClaimTemplate)
  })
}

function defaultClaimTemplate(claim: JsonObject): JsonObject {
  const typed = { ...claim, apiVersion: 'v1', kind: 'PersistentVolumeClaim' }
  return { ...mapSpec(typed, (spec) => fill(spec, { volumeMode: 'Filesystem' })), status: fill(objectOf(claim['status']), { phase: 'Pending' }) }
}

export function defaultDaemonSet(object: JsonObject): JsonObject {
  return mapSpec(object, (spec) =>
    withTemplate({
      ...fill(spec, { revisionHistoryLimit: 10 }),
      updateStrategy: rolling(objectOf(spec['updateStrategy']), { maxUnavailable: 1, maxSurge: 0 }),
    }),
  )
}

export function defaultReplicaSet(object: JsonObject): JsonObject {
  return mapSpec(object, (spec) => withTemplate(fill(spec, { replicas: 1 })))
}

/** Replication controllers select by the labels of their template, unless they say otherwise. */
export function defaultReplicationController(object: JsonObject): JsonObject {
  return mapSpec(object, (spec) => withTemplate(fill(spec, { replicas: 1, selector: valueAt(spec, 'template', 'metadata', 'labels') })))
}

export function defaultJob(object: JsonObject): JsonObject {
  return mapSpec(object, (spec) => withTemplate(fill(spec, jobDefaults(spec))))
}

function jobDefaults(spec: JsonObject): JsonObject {
  const hasPolicy = isObject(spec['podFailurePolicy'])
  const isIndexed = valueAt(spec, 'backoffLimitPerIndex') !== undefined
  const noCounts = spec['completions'] === undefined && spec['parallelism'] === undefined
  return {
    ...(noCounts ? { completions: 1 } : {}),
    parallelism: 1,
    backoffLimit: isIndexed ? 2_147_483_647 : 6,
    completionMode: 'NonIndexed',
    suspend: false,
    manualSelector: false,
    podReplacementPolicy: hasPolicy ? 'Failed' : 'TerminatingOrFailed',
  }
}

export function defaultCronJob(object: JsonObject): JsonObject {
  return mapSpec(object, (spec) => {
    const filled = fill(spec, { concurrencyPolicy: 'Allow', suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 })
    return mapMember(filled, 'jobTemplate', (template) => mapMember(template, 'spec', withTemplate))
  })
}
