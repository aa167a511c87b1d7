import type { KubeObject } from '../kinds/kube-object.ts'
import type { FieldConflict } from '../kube/field-conflicts.ts'

const MAX_VALUE = 80

/** A conflict for people: the field, who owns it, our value and theirs; values of Secrets are left out. */
export function conflictText({ field, owner, ours, theirs }: FieldConflict, object: KubeObject): string {
  const values = object.kind === 'Secret' && object.apiVersion === 'v1' ? '' : `: ours is ${valueText(ours)}, theirs is ${valueText(theirs)}`
  return `${field} is owned by ${owner}${values}`
}

function valueText(value: unknown): string {
  if (value === undefined) return 'unset'
  const text = JSON.stringify(value)
  return text.length <= MAX_VALUE ? text : `${text.slice(0, MAX_VALUE)}…`
}
