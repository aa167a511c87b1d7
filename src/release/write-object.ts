import { type DiagnosticError, failure } from '../base/diagnostic.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import { type KubeClient, KubeError } from '../kube/client.ts'
import { type ObjectPatch, threeWayMerge } from '../kube/three-way-merge.ts'
import { FIELD_MANAGER, fieldManagerUpgrade } from './field-managers.ts'
import { displayName, goKindText, refOf } from './object-names.ts'
import type { ObjectWrite } from './operation.ts'
import type { ObjectWritten } from './progress.ts'

/** How often a write is tried again that only failed because someone else wrote at the same moment. */
const CONFLICT_RETRIES = 5

/**
 * Brings one object into its desired form.
 *
 * @throws DiagnosticError `release/write-refused` in Helm's words; the server's answer is its cause
 */
export async function writeObject(client: KubeClient, write: ObjectWrite, options: { readonly forceConflicts: boolean }): Promise<ObjectWritten> {
  const { object } = write
  switch (write.mode) {
    case 'keep':
      return 'kept'
    case 'create':
      return createObject(client, object)
    case 'replace':
      await refusedAs(
        object,
        (message) => `failed to replace object: ${message}`,
        () => client.replace(object, { fieldManager: FIELD_MANAGER, fieldValidation: 'Strict' }),
      )
      return 'replaced'
    case 'server-side-apply':
      await applyServerSide(client, write, options.forceConflicts)
      return write.isNew ? 'created' : 'changed'
    case 'three-way-patch':
      return patchClientSide(client, write)
  }
}

async function applyServerSide(client: KubeClient, write: ObjectWrite, force: boolean): Promise<void> {
  const { object } = write
  if (write.upgradeFieldManager) await upgradeFieldManager(client, object)
  const name = `${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''} ${goKindText(object)}`
  const words = (message: string, error: KubeError): string =>
    error.reason === 'Conflict'
      ? `conflict occurred while applying object ${name}: ${message}`
      : `server-side apply failed for object ${name}: ${message}`
  await refusedAs(object, words, () => client.apply(object, { fieldManager: FIELD_MANAGER, fieldValidation: 'Strict', force }))
}

async function upgradeFieldManager(client: KubeClient, object: KubeObject): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const live = await client.get(refOf(object))
    const patch = live && fieldManagerUpgrade(live)
    if (!patch) return
    try {
      await client.patch(refOf(object), 'application/json-patch+json', patch, { fieldManager: FIELD_MANAGER })
      return
    } catch (error) {
      if (!(error instanceof KubeError) || error.status !== 409 || attempt === CONFLICT_RETRIES) throw error
    }
  }
}

async function createObject(client: KubeClient, object: KubeObject): Promise<ObjectWritten> {
  await refusedAs(
    object,
    (message) => message,
    () => client.create(object, { fieldManager: FIELD_MANAGER }),
  )
  return 'created'
}

async function patchClientSide(client: KubeClient, write: ObjectWrite): Promise<ObjectWritten> {
  const { object } = write
  const merge = write.patch ?? (await mergeWithLive(client, write))
  if (!merge) return createObject(client, object)
  if ('isEmpty' in merge && merge.isEmpty) return 'kept'
  await refusedAs(
    object,
    (message) => `cannot patch "${object.metadata.name ?? ''}" with kind ${object.kind}: ${message}`,
    () => client.patch(refOf(object), merge.type, merge.patch, { fieldManager: FIELD_MANAGER }),
  )
  return 'changed'
}

/** Undefined when there is nothing to merge with. */
async function mergeWithLive(client: KubeClient, { object, original }: ObjectWrite): Promise<ObjectPatch | undefined> {
  const live = await client.get(refOf(object))
  return live && threeWayMerge({ original: original ?? live, target: object, live }, { threeWayForCustomKinds: true })
}

async function refusedAs(object: KubeObject, words: (message: string, error: KubeError) => string, send: () => Promise<unknown>): Promise<void> {
  try {
    await send()
  } catch (error) {
    throw error instanceof KubeError ? refusal(object, words(error.message, error), error) : error
  }
}

function refusal(object: KubeObject, summary: string, error: KubeError): DiagnosticError {
  const conflict = error.reason === 'Conflict'
  const hint = refusalHint(error)
  return failure(conflict ? 'release/field-conflict' : 'release/write-refused', summary, {
    subject: displayName(refOf(object)),
    ...(error.diagnostics[0]?.notes ? { notes: error.diagnostics[0].notes } : {}),
    ...(hint ? { hint } : {}),
    cause: error,
  })
}

function refusalHint({ reason, message }: KubeError): string | undefined {
  if (reason === 'Conflict') return 'remove these fields from the chart, or set forceConflicts to take them over'
  if (reason === 'Forbidden') return 'ask for the right to do this, or use a kubeconfig context that has it'
  // The server has no reason of its own for this one; the words are those of its validation package.
  if (reason === 'Invalid' && message.includes('field is immutable')) return 'give the object another name, or delete it so that it is made anew'
  return undefined
}
