import { type JsonObject, objectOf, sameJson, textOf, valueAt } from '../../base/json.ts'
import { listOf } from '../json.ts'
import type { KindRules } from '../kind-rules.ts'
import type { Cause } from '../status.ts'
import { forbiddenField, immutableField, invalidValue, nonNegative, oneOf, requiredValue, unsupportedValue } from './causes.ts'
import { validatePodSpec, validateTemplate } from './pod-spec.ts'

type Validation = Pick<KindRules, 'validate' | 'validateUpdate'>

function isEmptySelector(selector: unknown): boolean {
  return Object.keys(objectOf(valueAt(selector, 'matchLabels'))).length === 0 && listOf(valueAt(selector, 'matchExpressions')).length === 0
}

function validateSelector(spec: JsonObject, kind: string): readonly Cause[] {
  if (spec['selector'] === undefined || spec['selector'] === null) return [requiredValue('spec.selector')]
  return isEmptySelector(spec['selector']) ? [invalidValue('spec.selector', spec['selector'], `empty selector is invalid for ${kind}`)] : []
}

function withTemplate(spec: JsonObject, kind: string): readonly Cause[] {
  const claims = listOf(spec['volumeClaimTemplates']).map((claim) => textOf(valueAt(claim, 'metadata', 'name')))
  return [...validateSelector(spec, kind), ...validateTemplate(objectOf(spec['template']), spec['selector'], 'spec.template', claims)]
}

function counts(spec: JsonObject, ...names: readonly string[]): readonly Cause[] {
  return names.flatMap((name) => nonNegative(`spec.${name}`, spec[name]))
}

function isZeroShare(value: unknown): boolean {
  return value === 0 || value === '0%'
}

function validateStrategy(spec: JsonObject): readonly Cause[] {
  const strategy = objectOf(spec['strategy'])
  const type = strategy['type']
  if (type === 'Recreate') {
    return strategy['rollingUpdate'] === undefined
      ? []
      : [forbiddenField('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'")]
  }
  if (type !== 'RollingUpdate') return [unsupportedValue('spec.strategy', { Type: type, RollingUpdate: null }, ['Recreate', 'RollingUpdate'])]
  const { maxSurge, maxUnavailable } = objectOf(strategy['rollingUpdate'])
  if (!isZeroShare(maxSurge) || !isZeroShare(maxUnavailable)) return []
  return [invalidValue('spec.strategy.rollingUpdate.maxUnavailable', maxUnavailable, 'may not be 0 when `maxSurge` is 0')]
}

/** Source of all here: kubernetes pkg/apis/apps/validation/validation.go, pkg/apis/batch/validation/validation.go */
export const deploymentRules: Validation = {
  validate: (object) => {
    const spec = objectOf(object['spec'])
    const deadline = Number(spec['progressDeadlineSeconds'] ?? 600)
    const late =
      deadline <= Number(spec['minReadySeconds'] ?? 0)
        ? [invalidValue('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds')]
        : []
    return [
      ...counts(spec, 'replicas'),
      ...withTemplate(spec, 'deployment'),
      ...validateStrategy(spec),
      ...counts(spec, 'minReadySeconds', 'revisionHistoryLimit'),
      ...late,
    ]
  },
  validateUpdate: (object, live) => immutableField('spec.selector', valueAt(object, 'spec', 'selector'), valueAt(live, 'spec', 'selector')),
}

export const replicaSetRules: Validation = {
  validate: (object) => {
    const spec = objectOf(object['spec'])
    return [...counts(spec, 'replicas', 'minReadySeconds'), ...withTemplate(spec, 'deployment')]
  },
  validateUpdate: deploymentRules.validateUpdate as NonNullable<Validation['validateUpdate']>,
}

export const daemonSetRules: Validation = {
  validate: (object) => {
    const spec = objectOf(object['spec'])
    const type = valueAt(spec, 'updateStrategy', 'type')
    const strategy =
      type === 'RollingUpdate' || type === 'OnDelete'
        ? []
        : [unsupportedValue('spec.updateStrategy', { Type: type, RollingUpdate: null }, ['RollingUpdate', 'OnDelete'])]
    return [...withTemplate(spec, 'daemonset'), ...counts(spec, 'minReadySeconds'), ...strategy, ...counts(spec, 'revisionHistoryLimit')]
  },
  validateUpdate: deploymentRules.validateUpdate as NonNullable<Validation['validateUpdate']>,
}

const MUTABLE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
]
const MUTABLE_TEXT =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"

export const statefulSetRules: Validation = {
  validate: (object) => {
    const spec = objectOf(object['spec'])
    const policy = oneOf('spec.podManagementPolicy', spec['podManagementPolicy'], ['OrderedReady', 'Parallel'])
    return [...policy, ...counts(spec, 'replicas'), ...withTemplate(spec, 'statefulset'), ...counts(spec, 'minReadySeconds', 'revisionHistoryLimit')]
  },
  validateUpdate: (object, live) => {
    const fixed = (o: JsonObject): JsonObject => Object.fromEntries(Object.entries(objectOf(o['spec'])).filter(([key]) => !MUTABLE.includes(key)))
    return sameJson(fixed(object), fixed(live)) ? [] : [forbiddenField('spec', MUTABLE_TEXT)]
  },
}

function validateJobSpec(spec: JsonObject, field: string): readonly Cause[] {
  const counted = ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished'].flatMap((name) =>
    nonNegative(`${field}.${name}`, spec[name]),
  )
  const mode = oneOf(`${field}.completionMode`, spec['completionMode'], ['NonIndexed', 'Indexed'])
  const template = validatePodSpec(objectOf(valueAt(spec, 'template', 'spec')), `${field}.template.spec`)
  const restart = valueAt(spec, 'template', 'spec', 'restartPolicy')
  // A job's pods have no default policy that would do, so "Always" counts as none given.
  const policy = restart === 'Always' ? [requiredValue(`${field}.template.spec.restartPolicy`, 'valid values: "OnFailure", "Never"')] : []
  return [...counted, ...mode, ...template, ...policy]
}

export const jobRules: Validation = {
  validate: (object) => validateJobSpec(objectOf(object['spec']), 'spec'),
  validateUpdate: (object, live) => {
    const field = (name: string): readonly Cause[] => immutableField(`spec.${name}`, valueAt(object, 'spec', name), valueAt(live, 'spec', name))
    const isStarted = valueAt(live, 'spec', 'suspend') !== true || valueAt(live, 'status', 'startTime') !== undefined
    const completions = valueAt(live, 'spec', 'completionMode') === 'Indexed' ? [] : field('completions')
    return [...completions, ...field('selector'), ...(isStarted ? field('template') : []), ...field('completionMode')]
  },
}

export const cronJobRules: Validation = {
  validate: (object) => {
    const schedule = textOf(valueAt(object, 'spec', 'schedule'))
    const policy = oneOf('spec.concurrencyPolicy', valueAt(object, 'spec', 'concurrencyPolicy'), ['Allow', 'Forbid', 'Replace'])
    return [
      ...validateSchedule(schedule),
      ...policy,
      ...validateJobSpec(objectOf(valueAt(object, 'spec', 'jobTemplate', 'spec')), 'spec.jobTemplate.spec'),
    ]
  },
}

function validateSchedule(schedule: string): readonly Cause[] {
  if (schedule === '') return [requiredValue('spec.schedule')]
  const fields = schedule.trim().split(/\s+/)
  if (schedule.startsWith('@') || fields.length === 5) return []
  return [invalidValue('spec.schedule', schedule, `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`)]
}
