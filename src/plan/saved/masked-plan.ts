import type { Diagnostic } from '../../base/diagnostic.ts'
import type { KubeObject } from '../../kinds/kube-object.ts'
import type { ReleaseOperation } from '../../release/operation.ts'
import type { Revision } from '../../release/record.ts'
import { type Mark, type MaskText, maskSecret, maskValue, textMasker } from '../mask-secrets.ts'
import type { ObjectChange, Plan, ReleasePlan } from '../plan.ts'
import { formerSecretTexts, SECRET_KIND } from './former-secret-texts.ts'
import { restsOnRecords } from './on-records.ts'

/**
 * `plan` as it may be stored in clear: without operations, values of Secrets and of `secrets` replaced by marks, and so is what goes
 * from other objects and was in one of the release's Secrets.
 */
export function maskedPlan(plan: Plan, secrets: readonly string[], mark: Mark): Plan {
  const mask = textMasker(secrets, mark)
  return { ...plan, releases: plan.releases.map((release) => maskedRelease(release, mask, mark)) }
}

function maskedRelease(release: ReleasePlan, mask: MaskText, mark: Mark): ReleasePlan {
  const { operation: _operation, basis: _basis, ...rest } = release
  const former = textMasker(formerSecretTexts(release), mark)
  return {
    ...rest,
    reason: mask(rest.reason),
    notes: rest.notes.map(mask),
    blockers: rest.blockers.map((blocker) => maskValue(blocker, mask) as Diagnostic),
    changes: rest.changes.map((change) => maskedChange(change, { mask, mark, former })),
  }
}

interface Masks {
  readonly mask: MaskText
  readonly mark: Mark
  /** Hides what the release's Secrets held. */
  readonly former: MaskText
}

function maskedChange(change: ObjectChange, { mask, mark, former }: Masks): ObjectChange {
  const { before, after, ...rest } = change
  // What stays needs no showing; of the rest nothing is left to hide.
  if (change.action === 'none') return rest
  const masked = (object: KubeObject): KubeObject => maskValue(change.secret ? maskSecret(object, mark) : object, mask) as KubeObject
  const shown = before && (maskBeside(before, after ?? namesOf(before), { mask, mark, former }) as KubeObject)
  return { ...rest, secret: false, notes: change.notes.map(mask), ...(shown && { before: masked(shown) }), ...(after && { after: masked(after) }) }
}

/** What an object that goes is called is told anyway. */
function namesOf({ metadata: { name, namespace, labels } }: KubeObject): unknown {
  return { metadata: { name, namespace, labels } }
}

/**
 * What stands where a secret will stand most likely is the secret's former value, which nobody knows any more. Of what stays the same
 * nothing is hidden here.
 */
function maskBeside(value: unknown, beside: unknown, how: Masks): unknown {
  if (typeof value === 'string') {
    if (value === beside) return value
    return typeof beside === 'string' && how.mask(beside) !== beside ? `(secret ${how.mark(value)})` : how.former(value)
  }
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item, index) => maskBeside(item, Array.isArray(beside) ? beside[index] : undefined, how))
  const other = (typeof beside === 'object' && beside !== null ? beside : {}) as { readonly [key: string]: unknown }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, maskBeside(item, Object.hasOwn(other, key) ? other[key] : undefined, how)]),
  )
}

/**
 * True when carrying out `release` takes what may not stand in clear: a Secret's value, one of `secrets`, or something of former
 * revisions that cannot be read again from records alone.
 */
export function holdsSecrets(release: ReleasePlan, secrets: readonly string[]): boolean {
  const { operation, basis } = release
  if (!operation) return false
  if (!restsOnRecords(operation) || basis?.reusesValues) return true
  if (writesSecrets(operation)) return true
  const mask = textMasker([...secrets, ...formerSecretTexts(release)], () => '(secret)')
  return operationHolds(operation, (text) => mask(text) !== text)
}

/** Whether a Secret is written; its values count as secret wherever they come from. */
function writesSecrets({ kind, revision: { manifest, hooks }, objects }: ReleaseOperation): boolean {
  if (kind === 'uninstall') return false
  return (
    objects.some(({ object }) => object.kind === 'Secret') || [manifest, ...hooks.map((hook) => hook.manifest)].some((text) => SECRET_KIND.test(text))
  )
}

/** What the records hold is not kept: nothing of a removal but names, and no former revision. */
function operationHolds({ kind, revision, objects, crds, crdUpgrades }: ReleaseOperation, isSecret: (text: string) => boolean): boolean {
  if (kind !== 'uninstall' && revisionHolds(revision, isSecret)) return true
  const written = objects.flatMap(({ object, patch }) => [object, patch])
  return [...written, ...crds, ...crdUpgrades].some((object) => anyText(object, isSecret))
}

function revisionHolds({ manifest, hooks, config, info, chart }: Revision, isSecret: (text: string) => boolean): boolean {
  const texts = [manifest, ...hooks.map((hook) => hook.manifest)]
  return texts.some(isSecret) || anyText([config, info.notes, info.description, chart?.values], isSecret)
}

function anyText(value: unknown, isSecret: (text: string) => boolean): boolean {
  if (typeof value === 'string') return isSecret(value)
  if (typeof value === 'number' || typeof value === 'boolean') return isSecret(String(value))
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, item]) => isSecret(key) || anyText(item, isSecret))
}
