import { dangerOf } from '../plan/destructive.ts'
import type { Plan } from '../plan/plan.ts'

/** Something that a plan destroys: `text` for people, `name` to be typed by who wants it. */
export interface DestructiveItem {
  readonly text: string
  readonly name: string
}

/** Releases that are uninstalled, and of the others the objects that hold data and go or are replaced. */
export function destructiveItems(plan: Plan): readonly DestructiveItem[] {
  return plan.releases.flatMap(({ id, name, action, changes }) => {
    if (action === 'uninstall') return [{ text: `release ${id}`, name }]
    if (action === 'none') return []
    return changes
      .filter((change) => dangerOf(change) !== undefined)
      .map(({ ref }) => ({ text: `${ref.kind} ${ref.namespace ? `${ref.namespace}/` : ''}${ref.name} of ${id}`, name: ref.name }))
  })
}
