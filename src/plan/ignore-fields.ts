import { isObject, sameJson, valueAt } from '../base/json.ts'
import { matchesStars } from '../base/match-stars.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import { type FieldPattern, parseFieldPattern } from './diff/field-pattern.ts'
import { elementNames } from './diff/pair-items.ts'
import type { IgnoreRule, ObjectChange } from './plan.ts'

/**
 * A function that takes the fields that `rules` name from both sides of a change; a change that was of nothing else is none.
 * What is created, deleted or said by the server stays as it is.
 *
 * @throws DiagnosticError `plan/field-path`
 */
export function ignoringFields(rules: readonly IgnoreRule[]): (change: ObjectChange) => ObjectChange {
  const read = rules.map((rule) => ({ rule, pattern: parseFieldPattern(rule.path) }))
  return (change) => {
    const patterns = read.filter(({ rule }) => concerns(rule, change)).map(({ pattern }) => pattern)
    const { before, after } = change
    if (patterns.length === 0 || !before || !after) return change
    const sides = { before: withoutFields(before, patterns, after), after: withoutFields(after, patterns, before) }
    const isNone = change.action === 'change' && change.notes.length === 0 && sameJson(sides.before, sides.after)
    return { ...change, ...sides, ...(isNone && { action: 'none' }) }
  }
}

function concerns({ kind = '*', name = '*', namespace = '*' }: IgnoreRule, { ref }: ObjectChange): boolean {
  return matchesStars(kind, ref.kind) && matchesStars(name, ref.name) && matchesStars(namespace, ref.namespace ?? '')
}

function withoutFields(object: KubeObject, patterns: readonly FieldPattern[], other: KubeObject): KubeObject {
  return patterns.reduce<unknown>((rest, pattern) => without(rest, pattern, other), object) as KubeObject
}

/** `other` is what stands in the same place of the other side. */
function without(value: unknown, pattern: FieldPattern, other: unknown): unknown {
  const [step, ...rest] = pattern
  if (step === undefined || typeof value !== 'object' || value === null) return value
  if (step === '**' && rest.length > 0) return inChildren(without(value, rest, other), other, () => true, pattern)
  if (rest.length > 0) return inChildren(value, other, (name) => matchesStars(step, name), rest)
  if (Array.isArray(value)) return value.filter((item, index) => !namesOf(item, index).some((name) => matchesStars(step, name)))
  return Object.fromEntries(Object.entries(value).filter(([key]) => !matchesStars(step, key)))
}

/** `value` without what `pattern` finds in those of its fields and items that are meant. */
function inChildren(value: unknown, other: unknown, isMeant: (name: string) => boolean, pattern: FieldPattern): unknown {
  if (Array.isArray(value)) return value.map((item, index) => (namesOf(item, index).some(isMeant) ? without(item, pattern, undefined) : item))
  if (!isObject(value)) return value
  const entries = Object.entries(value).map(([key, item]) => [key, isMeant(key) ? without(item, pattern, valueAt(other, key)) : item] as const)
  // What held nothing but ignored fields is as good as absent.
  return Object.fromEntries(entries.filter(([key, item]) => !isEmpty(item) || isEmpty(value[key]) || valueAt(other, key) !== undefined))
}

function namesOf(item: unknown, index: number): readonly string[] {
  return [String(index), ...elementNames(item)]
}

function isEmpty(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0
}
