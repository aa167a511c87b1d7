import type { Diagnostic } from '../../base/diagnostic.ts'
import type { KubeObject } from '../../kinds/kube-object.ts'
import type { ReleaseOperation } from '../../release/operation.ts'
import type { Revision } from '../../release/record.ts'
import { type Mark, type MaskText, maskSecret, maskValue, textMasker } from '../mask-secrets.ts'
import type { ObjectChange, Plan, ReleasePlan } from '../plan.ts'

/** `plan` as it may be stored in clear: without operations, values of Secrets and of `secrets` replaced by marks. */
export function maskedPlan(plan: Plan, secrets: readonly string[], mark: Mark): Plan {
  const mask = textMasker(secrets, mark)
  return { ...plan, releases: plan.releases.map((release) => maskedRelease(release, mask, mark)) }
}

function maskedRelease(release: ReleasePlan, mask: MaskText, mark: Mark): ReleasePlan {
  const { operation: _operation, basis: _basis, ...rest } = release
  return {
    ...rest,
    reason: mask(rest.reason),
    notes: rest.notes.map(mask),
    blockers: rest.blockers.map((blocker) => maskValue(blocker, mask) as Diagnostic),
    changes: rest.changes.map((change) => maskedChange(change, mask, mark)),
  }
}

function maskedChange(change: ObjectChange, mask: MaskText, mark: Mark): ObjectChange {
  const { before, after, ...rest } = change
  // What stays needs no showing; of the rest nothing is left to hide.
  if (change.action === 'none') return rest
  const masked = (object: KubeObject): KubeObject => maskValue(change.secret ? maskSecret(object, mark) : object, mask) as KubeObject
  const shown = before && after ? (maskBeside(before, after, { mask, mark }) as KubeObject) : before
  return { ...rest, secret: false, notes: change.notes.map(mask), ...(shown && { before: masked(shown) }), ...(after && { after: masked(after) }) }
}

/** What stands where a secret will stand most likely is the secret's former value, which nobody knows any more. */
function maskBeside(value: unknown, beside: unknown, how: { readonly mask: MaskText; readonly mark: Mark }): unknown {
  if (typeof value === 'string')
    return typeof beside === 'string' && value !== beside && how.mask(beside) !== beside ? `(secret ${how.mark(value)})` : value
  if (typeof value !== 'object' || value === null || typeof beside !== 'object' || beside === null) return value
  if (Array.isArray(value)) return Array.isArray(beside) ? value.map((item, index) => maskBeside(item, beside[index], how)) : value
  const other = beside as { readonly [key: string]: unknown }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, maskBeside(item, Object.hasOwn(other, key) ? other[key] : undefined, how)]),
  )
}

/** `kind: Secret` in YAML or JSON; too much found does no harm. */
const SECRET_KIND = /\bkind["']?\s*:\s*["']?Secret\b/

/** True when carrying out `operation` takes a secret value: a Secret's, or one of `secrets`. */
export function holdsSecrets(operation: ReleaseOperation, secrets: readonly string[]): boolean {
  const mask = textMasker(secrets, () => '(secret)')
  const isSecret = (text: string): boolean => mask(text) !== text
  return operationHolds(operation, isSecret)
}

function operationHolds(operation: ReleaseOperation, isSecret: (text: string) => boolean): boolean {
  const { revision, current, settle, supersede, objects, crds, crdUpgrades, onFailure } = operation
  const revisions = new Set([revision, ...(current ? [current] : []), ...settle, ...supersede])
  const written = objects.flatMap(({ object, original, patch }) => [object, original, patch])
  return (
    [...revisions].some((one) => revisionHolds(one, isSecret)) ||
    objects.some(({ object }) => object.kind === 'Secret') ||
    [...written, ...crds, ...crdUpgrades].some((object) => anyText(object, isSecret)) ||
    (onFailure !== undefined && operationHolds(onFailure, isSecret))
  )
}

function revisionHolds({ manifest, hooks, config, info, chart }: Revision, isSecret: (text: string) => boolean): boolean {
  const texts = [manifest, ...hooks.map((hook) => hook.manifest)]
  return texts.some((text) => SECRET_KIND.test(text) || isSecret(text)) || anyText([config, info.notes, info.description, chart?.values], isSecret)
}

function anyText(value: unknown, isSecret: (text: string) => boolean): boolean {
  if (typeof value === 'string') return isSecret(value)
  if (typeof value === 'number' || typeof value === 'boolean') return isSecret(String(value))
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, item]) => isSecret(key) || anyText(item, isSecret))
}
