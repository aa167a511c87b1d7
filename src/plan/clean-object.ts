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
