import { type Diagnostic, failure } from '../../base/diagnostic.ts'
import { sameJson } from '../../base/json.ts'
import type { KubeObject } from '../../kinds/kube-object.ts'
import type { KubeClient } from '../../kube/client.ts'
import { appliedFields, FIELD_MANAGER } from '../../release/field-managers.ts'
import { displayName, refOf } from '../../release/object-names.ts'
import { cleanObject } from '../clean-object.ts'
import type { LiveObjects } from '../live-objects.ts'
import type { ObjectChange, Refusals } from '../plan.ts'
import { objectionIn } from '../refusals.ts'
import { isProvenUnchanged } from '../unchanged.ts'
import { definitionHazards } from './definition-hazards.ts'
import type { DefinitionRule } from './definition-rule.ts'

/** What happens to the definitions of a chart's `crds/`. */
export interface PlannedDefinitions {
  readonly crds: readonly KubeObject[]
  readonly crdUpgrades: readonly KubeObject[]
  readonly changes: readonly ObjectChange[]
  readonly blockers: readonly Diagnostic[]
}

interface Context {
  readonly client: KubeClient
  readonly live: LiveObjects
  readonly refusals: Refusals
  readonly signal: AbortSignal | undefined
}

/** One definition, decided. */
interface PlannedDefinition {
  readonly crd: KubeObject
  readonly change: ObjectChange
  readonly blockers: readonly Diagnostic[]
}

/**
 * Decides about `crds`: those that are missing are created, those that exist are upgraded where the rule says so, unless objects
 * might be lost by it.
 */
export async function planDefinitions(context: Context, crds: readonly KubeObject[], rule: DefinitionRule): Promise<PlannedDefinitions> {
  const planned = await Promise.all(
    crds.map((crd) => {
      const live = context.live.find(refOf(crd))
      if (!live) return planNew(context, crd)
      return rule.policy === 'upgrade' ? planUpgrade(context, crd, live, rule) : undefined
    }),
  )
  const decided = planned.filter((one) => one !== undefined)
  const of = (action: ObjectChange['action']): readonly KubeObject[] => decided.filter(({ change }) => change.action === action).map(({ crd }) => crd)
  return {
    crds: of('create'),
    crdUpgrades: of('change'),
    changes: decided.map(({ change }) => change),
    blockers: decided.flatMap(({ blockers }) => blockers),
  }
}

function changeOf(crd: KubeObject, change: Pick<ObjectChange, 'action' | 'before' | 'after' | 'notes'>): ObjectChange {
  return { ref: refOf(crd), origin: 'crd', secret: false, ...change }
}

async function planNew(context: Context, crd: KubeObject): Promise<PlannedDefinition> {
  const change = changeOf(crd, { action: 'create', after: cleanObject(crd), notes: [] })
  if (context.refusals !== 'block') return { crd, change, blockers: [] }
  const answer = await dryRun(context, crd, false)
  return { crd, change, blockers: 'blockers' in answer ? answer.blockers : [] }
}

async function planUpgrade(context: Context, crd: KubeObject, live: KubeObject, { allow = [] }: DefinitionRule): Promise<PlannedDefinition> {
  const owned = appliedFields(live)
  const sides = { before: cleanObject(live), after: cleanObject(live) }
  if (owned && isProvenUnchanged(crd, live, owned, false))
    return { crd, change: changeOf(crd, { action: 'none', ...sides, notes: [] }), blockers: [] }
  const answer = await dryRun(context, crd, true)
  const after = 'result' in answer ? cleanObject(answer.result) : cleanObject({ ...live, ...crd, metadata: { ...live.metadata, ...crd.metadata } })
  const refused = 'blockers' in answer ? answer.blockers : []
  if (refused.length === 0 && sameJson(sides.before, after))
    return { crd, change: changeOf(crd, { action: 'none', ...sides, notes: [] }), blockers: [] }
  const hazards = definitionHazards(live, crd)
  const notes = hazards.filter(({ kind }) => allow.includes(kind)).map(({ text }) => `${text} (allowed by the settings)`)
  const blockers = hazards.filter(({ kind }) => !allow.includes(kind)).map(({ kind, text }) => hazardous(crd, kind, text))
  return { crd, change: changeOf(crd, { action: 'change', before: sides.before, after, notes }), blockers: [...refused, ...blockers] }
}

function hazardous(crd: KubeObject, kind: string, text: string): Diagnostic {
  return failure('plan/unsafe-definition', `upgrading the definition may break objects that exist: ${text}`, {
    subject: displayName(refOf(crd)),
    hint: `see that no object needs it, then add ${kind} to allow in the rule of the settings' crds`,
  }).diagnostics[0] as Diagnostic
}

async function dryRun(
  { client, signal }: Context,
  crd: KubeObject,
  force: boolean,
): Promise<{ readonly result: KubeObject } | { readonly blockers: readonly Diagnostic[] }> {
  try {
    const options = {
      dryRun: true,
      fieldManager: FIELD_MANAGER,
      fieldValidation: 'Strict' as const,
      ...(force && { force }),
      ...(signal && { signal }),
    }
    return { result: await client.apply(crd, options) }
  } catch (error) {
    const objection = objectionIn(error, crd)
    return { blockers: objection?.final ? [objection.diagnostic] : [] }
  }
}
