import { isObject, type JsonObject, objectOf, valueAt } from '../base/json.ts'
import { listOf, type MutableObject } from './json.ts'

/**
 * A HorizontalPodAutoscaler in version `v1` or `v2`: `targetCPUUtilizationPercentage` is the first resource metric on cpu.
 *
 * Source: kubernetes pkg/apis/autoscaling/v1/conversion.go
 */
export function convertAutoscaler(object: JsonObject, version: string): JsonObject {
  return version === 'v1' ? toV1(object) : toV2(object)
}

function toV2(object: JsonObject): JsonObject {
  const { targetCPUUtilizationPercentage: percentage, ...spec } = objectOf(object['spec'])
  if (percentage === undefined) return { ...object, spec }
  const metric = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: percentage } } }
  return { ...object, spec: { ...spec, metrics: [metric, ...listOf(spec['metrics'])] } }
}

function toV1(object: JsonObject): JsonObject {
  const { metrics, behavior: _behavior, ...spec } = objectOf(object['spec'])
  const cpu = listOf(metrics).find((m) => isObject(m) && valueAt(m, 'resource', 'name') === 'cpu')
  const percentage = valueAt(cpu, 'resource', 'target', 'averageUtilization')
  const out: MutableObject = { ...spec }
  if (percentage !== undefined) out['targetCPUUtilizationPercentage'] = percentage
  return { ...object, spec: out }
}
