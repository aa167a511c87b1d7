import { type Diagnostic, failure } from '../base/diagnostic.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import { type KubeClient, KubeError } from '../kube/client.ts'
import { FIELD_MANAGER } from '../release/field-managers.ts'
import { displayName, refOf } from '../release/object-names.ts'
import { NAMELESS_HINT, refusalHint } from '../release/write-object.ts'
import type { PlannedKind } from './definitions/planned-kinds.ts'
import { checkAgainstSchema, type SchemaComplaint } from './definitions/structural-schema.ts'
import { uncheckedRules } from './definitions/unchecked-rules.ts'

/** What stands against an object: `final` ends in a failure for sure, or else it may pass once other things have changed. */
export interface Objection {
  readonly text: string
  readonly final: boolean
  readonly diagnostic: Diagnostic
}

/** Refusals of the object itself, whatever happens around it. */
const OF_THE_OBJECT: ReadonlySet<number> = new Set([400, 422])
/** What the server may let pass once quotas, policies or roles are others. */
export const DENIED = 'plan/denied'

/** True where the server says no to the object itself, and not only to a dry run of it, which some webhooks cannot do. */
export function isAgainstTheObject({ status, message }: KubeError): boolean {
  return OF_THE_OBJECT.has(status) && !message.endsWith('does not support dry run')
}

/** What a policy, a role or a quota has against it, with whatever status: others may let it pass. */
export function isDenial({ status, message }: KubeError): boolean {
  return status === 403 || message.startsWith('admission webhook') || message.includes('ValidatingAdmissionPolicy')
}

/** What the server said against a dry run; undefined for what says nothing of the object. */
export function objectionIn(error: unknown, object: KubeObject): Objection | undefined {
  if (!(error instanceof KubeError)) throw error
  // A namespace that another object of the plan will make.
  if (error.status === 404) return undefined
  const text = `the server would refuse this: ${error.message}`
  const hint = refusalHint(object, error)
  const isDenied = isDenial(error)
  const subject = displayName(refOf(object))
  const { diagnostics } = failure(isDenied ? DENIED : 'plan/refused', text, { subject, ...(hint && { hint }) })
  return { text, final: error.status === 403 || isAgainstTheObject(error), diagnostic: diagnostics[0] as Diagnostic }
}

/**
 * What the server says against a new object where its namespace is yet to come: it is asked about the same object in `default`. Only
 * what would be said in any namespace counts: no policies, no rights, no webhooks.
 */
export async function objectionAnywhere(client: KubeClient, object: KubeObject, signal: AbortSignal | undefined): Promise<Objection | undefined> {
  const elsewhere = { ...object, metadata: { ...object.metadata, namespace: 'default' } }
  try {
    await client.create(elsewhere, { dryRun: true, fieldManager: FIELD_MANAGER, fieldValidation: 'Strict', ...(signal && { signal }) })
    return undefined
  } catch (error) {
    if (!(error instanceof KubeError)) throw error
    return isAgainstTheObject(error) && !isDenial(error) ? objectionIn(error, object) : undefined
  }
}

/** Nobody could find an object again that got its name from the server: only hooks, and a first install from the client's side, can have any. */
export function namelessObjection(object: KubeObject): Objection {
  const text = `${object.kind} ${object.metadata.generateName ?? ''} has no name of its own`
  const { diagnostics } = failure('plan/no-name', text, { subject: displayName(refOf(object)), hint: NAMELESS_HINT })
  return { text, final: true, diagnostic: diagnostics[0] as Diagnostic }
}

/**
 * What the definition in the plan says against an object; unknown fields are refused (`strict`) or dropped, as the server is asked to.
 * Rules that nobody can check before the definition is there are told.
 */
export function objectionsOfDefinition({ schema, definition }: PlannedKind, object: KubeObject, strict: boolean): readonly Objection[] {
  if (!schema) return []
  const rules = uncheckedRules(object, schema).length
  const unchecked = `${rules} ${rules === 1 ? 'rule' : 'rules'} of ${definition} (CEL) can be checked only once that is there`
  return [
    ...checkAgainstSchema(object, schema).map((complaint) => objectionOf(complaint, definition, object, strict)),
    ...(rules > 0 ? [objection(unchecked, object, false)] : []),
  ]
}

function objectionOf({ path, text, kind }: SchemaComplaint, definition: string, object: KubeObject, strict: boolean): Objection {
  if (kind === 'invalid') return objection(`${path} ${text}, says ${definition}`, object, true)
  return objection(`${path} ${text} of ${definition}${strict ? '' : ', and will be dropped'}`, object, strict)
}

function objection(text: string, object: KubeObject, final: boolean): Objection {
  const { diagnostics } = failure('plan/refused', text, { subject: displayName(refOf(object)) })
  return { text, final, diagnostic: diagnostics[0] as Diagnostic }
}
