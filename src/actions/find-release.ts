import { failure } from '../base/diagnostic.ts'
import { nearest } from '../base/nearest.ts'
import type { Release } from '../state/state.ts'

/** The release called `name`, `namespace/name` or by its id. @throws DiagnosticError `actions/no-such-release`, `actions/ambiguous-release` */
export function findRelease(releases: readonly Release[], name: string): Release {
  const found = releases.filter((release) => [release.id, `${release.namespace}/${release.name}`, release.name].includes(name))
  if (found.length > 1) {
    throw failure('actions/ambiguous-release', `"${name}" is the name of ${found.length} releases`, {
      hint: `use one of: ${found.map((r) => r.id).join(', ')}`,
    })
  }
  if (found[0]) return found[0]
  const near = nearest(
    name,
    releases.map((release) => release.name),
  )
  throw failure('actions/no-such-release', `no release "${name}" in the state file`, {
    hint: near ? `did you mean "${near}"?` : '"flotilla list" shows all of them',
  })
}
