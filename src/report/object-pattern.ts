import { matchesStars } from '../base/match-stars.ts'
import type { ObjectRef } from '../kinds/kube-object.ts'

/**
 * A function that tells whether one of `patterns` names an object: `kind`, `kind/name` or `namespace/kind/name`, in any case, `*`
 * standing for any characters.
 */
export function objectMatcher(patterns: readonly string[]): (ref: ObjectRef) => boolean {
  const wanted = patterns.map((pattern) => pattern.toLowerCase().split('/'))
  return ({ kind, name, namespace = '' }) => {
    const parts = [namespace, kind, name].map((part) => part.toLowerCase())
    return wanted.some((pattern) => {
      const [from, to] = pattern.length === 1 ? [1, 2] : [3 - pattern.length, 3]
      return pattern.length <= 3 && parts.slice(from, to).every((part, index) => matchesStars(pattern[index] as string, part))
    })
  }
}
