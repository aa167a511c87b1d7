import type { ChangeAction, Plan, PlanAction } from '../plan/plan.ts'

/** How many releases and objects a plan touches. `none` counts what stays as it is. */
export interface PlanSummary {
  readonly releases: Readonly<Record<PlanAction, number>>
  readonly objects: Readonly<Record<ChangeAction, number>>
}

export function summarizePlan(plan: Plan): PlanSummary {
  const releases: Record<PlanAction, number> = { install: 0, upgrade: 0, rollback: 0, uninstall: 0, test: 0, none: 0 }
  const objects: Record<ChangeAction, number> = { create: 0, change: 0, replace: 0, delete: 0, adopt: 0, keep: 0, none: 0 }
  for (const release of plan.releases) {
    releases[release.action]++
    for (const change of release.changes) objects[change.action]++
  }
  return { releases, objects }
}

/** True when carrying the plan out would write anything. */
export function hasChanges(plan: Plan): boolean {
  return plan.releases.some((release) => release.action !== 'none')
}

/** True when a release cannot be carried out. */
export function hasBlockers(plan: Plan): boolean {
  return plan.releases.some((release) => release.blockers.length > 0)
}

/** `2 to install, 1 to upgrade, 6 unchanged; objects: 12 to create, 3 to change; 1 cannot be carried out; compared with records`; what is zero is left out. */
export function planSummaryWords(plan: Plan): string {
  const { releases, objects } = summarizePlan(plan)
  const words = (entries: readonly (readonly [number, string])[]): string =>
    entries
      .filter(([count]) => count > 0)
      .map(([count, what]) => `${count} ${what}`)
      .join(', ')
  const ofReleases = words([
    [releases.install, 'to install'],
    [releases.upgrade, 'to upgrade'],
    [releases.rollback, 'to roll back'],
    [releases.uninstall, 'to uninstall'],
    [releases.test, 'to test'],
    [releases.none, 'unchanged'],
  ])
  const ofObjects = words([
    [objects.create, 'to create'],
    [objects.change, 'to change'],
    [objects.replace, 'to replace'],
    [objects.adopt, 'to adopt'],
    [objects.delete, 'to delete'],
  ])
  const blocked = plan.releases.filter(({ blockers }) => blockers.length > 0).length
  return [
    ofReleases || 'no releases',
    ...(ofObjects && hasChanges(plan) ? [`objects: ${ofObjects}`] : []),
    ...(blocked > 0 ? [`${blocked} cannot be carried out`] : []),
    ...(plan.comparedWith ? [`compared with ${plan.comparedWith}`] : []),
  ].join('; ')
}
