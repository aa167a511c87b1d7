import type { KubeObject } from '../kinds/kube-object.ts'
import type { OperationContext } from './operation-context.ts'
import type { StoredHook } from './record.ts'

interface PodSpec {
  readonly containers?: readonly { readonly name: string }[]
}

/** Sends the logs of a hook's pods as events: of a Pod itself, or of the pods that a Job made. Other kinds have none. */
export async function sendHookLogs(context: OperationContext, hook: StoredHook, objects: readonly KubeObject[]): Promise<void> {
  for (const object of objects) {
    const namespace = object.metadata.namespace ?? ''
    for (const pod of await podsOf(context, hook.kind, object, namespace)) await sendPodLogs(context, pod, namespace)
  }
}

async function podsOf(context: OperationContext, kind: string, object: KubeObject, namespace: string): Promise<readonly KubeObject[]> {
  const name = object.metadata.name ?? ''
  if (kind === 'Job') return context.client.list('v1', 'Pod', { namespace, labelSelector: `job-name=${name}` })
  if (kind !== 'Pod') return []
  const pod = await context.client.get({ apiVersion: 'v1', kind: 'Pod', namespace, name })
  return pod ? [pod] : []
}

async function sendPodLogs(context: OperationContext, pod: KubeObject, namespace: string): Promise<void> {
  const spec = (pod['spec'] ?? {}) as PodSpec
  for (const container of spec.containers ?? []) {
    const name = pod.metadata.name ?? ''
    const text = await context.client.logs({ namespace, name, container: container.name })
    context.onProgress({ type: 'log', pod: name, container: container.name, text })
  }
}
