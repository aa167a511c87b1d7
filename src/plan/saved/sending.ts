import type { KubeObject, ObjectRef } from '../../kinds/kube-object.ts'
import type { ApplyOptions, DeleteOptions, PatchType, WriteOptions } from '../../kube/client.ts'
import { decodeRecord, isRecord } from '../../release/codec.ts'
import { encodeRevision } from '../../release/encode-revision.ts'
import { refOf } from '../../release/object-names.ts'
import type { Revision } from '../../release/record.ts'

/** A request that changes something, as it can be compared: `content` is equal for two requests that do the same. */
export interface Sending {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly ref: ObjectRef
  readonly content: unknown
  /** What to compare instead where the outcome of the work decides the rest: the words in a record, a patch of what is live then. */
  readonly loosely?: unknown
}

/** A server-side apply. */
export function applySending(object: KubeObject, options: ApplyOptions): Sending {
  return { method: 'PATCH', ref: refOf(object), content: { apply: object, ...meant(options), force: options.force ?? false } }
}

/** An object that is made; a record counts as its content, without times. */
export function createSending(object: KubeObject, options: WriteOptions): Sending {
  return { method: 'POST', ref: refOf(object), ...(isRecord(object) ? recordContent(decodeRecord(object)) : { content: bodyOf(object, options) }) }
}

/** An object that is written over, likewise. */
export function replaceSending(object: KubeObject, options: WriteOptions): Sending {
  return { method: 'PUT', ref: refOf(object), ...(isRecord(object) ? recordContent(decodeRecord(object)) : { content: bodyOf(object, options) }) }
}

function bodyOf(object: KubeObject, options: WriteOptions): unknown {
  return { object, ...meant(options) }
}

/** A patch. What hands managed fields over is compared as no more than that: its text holds times. */
export function patchSending(ref: ObjectRef, type: PatchType, patch: unknown, options: WriteOptions): Sending {
  const content = isHandingOver(type, patch) ? HANDING_OVER : { patch, type, ...meant(options) }
  return { method: 'PATCH', ref, content, loosely: { type } }
}

/** What is compared of a patch that makes client-side fields server-side ones. */
export const HANDING_OVER = 'managed fields'
const HANDED_OVER: ReadonlySet<unknown> = new Set(['/metadata/managedFields', '/metadata/resourceVersion'])

function isHandingOver(type: PatchType, patch: unknown): boolean {
  if (type !== 'application/json-patch+json' || !Array.isArray(patch)) return false
  return patch.every((step: { readonly op?: unknown; readonly path?: unknown }) => step.op === 'replace' && HANDED_OVER.has(step.path))
}

/** A deletion. */
export function deleteSending(ref: ObjectRef, options: DeleteOptions): Sending {
  const { propagation, uid, resourceVersion } = options
  return { method: 'DELETE', ref, content: { propagation, uid, resourceVersion } }
}

function meant({ fieldManager, fieldValidation }: WriteOptions): Pick<WriteOptions, 'fieldManager' | 'fieldValidation'> {
  return { ...(fieldManager && { fieldManager }), ...(fieldValidation && { fieldValidation }) }
}

/**
 * What is compared of a record: all of it but times and runs of hooks; loosely, without the description, which after a failure
 * holds the server's words.
 */
export function recordContent(revision: Revision): Pick<Sending, 'content' | 'loosely'> {
  const { info } = revision
  const lasting: Revision = {
    ...revision,
    info: { ...info, firstDeployed: '', lastDeployed: '', deleted: '', description: '' },
    // Helm's default policy enters the record when a hook runs.
    hooks: revision.hooks.map((hook) => ({
      ...hook,
      lastRun: { startedAt: '', completedAt: '', phase: '' },
      deletePolicies: hook.deletePolicies ?? ['before-hook-creation'],
    })),
  }
  const record = [encodeRevision(lasting), revision.labels]
  return { content: { record, description: info.description }, loosely: { record } }
}
