import { DiagnosticError, failure, type Note } from '../base/diagnostic.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import { type KubeClient, KubeError } from '../kube/client.ts'
import { fieldConflicts } from '../kube/field-conflicts.ts'
import { immutableFields } from '../kube/immutable-fields.ts'
import { type ObjectPatch, threeWayMerge } from '../kube/three-way-merge.ts'
import { conflictText } from './conflict-text.ts'
import { FIELD_MANAGER, fieldManagerUpgrade, type HandOver } from './field-managers.ts'
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
export async function writeObject(
  client: KubeClient,
  write: ObjectWrite,
  options: { readonly forceConflicts: boolean; readonly awaitGone: (object: KubeObject) => Promise<void> },
): Promise<ObjectWritten> {
  const { object } = write
  if (write.recreate) {
    const { recreate, ...again } = write
    await refusedAs(
      object,
      (message) => `failed to delete object: ${message}`,
      () => client.delete(refOf(object), { propagation: 'Background', ...recreate }),
    )
    await options.awaitGone(object)
    await writeObject(client, again, options)
    return 'replaced'
  }
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
      await applyServerSide(client, write, options.forceConflicts || (write.takesFields ?? false))
      return write.isNew ? 'created' : 'changed'
    case 'three-way-patch':
      return patchClientSide(client, write)
  }
}

async function applyServerSide(client: KubeClient, write: ObjectWrite, force: boolean): Promise<void> {
  const { object } = write
  if (write.upgradeFieldManager) await upgradeFieldManager(client, object, { adopted: write.adopts ?? false })
  const name = `${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''} ${goKindText(object)}`
  const words = (message: string, error: KubeError): string =>
    error.reason === 'Conflict'
      ? `conflict occurred while applying object ${name}: ${message}`
      : `server-side apply failed for object ${name}: ${message}`
  try {
    await client.apply(object, { fieldManager: FIELD_MANAGER, fieldValidation: 'Strict', force })
  } catch (error) {
    if (!(error instanceof KubeError)) throw error
    const notes = error.causes.length > 0 && error.reason === 'Conflict' ? await conflictNotes(client, object, error) : []
    throw refusal(object, words(error.message, error), error, notes)
  }
}

/** Told with both values, which the server's refusal lacks. */
async function conflictNotes(client: KubeClient, object: KubeObject, error: KubeError): Promise<readonly Note[]> {
  const live = await client.get(refOf(object)).catch((later: unknown) => {
    // The conflict is what is to be told.
    if (later instanceof DiagnosticError) return undefined
    throw later
  })
  return fieldConflicts(error, object, live).map((conflict) => ({ text: conflictText(conflict, object) }))
}

async function upgradeFieldManager(client: KubeClient, object: KubeObject, handOver: HandOver): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const live = await client.get(refOf(object))
    const patch = live && fieldManagerUpgrade(live, handOver)
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

function refusal(object: KubeObject, summary: string, error: KubeError, more: readonly Note[] = []): DiagnosticError {
  const conflict = error.reason === 'Conflict'
  const notes = [...(error.diagnostics[0]?.notes ?? []), ...more]
  const hint = refusalHint(object, error)
  return failure(conflict ? 'release/field-conflict' : 'release/write-refused', summary, {
    subject: displayName(refOf(object)),
    ...(notes.length > 0 ? { notes } : {}),
    ...(hint ? { hint } : {}),
    cause: error,
  })
}

export const NAMELESS_HINT = 'give it metadata.name instead of metadata.generateName, or make a hook of it'

/** What to do about a refusal of `object`, where something can be said. */
export function refusalHint({ kind, metadata }: KubeObject, error: KubeError): string | undefined {
  const { reason } = error
  if (reason === 'Conflict')
    return 'remove these fields from the chart, set forceConflicts to take them over, or say in apply.conflicts of the settings what becomes of them'
  if (reason === 'Forbidden') return 'ask for the right to do this, or use a kubeconfig context that has it'
  if (immutableFields(error)) return `give the object another name, or let --recreate ${kind}/${metadata.name ?? ''} delete it and make it anew`
  return undefined
}
