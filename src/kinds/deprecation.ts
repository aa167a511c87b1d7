import { DEPRECATED_KINDS } from './deprecated-kinds.generated.ts'

/** `1.25` as numbers that compare. */
function rank(version: string): number {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major * 1000 + minor
}

/**
 * What Kubernetes says about a kind that is out of use in its version `1.33`; undefined for kinds in use and such it does not know.
 *
 * Source: k8s.io/apiserver 0.37.1 pkg/endpoints/deprecation (WarningMessage)
 */
export function deprecationWarning(apiVersion: string, kind: string, kubeVersion: string): string | undefined {
  const key = `${apiVersion} ${kind}`
  const known = Object.hasOwn(DEPRECATED_KINDS, key) ? DEPRECATED_KINDS[key] : undefined
  if (known === undefined) return undefined
  const [since = '', ...rest] = known.split(' ')
  if (rank(since) > rank(kubeVersion)) return undefined
  const until = /^[0-9.]+$/.test(rest[0] ?? '') ? rest.shift() : undefined
  const gone = until === undefined ? '' : `, unavailable in v${until}+`
  return `${key} is deprecated in v${since}+${gone}${rest.length > 0 ? `; use ${rest.join(' ')}` : ''}`
}

/** Kinds of API groups that the generated table does not know. */
const OTHER_SUCCESSORS: Readonly<Record<string, string>> = {
  'apiextensions.k8s.io/v1beta1 CustomResourceDefinition': 'apiextensions.k8s.io/v1',
  'apiregistration.k8s.io/v1beta1 APIService': 'apiregistration.k8s.io/v1',
}

/** The API version under which a kind that is out of use goes on; undefined where there is none, and for kinds in use. */
export function successorOf(apiVersion: string, kind: string): string | undefined {
  const key = `${apiVersion} ${kind}`
  if (Object.hasOwn(OTHER_SUCCESSORS, key)) return OTHER_SUCCESSORS[key]
  const known = Object.hasOwn(DEPRECATED_KINDS, key) ? DEPRECATED_KINDS[key] : undefined
  const [successor, sameKind] = known?.split(' ').slice(-2) ?? []
  return sameKind === kind ? successor : undefined
}
