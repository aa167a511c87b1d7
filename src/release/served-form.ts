import { successorOf } from '../kinds/deprecation.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import type { Discovery } from '../kube/client.ts'
import { converted } from './converted-kinds.ts'

/** Kinds whose successors are built otherwise: what was written for the one is not rewritten for the other. */
const OTHER_SHAPE: ReadonlySet<string> = new Set([
  'apiextensions.k8s.io/v1beta1 CustomResourceDefinition',
  'autoscaling/v2beta1 HorizontalPodAutoscaler',
  'discovery.k8s.io/v1beta1 EndpointSlice',
  'rbac.authorization.k8s.io/v1alpha1 ClusterRoleBinding',
  'rbac.authorization.k8s.io/v1alpha1 RoleBinding',
])

/**
 * `object` of an old record as the server knows its kind now, where its own version is no longer served: so it is found, compared,
 * removed and written again. `toWrite` it stays as it is where its successor has another shape.
 */
export function inServedForm(object: KubeObject, discovery: Discovery, options: { readonly toWrite?: boolean } = {}): KubeObject {
  const { apiVersion, kind } = object
  if (discovery.find(apiVersion, kind) || (options.toWrite && OTHER_SHAPE.has(`${apiVersion} ${kind}`))) return object
  // Some kinds have changed their version more than once.
  let successor = successorOf(apiVersion, kind)
  while (successor !== undefined && !discovery.find(successor, kind)) successor = successorOf(successor, kind)
  return successor === undefined ? object : converted(object, successor)
}
