import type { KubeObject } from '../kinds/kube-object.ts'
import { type KubeClient, KubeError } from '../kube/client.ts'
import { FIELD_MANAGER } from './field-managers.ts'
import { refOf } from './object-names.ts'
import type { OperationContext } from './operation-context.ts'
import type { Revision } from './record.ts'

/** The namespace that an install makes for its release, labelled as Helm labels it. */
export function namespaceObject(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { name } }, spec: {} }
}

/** Namespaces that are being made, by client: releases that begin together share one. */
const underWay = new WeakMap<KubeClient, Map<string, Promise<void>>>()

/** Makes the namespace of a release unless it is there. One that somebody else made meanwhile is left as it is. @throws KubeError */
export async function createNamespace(context: OperationContext, revision: Revision): Promise<void> {
  const ofClient = underWay.get(context.client) ?? new Map<string, Promise<void>>()
  underWay.set(context.client, ofClient)
  const name = revision.namespace
  const making = ofClient.get(name) ?? make(context, revision).finally(() => ofClient.delete(name))
  ofClient.set(name, making)
  await making
}

async function make({ client, onProgress }: OperationContext, { namespace, applyMethod }: Revision): Promise<void> {
  const object = namespaceObject(namespace)
  if (await client.get(refOf(object))) return
  onProgress({ type: 'phase', phase: 'creating-namespace' })
  if (applyMethod === 'ssa') await client.apply(object, { fieldManager: FIELD_MANAGER })
  else if (!(await createUnlessThere(client, object))) return
  onProgress({ type: 'object-written', ref: refOf(object), origin: 'namespace', write: 'created' })
}

async function createUnlessThere(client: KubeClient, object: KubeObject): Promise<boolean> {
  try {
    await client.create(object, { fieldManager: FIELD_MANAGER })
    return true
  } catch (error) {
    if (error instanceof KubeError && error.reason === 'AlreadyExists') return false
    throw error
  }
}
