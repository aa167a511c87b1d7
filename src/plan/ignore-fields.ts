import { sameJson } from '../base/json.ts'
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
    const sides = { before: withoutFields(before, patterns), after: withoutFields(after, patterns) }
    const isNone = change.action === 'change' && change.notes.length === 0 && sameJson(sides.before, sides.after)
    return { ...change, ...sides, ...(isNone && { action: 'none' }) }
  }
}

function concerns({ kind = '*', name = '*', namespace = '*' }: IgnoreRule, { ref }: ObjectChange): boolean {
  return matchesStars(kind, ref.kind) && matchesStars(name, ref.name) && matchesStars(namespace, ref.namespace ?? '')
}

function withoutFields(object: KubeObject, patterns: readonly FieldPattern[]): KubeObject {
  return patterns.reduce<unknown>((rest, pattern) => without(rest, pattern), object) as KubeObject
}

function without(value: unknown, [step, ...rest]: FieldPattern): unknown {
  if (step === undefined || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const isMeant = (item: unknown, index: number): boolean => step === '*' || step === String(index) || elementNames(item).includes(step)
    return rest.length === 0
      ? value.filter((item, index) => !isMeant(item, index))
      : value.map((item, index) => (isMeant(item, index) ? without(item, rest) : item))
  }
  const entries = Object.entries(value).flatMap(([key, item]): readonly (readonly [string, unknown])[] => {
    if (step !== '*' && step !== key) return [[key, item]]
    return rest.length === 0 ? [] : [[key, without(item, rest)]]
  })
  return Object.fromEntries(entries)
}
