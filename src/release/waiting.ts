import type { KubeObject, ObjectRef } from '../kinds/kube-object.ts'
import type { OperationContext } from './operation-context.ts'
import { refOf } from './object-names.ts'
export async function waitUntilReady(_c: OperationContext, _o: readonly KubeObject[], _p: { timeoutMs: number; jobs: boolean }): Promise<void> {}
export async function waitUntilCompleted(c: OperationContext, objects: readonly KubeObject[], timeoutMs: number): Promise<void> {
  const end = c.host.monotonic() + timeoutMs
  for (const o of objects) {
    if (o.kind !== 'Job' && o.kind !== 'Pod') continue
    for (;;) {
      const live = await c.client.get(refOf(o))
      const s = (live?.['status'] ?? {}) as any
      const done = o.kind === 'Pod' ? s.phase === 'Succeeded' : (s.conditions ?? []).some((x: any) => x.type === 'Complete' && x.status === 'True')
      if (done) break
      if (c.host.monotonic() > end || c.signal?.aborted) throw new Error(`resource ${o.kind}/${o.metadata.namespace}/${o.metadata.name} not ready. status: InProgress, message: Pod in progress\ncontext deadline exceeded`)
      await c.host.sleep(50)
    }
  }
}
export async function waitUntilGone(c: OperationContext, refs: readonly ObjectRef[], timeoutMs: number): Promise<void> {
  const end = c.host.monotonic() + timeoutMs
  for (const r of refs) while (await c.client.get(r)) { if (c.host.monotonic() > end) throw new Error('still there'); await c.host.sleep(50) }
}
export async function waitUntilEstablished(c: OperationContext, crds: readonly KubeObject[], timeoutMs: number): Promise<void> {
  const end = c.host.monotonic() + timeoutMs
  for (const o of crds) for (;;) {
    const s = ((await c.client.get(refOf(o)))?.['status'] ?? {}) as any
    if ((s.conditions ?? []).some((x: any) => x.type === 'Established' && x.status === 'True')) break
    if (c.host.monotonic() > end) throw new Error('not established')
    await c.host.sleep(50)
  }
}
