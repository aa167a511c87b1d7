import type { ReleaseSpec } from './spec.ts'

type Named = Pick<ReleaseSpec, 'name' | 'namespace' | 'kubeContext'>

/**
 * The canonical id: `context/namespace/name` with empty parts left out, but `context//name` where only the namespace is empty.
 * Source: Helmfile 1.8 pkg/state ReleaseToID
 */
export function releaseId({ name = '', namespace = '', kubeContext = '' }: Named): string {
  return idOf(kubeContext, namespace, name)
}

function idOf(context: string, namespace: string, name: string): string {
  if (context !== '') return `${context}/${namespace}/${name}`
  return namespace === '' ? name : `${namespace}/${name}`
}

/** A need as written (`name`, `namespace/name`, `context/namespace/name`) as the id of a release, seen from `release`. */
export function needId(need: string, release: Named): string {
  const parts = need.split('/')
  const name = parts.at(-1) as string
  const namespace = parts.length > 1 ? (parts.at(-2) as string) : (release.namespace ?? '')
  const context = parts.length > 2 ? parts.slice(0, -2).join('/') : (release.kubeContext ?? '')
  return idOf(context, namespace, name)
}
