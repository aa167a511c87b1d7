import { successorOf } from '../kinds/deprecation.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import type { Discovery } from '../kube/client.ts'

/** Kinds whose successors are built otherwise: what was written for the one cannot be written as the other. */
const OTHER_SHAPE: ReadonlySet<string> = new Set([
  'extensions/v1beta1 Ingress',
  'networking.k8s.io/v1beta1 Ingress',
  'apiextensions.k8s.io/v1beta1 CustomResourceDefinition',
  'autoscaling/v2beta1 HorizontalPodAutoscaler',
  'discovery.k8s.io/v1beta1 EndpointSlice',
])

/**
 * `object` of an old record under the API version by which the server knows it now, where its own is no longer served: so it is
 * found, compared and removed. `toWrite` it is only called so where its successor has the same shape.
 */
export function inServedForm(object: KubeObject, discovery: Discovery, options: { readonly toWrite?: boolean } = {}): KubeObject {
  const { apiVersion, kind } = object
  if (discovery.find(apiVersion, kind) || (options.toWrite && OTHER_SHAPE.has(`${apiVersion} ${kind}`))) return object
  const successor = successorOf(apiVersion, kind)
  return successor !== undefined && discovery.find(successor, kind) ? { ...object, apiVersion: successor } : object
}
