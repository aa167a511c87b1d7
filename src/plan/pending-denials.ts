import type { ReleasePlan } from './plan.ts'
import { DENIED } from './refusals.ts'

/**
 * The same plans, those in topological order; a denial (quota, policy, role) counts as a note where something changes before the
 * release, as that may be what it is denied for the lack of.
 */
export function withPendingDenials(releases: readonly ReleasePlan[]): readonly ReleasePlan[] {
  const unsettled = new Set<string>()
  return releases.map((release) => {
    const follows = release.after.some((id) => unsettled.has(id))
    if (follows || release.operation) unsettled.add(release.id)
    const denials = release.blockers.filter(({ code }) => code === DENIED)
    if (!follows || denials.length === 0) return release
    const notes = denials.map(({ subject = '', summary }) => `${subject}: ${summary}, unless releases before this one change that`)
    return { ...release, notes: [...release.notes, ...notes], blockers: release.blockers.filter(({ code }) => code !== DENIED) }
  })
}
