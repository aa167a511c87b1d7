import type { Cluster } from './cluster.ts'
import { finalizeNamespace } from './controllers/namespace.ts'
import { decodeObject } from './decode-object.ts'
import { deleteObject, deleteSettings } from './delete-object.ts'
import { fullText } from './object-text.ts'
import { liveObject } from './patch-object.ts'
import { podLogs } from './pod-logs.ts'
import { type ApiRequest, type ApiResponse, bodyObject, contextOf } from './request.ts'
import { handleScale } from './scale.ts'
import { methodNotAllowed } from './status.ts'
import type { Target } from './target.ts'
import { updateObject } from './write-object.ts'

/** Answers a request on a subresource other than `status`. @throws ApiError */
export async function handleSubresource(cluster: Cluster, target: Target, request: ApiRequest): Promise<ApiResponse> {
  switch (target.subresource) {
    case 'scale':
      return handleScale(cluster, target, request)
    case 'log':
      return { status: 200, text: podLogs(cluster, target, request.query), contentType: 'text/plain' }
    case 'eviction': {
      const pod = { ...target, subresource: '' }
      deleteObject(cluster, pod, liveObject(cluster, target), deleteSettings(bodyObject(request)['deleteOptions'], request.query))
      return { status: 201, text: JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }) }
    }
    case 'finalize': {
      const finalized = finalizeNamespace(cluster, bodyObject(request))
      return { status: 200, text: fullText(finalized) }
    }
    case 'approval':
    case 'resize':
    case 'ephemeralcontainers': {
      if (request.method === 'GET') return { status: 200, text: fullText(liveObject(cluster, target)) }
      const main = { ...target, subresource: 'status' }
      return {
        status: 200,
        text: fullText(
          updateObject(cluster, main, liveObject(cluster, target), decodeObject(bodyObject(request), target), contextOf(request)).object,
        ),
      }
    }
    default:
      throw methodNotAllowed()
  }
}
