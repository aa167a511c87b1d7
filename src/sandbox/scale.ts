import { type JsonObject, objectOf, textOf, valueAt } from '../base/json.ts'
import type { Cluster } from './cluster.ts'
import { withMetadata } from './cluster.ts'
import { withAt } from './json.ts'
import { fullText } from './object-text.ts'
import { applyJsonPatch } from './patch/json-patch.ts'
import { applyMergePatch } from './patch/merge-patch.ts'
import { liveObject } from './patch-object.ts'
import { type ApiRequest, type ApiResponse, contextOf, parseBody } from './request.ts'
import { badRequest, methodNotAllowed } from './status.ts'
import type { Target } from './target.ts'
import { updateObject } from './write-object.ts'

/** Reads or writes how many replicas an object asks for, as a `Scale` object. @throws ApiError */
export function handleScale(cluster: Cluster, target: Target, request: ApiRequest): ApiResponse {
  const live = liveObject(cluster, target)
  const scale = scaleOf(target, live)
  if (request.method === 'GET') return { status: 200, text: fullText(scale) }
  if (request.method !== 'PUT' && request.method !== 'PATCH') throw methodNotAllowed()
  const body = parseBody(request.body)
  const next =
    request.method === 'PUT'
      ? body
      : request.contentType === 'application/json-patch+json'
        ? applyJsonPatch(scale, body)
        : applyMergePatch(scale, body)
  const replicas = valueAt(next, 'spec', 'replicas') ?? 0
  if (!Number.isInteger(replicas) || Number(replicas) < 0)
    throw badRequest(`Scale is invalid: spec.replicas: Invalid value: ${String(replicas)}: must be greater than or equal to 0`)
  const version = valueAt(next, 'metadata', 'resourceVersion')
  const scaled = withMetadata(withAt(live, specPath(target), replicas), { resourceVersion: version, managedFields: undefined })
  const written = updateObject(cluster, { ...target, subresource: 'scale' }, live, scaled, contextOf(request))
  return { status: 200, text: fullText(scaleOf(target, written.object)) }
}

function pathOf(target: Target, name: string, fallback: readonly string[]): readonly string[] {
  const path = textOf(target.type.custom?.get(target.version)?.scale?.[name])
  return path === '' ? fallback : path.split('.').filter((part) => part !== '')
}

function specPath(target: Target): readonly string[] {
  return pathOf(target, 'specReplicasPath', ['spec', 'replicas'])
}

function scaleOf(target: Target, object: JsonObject): JsonObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = objectOf(object['metadata'])
  const replicas = valueAt(object, ...specPath(target)) ?? 0
  const labels = objectOf(valueAt(object, 'spec', 'selector', 'matchLabels'))
  const selector = Object.entries(labels)
    .map(([k, v]) => `${k}=${String(v)}`)
    .join(',')
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: replicas === 0 ? {} : { replicas },
    status: {
      replicas: valueAt(object, ...pathOf(target, 'statusReplicasPath', ['status', 'replicas'])) ?? 0,
      ...(selector === '' ? {} : { selector }),
    },
  }
}
