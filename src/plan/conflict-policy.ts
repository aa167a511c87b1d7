import { matchesStars } from '../base/match-stars.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import { type FieldConflict, type FieldSteps, stepName } from '../kube/field-conflicts.ts'
import { type FieldPattern, parseFieldPattern } from './diff/field-pattern.ts'
import type { ConflictPolicy, ConflictRule } from './plan.ts'

/** What becomes of a conflict: taken over, left to its owner, or a reason to fail. The first rule that fits decides; without one it fails. */
export type DecideConflict = (object: KubeObject, conflict: FieldConflict) => ConflictPolicy

/** @throws DiagnosticError `plan/field-path` */
export function conflictPolicy(rules: readonly ConflictRule[]): DecideConflict {
  const read = rules.map((rule) => ({ rule, pattern: parseFieldPattern(rule.path) }))
  return (object, conflict) =>
    read.find(({ rule, pattern }) => concerns(rule, object, conflict.owner) && covers(pattern, conflict.steps))?.rule.policy ?? 'fail'
}

function concerns({ kind = '*', name = '*', namespace = '*', owner = '*' }: ConflictRule, object: KubeObject, manager: string): boolean {
  const { metadata } = object
  return (
    matchesStars(kind, object.kind) &&
    matchesStars(name, metadata.name ?? '') &&
    matchesStars(namespace, metadata.namespace ?? '') &&
    matchesStars(owner, manager)
  )
}

/** A rule on a field is one on everything below it. */
function covers([step, ...rest]: FieldPattern, steps: FieldSteps): boolean {
  if (step === undefined) return true
  if (step === '**' && rest.length > 0) return steps.some((_, at) => covers(rest, steps.slice(at)))
  const [first, ...below] = steps
  return first !== undefined && matchesStars(step, stepName(first)) && covers(rest, below)
}
