import { failure } from '../base/diagnostic.ts'
import type { GoMap, GoValue } from '../go/values.ts'
import { type ReleaseSpec, whereOf } from './spec.ts'

/**
 * Whether the release's `condition` holds: none, the words true and false, or a path into `values` that ends in `.enabled`.
 * @throws DiagnosticError `state/bad-condition`
 * Source: Helmfile 1.8 pkg/state ConditionEnabled
 */
export function isConditionMet(release: ReleaseSpec, values: GoMap): boolean {
  const condition = release.condition ?? ''
  const word = condition.toLowerCase()
  if (word === '' || word === 'true') return true
  if (word === 'false') return false
  const keys = condition.split('.')
  if (keys.at(-1) !== 'enabled') throw wrong(release, "Condition value must be in the form 'foo.enabled' where 'foo' can be modified as necessary")
  let current: GoValue = values
  let path = ''
  for (const key of keys.slice(0, -1)) {
    path += `.${key}`
    const next: GoValue | undefined = (current as GoMap).get(key)
    if (next === undefined) throw wrong(release, `environment values field '${path}' not found`)
    if (!(next instanceof Map)) throw wrong(release, `environment values field '${path}' is not a map`)
    current = next
  }
  return (current as GoMap).get('enabled') === true
}

function wrong(release: ReleaseSpec, what: string): Error {
  return failure('state/bad-condition', `failed to parse condition in release ${release.name ?? ''}: ${what}`, whereOf(release))
}
