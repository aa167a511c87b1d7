import type { KubeError } from './client.ts'

/** How the server's validation says that a field cannot change; it has no reason of its own for that. */
const IMMUTABLE = /immutable|may not change once set|updates to .* are forbidden|Forbidden: updates to|cannot change roleRef|may only change/i

/**
 * The fields of an existing object that cannot change, as the server names them; undefined for a refusal of another kind.
 *
 * Source: k8s.io/kubernetes 1.36 pkg/apis/…/validation, k8s.io/apimachinery pkg/api/validation FieldImmutableErrorMsg
 */
export function immutableFields(error: KubeError): readonly string[] | undefined {
  if (error.reason !== 'Invalid' || !IMMUTABLE.test(error.message)) return undefined
  const fields = error.causes.filter(({ message = '' }) => IMMUTABLE.test(message)).map(({ field = '' }) => field)
  return [...new Set(fields.filter((field) => field !== ''))]
}
