import { isObject, type JsonObject } from '../base/json.ts'
import type { ApiRequest } from './request.ts'
import type { Target } from './target.ts'

const REVIEWS: Readonly<Record<string, JsonObject>> = {
  'authorization.k8s.io/selfsubjectaccessreviews': { allowed: true },
  'authorization.k8s.io/subjectaccessreviews': { allowed: true },
  'authorization.k8s.io/localsubjectaccessreviews': { allowed: true },
  'authorization.k8s.io/selfsubjectrulesreviews': {
    resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
    nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
    incomplete: false,
  },
  'authentication.k8s.io/selfsubjectreviews': { userInfo: { username: 'sandbox-admin', groups: ['system:masters', 'system:authenticated'] } },
}

/** The answer to a review, which is asked by creating an object that is not kept: here everyone may do everything. */
export function virtualAnswer(target: Target, request: ApiRequest): JsonObject | undefined {
  const status = REVIEWS[target.type.key]
  if (!status || request.method !== 'POST') return undefined
  const body: unknown = JSON.parse(request.body)
  return { ...(isObject(body) ? body : {}), status }
}
