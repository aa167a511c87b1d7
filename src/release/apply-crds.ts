import { DiagnosticError } from '../base/diagnostic.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import { diagnosticsOf, errorText } from './error-text.ts'
import { FIELD_MANAGER } from './field-managers.ts'
import { displayName, refOf } from './object-names.ts'
import type { ReleaseOperation } from './operation.ts'
import type { OperationContext } from './operation-context.ts'
import { waitUntilEstablished } from './waiting.ts'

/** However long the release may wait, a definition that is not established by then never will be. */
const ESTABLISHED_WITHIN_MS = 60_000

/**
 * Creates what lies in a chart's `crds/` folder, one after another, and waits until the new kinds are served. What exists
 * already is left alone, but for those definitions that are to be upgraded.
 *
 * Source: Helm 4.3.1 pkg/action/install.go installCRDs. Different on purpose: by server-side apply, Helm changes existing
 * definitions, which its documentation rules out.
 */
export async function applyCrds(
  context: OperationContext,
  { crds, crdUpgrades }: Pick<ReleaseOperation, 'crds' | 'crdUpgrades'>,
  timeoutMs: number,
): Promise<void> {
  if (crds.length + crdUpgrades.length === 0) return
  context.onProgress({ type: 'phase', phase: 'applying-crds' })
  const written: KubeObject[] = []
  for (const crd of crds) {
    if (await context.client.get(refOf(crd))) continue
    await applyCrd(context, crd, 'created')
    written.push(crd)
  }
  for (const crd of crdUpgrades) await applyCrd(context, crd, 'changed')
  await awaitDefinitions(context, [...written, ...crdUpgrades], timeoutMs)
}

/** An upgrade takes the fields of whoever brought the definition: that is what was asked for. */
async function applyCrd(context: OperationContext, crd: KubeObject, write: 'created' | 'changed'): Promise<void> {
  try {
    await context.client.apply(crd, { fieldManager: FIELD_MANAGER, fieldValidation: 'Strict', ...(write === 'changed' && { force: true }) })
  } catch (error) {
    const summary = `failed to ${write === 'created' ? 'install' : 'upgrade'} CRD ${crd.metadata.name ?? ''}: ${errorText(error)}`
    throw new DiagnosticError(
      diagnosticsOf(error, displayName(refOf(crd))).map((d) => ({ ...d, summary })),
      { cause: error },
    )
  }
  context.onProgress({ type: 'object-written', ref: refOf(crd), origin: 'crd', write })
}

/** Waits until the CRDs among `objects` are established, then asks anew what is served. */
export async function awaitDefinitions(context: OperationContext, objects: readonly KubeObject[], timeoutMs: number): Promise<void> {
  const crds = objects.filter((object) => object.kind === 'CustomResourceDefinition')
  if (crds.length === 0) return
  await waitUntilEstablished(context, crds, Math.min(timeoutMs, ESTABLISHED_WITHIN_MS))
  await context.client.discovery({ refresh: true })
}
