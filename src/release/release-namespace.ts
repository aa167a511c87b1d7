import type { KubeObject } from '../kinds/kube-object.ts'

/** The namespace that an install makes for its release, labelled as Helm labels it. */
export function namespaceObject(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { name } }, spec: {} }
}
