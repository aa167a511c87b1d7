import { failure } from '../../base/diagnostic.ts'
import type { KubeClient } from '../../kube/client.ts'
import { isLeaseRequest } from '../../kube/lease/lease-requests.ts'
import { displayName, identityOf } from '../../release/object-names.ts'
import type { Digest } from './digest.ts'
import type { Mutation } from './plan-file.ts'
import { applySending, createSending, deleteSending, patchSending, replaceSending, type Sending } from './sending.ts'

/** Takes note of one sending; throws when it may not be sent. */
export type Admit = (sending: Sending) => void

function keyOf(method: string, object: Mutation['object'], digest: string): string {
  return `${method} ${object.apiVersion} ${identityOf(object)} ${digest}`
}

/**
 * Holds back every sending that is not among `mutations`, or more often than it is listed.
 *
 * @throws (later) DiagnosticError `plan/unlisted-write`
 */
export function admitting(mutations: readonly Mutation[], digest: Digest): Admit {
  const left = new Map<string, number>()
  for (const { method, object, digest: body, repeats } of mutations) {
    const key = keyOf(method, object, body)
    left.set(key, repeats ? Number.POSITIVE_INFINITY : (left.get(key) ?? 0) + 1)
  }
  return ({ method, ref, content, loosely }) => {
    const keys = [content, ...(loosely === undefined ? [] : [loosely])].map((part) => keyOf(method, ref, digest(part)))
    const key = keys.find((candidate) => (left.get(candidate) ?? 0) > 0)
    if (key === undefined) {
      throw failure('plan/unlisted-write', `the saved plan does not list this ${method} of ${displayName(ref)}, so it was not sent`, {
        hint: 'make a new plan and apply that; if it fails again, please report it',
      })
    }
    left.set(key, (left.get(key) as number) - 1)
  }
}

/** `client`, asking `admit` before everything that changes something; dry runs and reads pass. */
export function guardedClient(client: KubeClient, admit: Admit): KubeClient {
  const isDry = (options: { readonly dryRun?: boolean } = {}): boolean => options.dryRun ?? false
  return {
    ...client,
    request: async (request) => {
      // Locks are no part of what is planned.
      if (request.method !== 'GET' && !isLeaseRequest(request))
        throw new Error(`internal error: ${request.method} ${request.path} passes by the saved plan; please report this`)
      return client.request(request)
    },
    create: async (object, options = {}) => {
      if (!isDry(options)) admit(createSending(object, options))
      return client.create(object, options)
    },
    replace: async (object, options = {}) => {
      if (!isDry(options)) admit(replaceSending(object, options))
      return client.replace(object, options)
    },
    patch: async (ref, type, patch, options = {}) => {
      if (!isDry(options)) admit(patchSending(ref, type, patch, options))
      return client.patch(ref, type, patch, options)
    },
    apply: async (object, options = {}) => {
      if (!isDry(options)) admit(applySending(object, options))
      return client.apply(object, options)
    },
    delete: async (ref, options = {}) => {
      if (!isDry(options)) admit(deleteSending(ref, options))
      return client.delete(ref, options)
    },
  }
}
