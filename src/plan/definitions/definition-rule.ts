import { parseSelector, selects } from '../../state/selectors.ts'
import type { Release } from '../../state/state.ts'
import type { HazardKind } from './definition-hazards.ts'

/**
 * What becomes of the definitions in a chart's `crds/`. `create`: made where they are missing, on install, as Helm does.
 * `upgrade`: on upgrades too, and written over those that exist. `skip`: left to others.
 */
export type DefinitionPolicy = 'create' | 'upgrade' | 'skip'

/** For which releases. */
export interface DefinitionRule {
  /** As on the command line; absent: all. */
  readonly selector?: string
  readonly policy: DefinitionPolicy
  /** What an upgrade may do although objects may be lost by it. */
  readonly allow?: readonly HazardKind[]
}

const HELMS_WAY: DefinitionRule = { policy: 'create' }

/** The first of `rules` that fits `release`; Helm's way where none does. @throws DiagnosticError `state/bad-selector` */
export function definitionRuleFor(rules: readonly DefinitionRule[], release: Release): DefinitionRule {
  if (release.options.skipCrds) return { policy: 'skip' }
  const labels = new Map(Object.entries({ ...release.labels, name: release.name, namespace: release.namespace }))
  return rules.find(({ selector }) => selector === undefined || selects(parseSelector(selector), labels)) ?? HELMS_WAY
}
