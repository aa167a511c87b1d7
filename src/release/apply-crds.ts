import { DiagnosticError } from '../base/diagnostic.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import { diagnosticsOf, errorText } from './error-text.ts'
import { FIELD_MANAGER } from './field-managers.ts'
import { displayName, refOf } from './object-names.ts'
import type { OperationContext } from './operation-context.ts'
import { waitUntilEstablished } from './waiting.ts'

/** However long the release may wait, a definition that is not established by then never will be. */
const ESTABLISHED_WITHIN_MS = 60_000

/**
 * Creates what lies in a chart's `crds/` folder, one after another, and waits until the new kinds are served. What exists
 * already is left alone.
 *
 * Source: Helm 4.3.1 pkg/action/install.go installCRDs. Different on purpose: by server-side apply, Helm changes existing
 * definitions, which its documentation rules out.
 */
export async function applyCrds(context: OperationContext, crds: readonly KubeObject[], timeoutMs: number): Promise<void> {
  if (crds.length === 0) return
  context.onProgress({ type: 'phase', phase: 'applying-crds' })
  const created: KubeObject[] = []
  for (const crd of crds) {
    if (await createUnlessThere(context, crd)) created.push(crd)
  }
  await awaitDefinitions(context, created, timeoutMs)
}

async function createUnlessThere(context: OperationContext, crd: KubeObject): Promise<boolean> {
  try {
    if (await context.client.get(refOf(crd))) return false
    await context.client.apply(crd, { fieldManager: FIELD_MANAGER, fieldValidation: 'Strict' })
  } catch (error) {
    const summary = `failed to install CRD ${crd.metadata.name ?? ''}: ${errorText(error)}`
    throw new DiagnosticError(
      diagnosticsOf(error, displayName(refOf(crd))).map((d) => ({ ...d, summary })),
      { cause: error },
    )
  }
  context.onProgress({ type: 'object-written', ref: refOf(crd), origin: 'crd', write: 'created' })
  return true
}

/** Waits until the CRDs among `objects` are established, then asks anew what is served. */
export async function awaitDefinitions(context: OperationContext, objects: readonly KubeObject[], timeoutMs: number): Promise<void> {
  const crds = objects.filter((object) => object.kind === 'CustomResourceDefinition')
  if (crds.length === 0) return
  await waitUntilEstablished(context, crds, Math.min(timeoutMs, ESTABLISHED_WITHIN_MS))
  await context.client.discovery({ refresh: true })
}
