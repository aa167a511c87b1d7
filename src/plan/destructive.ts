import type { ObjectChange } from './plan.ts'

/** What goes with an object of these kinds when it is deleted or made anew. */
const WHAT_GOES: Readonly<Record<string, string>> = {
  'v1/PersistentVolumeClaim': 'its volume goes with it, unless the reclaim policy keeps that',
  'v1/PersistentVolume': 'the data on it may go with it',
  'v1/Namespace': 'everything in the namespace goes with it',
  'apiextensions.k8s.io/CustomResourceDefinition': 'every object of its kind goes with it, in all namespaces',
  'apps/StatefulSet': 'its pods go with it; they come back, if at all, under the same names',
}

/** What is lost with a change that cannot be undone by changing back; undefined for all others. */
export function dangerOf({ action, origin, ref }: Pick<ObjectChange, 'action' | 'origin' | 'ref'>): string | undefined {
  if ((action !== 'delete' && action !== 'replace') || origin === 'hook') return undefined
  const group = ref.apiVersion.includes('/') ? ref.apiVersion.slice(0, ref.apiVersion.indexOf('/')) : ref.apiVersion
  const key = `${group}/${ref.kind}`
  return Object.hasOwn(WHAT_GOES, key) ? WHAT_GOES[key] : undefined
}
