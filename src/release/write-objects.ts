import { DiagnosticError, failure } from '../base/diagnostic.ts'
import { mapLimited } from '../base/pool.ts'
import type { KubeObject, ObjectRef } from '../kinds/kube-object.ts'
import type { KubeClient } from '../kube/client.ts'
import { diagnosticsOf, errorText } from './error-text.ts'
import { displayName, refOf } from './object-names.ts'
import type { ObjectWrite } from './operation.ts'
import type { OnProgress } from './progress.ts'
import { NAMELESS_HINT, writeObject } from './write-object.ts'

/** Objects written at once for one release. */
const WRITES_AT_ONCE = 16

/** What became of a list of writes: `error` is undefined when all went well. */
export interface WriteOutcome {
  /** Objects that were not there before, whether or not the write succeeded. */
  readonly created: readonly KubeObject[]
  readonly error?: DiagnosticError
  /** The error as Helm joins it. */
  readonly text?: string
}

/** Neighbours of equal kind: they can be written at the same time, the next kind only after them. */
function waves(writes: readonly ObjectWrite[]): readonly (readonly ObjectWrite[])[] {
  const result: ObjectWrite[][] = []
  for (const write of writes) {
    const wave = result.at(-1)
    if (wave?.[0]?.object.kind === write.object.kind) wave.push(write)
    else result.push([write])
  }
  return result
}

/**
 * Writes objects in their order, equal kinds at the same time. A first install tries each object and tells all that failed;
 * an upgrade goes on after a failed change, but stops at an object that cannot be created. `aborted` is asked before each wave.
 *
 * Source: Helm 4.3.1 pkg/kube/client.go (perform, update).
 */
export async function writeObjects(
  client: KubeClient,
  writes: readonly ObjectWrite[],
  options: {
    readonly install: boolean
    readonly forceConflicts: boolean
    readonly awaitGone: (object: KubeObject) => Promise<void>
    readonly onProgress: OnProgress
    readonly aborted: () => boolean
    readonly afterWave?: (wave: readonly KubeObject[]) => Promise<void>
  },
): Promise<WriteOutcome> {
  const created: KubeObject[] = []
  const errors: unknown[] = []
  let stopping: unknown
  for (const wave of waves(writes)) {
    if (stopping !== undefined || options.aborted()) break
    created.push(...wave.filter((write) => write.isNew).map((write) => write.object))
    const failures = await mapLimited(wave, WRITES_AT_ONCE, (write) => tryWrite(client, write, options))
    for (const [index, error] of failures.entries()) {
      if (error === undefined) continue
      errors.push(error)
      if (!options.install && wave[index]?.isNew) stopping ??= error
    }
    if (failures.every((error) => error === undefined)) await options.afterWave?.(wave.map((write) => write.object))
  }
  return errors.length === 0 ? { created } : { created, ...joined(errors, stopping, options.install) }
}

/** An upgrade that could not create something names only that; otherwise all failures are told. */
function joined(errors: readonly unknown[], stopping: unknown, install: boolean): { readonly error: DiagnosticError; readonly text: string } {
  const told = stopping === undefined ? errors : [stopping]
  return {
    error: new DiagnosticError(
      errors.flatMap((error) => diagnosticsOf(error)),
      { cause: errors[0] },
    ),
    text: told.map(errorText).join(install ? '\n' : ' && '),
  }
}

async function tryWrite(
  client: KubeClient,
  write: ObjectWrite,
  options: Pick<Parameters<typeof writeObjects>[2], 'install' | 'forceConflicts' | 'awaitGone' | 'onProgress'>,
): Promise<unknown> {
  const ref = refOf(write.object)
  if (ref.name === '' && !options.install) return nameless(ref)
  try {
    const written = await writeObject(client, write, options)
    if (written !== 'kept') options.onProgress({ type: 'object-written', ref, origin: 'manifest', write: written })
    return undefined
  } catch (error) {
    const creating = !options.install && write.isNew
    const diagnostics = diagnosticsOf(error, displayName(ref))
    return new DiagnosticError(creating ? diagnostics.map((d) => ({ ...d, summary: `failed to create resource: ${d.summary}` })) : diagnostics, {
      cause: error,
    })
  }
}

/** Helm's words for what it can only make once. */
function nameless(ref: ObjectRef): DiagnosticError {
  const summary = 'could not get information about the resource: resource name may not be empty'
  return failure('release/no-name', summary, { subject: displayName(ref), hint: NAMELESS_HINT })
}
