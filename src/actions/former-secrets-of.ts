import { DiagnosticError } from '../base/diagnostic.ts'
import { toPlain } from '../go/plain.ts'
import { formerSecrets, textsIn } from '../plan/former-secrets.ts'
import type { Plan, ReleasePlan } from '../plan/plan.ts'
import type { State } from '../state/state.ts'

/**
 * What `secrets` were before, and will be after `plan`, as the records of its releases tell by the places of their values.
 * Values of releases that go, or go back, are read for it. Where they cannot be read nobody can tell what is secret in the
 * release's record: then all its texts may be.
 */
export async function formerSecretsOf(state: State, plan: Plan, secrets: () => readonly string[]): Promise<readonly string[]> {
  const releases = new Map(state.files.flatMap((file) => file.selected).map((release) => [release.id, release]))
  const unreadable: string[] = []
  const valuesOf = async ({ id, operation }: ReleasePlan): Promise<readonly [string, readonly unknown[]]> => {
    try {
      return [id, ((await releases.get(id)?.layers()) ?? []).map(({ tree }) => toPlain(tree))]
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error
      unreadable.push(...textsIn(operation?.revision.config))
      return [id, []]
    }
  }
  const unplanned = plan.releases.filter(({ action }) => action === 'rollback' || action === 'uninstall')
  const layers = new Map(await Promise.all(unplanned.map(valuesOf)))
  return [...formerSecrets(plan, secrets(), layers), ...unreadable]
}
