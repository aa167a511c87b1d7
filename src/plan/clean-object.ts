import type { KubeObject } from '../kinds/kube-object.ts'

/** What the server keeps for itself and changes on its own. */
const SERVER_METADATA: ReadonlySet<string> = new Set([
  'managedFields',
  'resourceVersion',
  'uid',
  'generation',
  'creationTimestamp',
  'selfLink',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
])
const SERVER_ANNOTATIONS: ReadonlySet<string> = new Set(['deployment.kubernetes.io/revision', 'kubectl.kubernetes.io/last-applied-configuration'])

/** `object` as a person compares it: without status and without what only the server writes. */
export function cleanObject(object: KubeObject): KubeObject {
  const { status: _status, metadata, ...rest } = object
  const kept = Object.fromEntries(Object.entries(metadata).filter(([key, value]) => !SERVER_METADATA.has(key) && value !== null))
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([key]) => !SERVER_ANNOTATIONS.has(key))
  const { annotations: _annotations, ...others } = kept
  return {
    ...rest,
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: annotations.length > 0 ? { ...others, annotations: Object.fromEntries(annotations) } : others,
  }
}

/** Deep equality of JSON values; the order of keys does not count, and a field that is undefined is none. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameJson(item, b[index]))
  if (Array.isArray(b)) return false
  const [x, y] = [a as { readonly [key: string]: unknown }, b as { readonly [key: string]: unknown }]
  const keys = Object.keys(x).filter((key) => x[key] !== undefined)
  const others = Object.keys(y).filter((key) => y[key] !== undefined)
  return keys.length === others.length && keys.every((key) => Object.hasOwn(y, key) && sameJson(x[key], y[key]))
}
