import { failure } from '../base/diagnostic.ts'
import type { GoMap } from '../go/values.ts'
import { isConditionMet } from './condition.ts'
import { groupBy } from './group-by.ts'
import { groupByNeeds } from './group-by-needs.ts'
import { releaseId } from './release-id.ts'
import type { StateRequest } from './request.ts'
import { parseSelector, selects } from './selectors.ts'
import { placeOfSpec, type ReleaseSpec, whereOf } from './spec.ts'

/** The releases of one file, labels and overrides applied, and what to choose from them by. */
export interface Choice {
  readonly releases: readonly ReleaseSpec[]
  /** Those that hold for this file: the command line's, or those of the parent's entry. */
  readonly selectors: readonly string[]
  readonly values: GoMap
}

/**
 * The releases that selectors choose, in file order; all of them, conditions unseen, where there is no selector.
 * @throws DiagnosticError `state/bad-selector`, `state/bad-condition`, `state/duplicate-release`
 * Source: Helmfile 1.8 pkg/app processFilteredReleases
 */
export function matchingReleases(choice: Choice, includeTransitiveNeeds: boolean): readonly ReleaseSpec[] {
  const chosen = choice.selectors.length > 0 ? chosenReleases(choice, includeTransitiveNeeds) : choice.releases
  checkDuplicates(chosen)
  return chosen
}

/**
 * The releases that a run works on, in the order of their needs: chosen by selectors and conditions, with or without what
 * they need as `request` says. Releases that are not to be installed are among them. Several choices are one graph.
 * @throws DiagnosticError as `groupByNeeds`, and `state/duplicate-release`, `state/need-not-installed`
 * Source: Helmfile 1.8 pkg/app withNeeds
 */
export function plannedReleases(choices: readonly Choice[], request: StateRequest): readonly ReleaseSpec[] {
  const chosen = choices.flatMap((choice) => chosenReleases(choice, false))
  const all = choices.flatMap((choice) => choice.releases)
  const releases = withoutDuplicates(all, chosen)
  if (chosen.length === 0) return []
  const withNeeds = Boolean(request.includeNeeds || request.includeTransitiveNeeds)
  const skipNeeds = !withNeeds && (request.skipNeeds ?? true)
  const planned = groupByNeeds(releases, { only: chosen.map(releaseId), withNeeds, skipNeeds }).flat()
  if (request.enforceNeedsAreInstalled) checkNeedsInstalled(planned, releases)
  return planned
}

function chosenReleases({ releases, selectors, values }: Choice, includeTransitiveNeeds: boolean): readonly ReleaseSpec[] {
  const filters = selectors.map(parseSelector)
  const chosen = releases.filter((release) => {
    const matches = filters.length === 0 || filters.some((filter) => selects(filter, release.labels ?? new Map()))
    // Read even where no selector matches: a condition that cannot be read is an error either way.
    return isConditionMet(release, values) && matches
  })
  if (!includeTransitiveNeeds) return chosen
  const wanted = new Set(chosen)
  const needed = neededIds(chosen, releases)
  return releases.filter((release) => wanted.has(release) || needed.has(releaseId(release)))
}

function neededIds(chosen: readonly ReleaseSpec[], releases: readonly ReleaseSpec[]): ReadonlySet<string> {
  const byName = groupBy(releases, (release) => release.name ?? '')
  const needed = new Set<string>()
  const open = chosen.flatMap((release) => release.needs ?? [])
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (needed.has(id)) continue
    needed.add(id)
    for (const release of byName.get(id.split('/').at(-1) as string) ?? []) open.push(...(release.needs ?? []))
  }
  return needed
}

/** Of releases with one id only the chosen one stays, so that selectors can tell them apart. */
function withoutDuplicates(releases: readonly ReleaseSpec[], chosen: readonly ReleaseSpec[]): readonly ReleaseSpec[] {
  const wanted = new Set(chosen)
  const byId = groupBy(releases, releaseId)
  for (const [id, same] of byId) {
    const count = same.filter((release) => wanted.has(release)).length
    if (count > 1) throw duplicate(same, `found ${count} duplicate releases with ID "${id}"`)
  }
  return releases.filter((release) => wanted.has(release) || byId.get(releaseId(release))?.length === 1)
}

function checkDuplicates(releases: readonly ReleaseSpec[]): void {
  for (const same of groupBy(releases, releaseId).values()) {
    if (same.length < 2) continue
    const { name, namespace, kubeContext } = same[0] as ReleaseSpec
    const where = `${namespace ? ` in namespace "${namespace}"` : ''}${kubeContext ? ` in kubecontext "${kubeContext}"` : ''}`
    throw duplicate(same, `duplicate release "${name}" found${where}: there were ${same.length} releases named "${name}" matching specified selector`)
  }
}

function duplicate(same: readonly ReleaseSpec[], summary: string): Error {
  const [first, second] = same.map(placeOfSpec)
  return failure('state/duplicate-release', summary, {
    ...(second ? { at: second } : {}),
    ...(first ? { notes: [{ text: 'is the first one', at: first }] } : {}),
    hint: 'give one of them another name, namespace or kubeContext, or select one by its labels',
  })
}

function checkNeedsInstalled(planned: readonly ReleaseSpec[], releases: readonly ReleaseSpec[]): void {
  const byId = new Map(releases.map((release) => [releaseId(release), release]))
  for (const release of planned) {
    if (release.installed === false) continue
    const off = findNotInstalled(release, byId, new Set())
    if (off)
      throw failure(
        'state/need-not-installed',
        `Release ${off.release.name} has a transitive dependency ${off.need.name} marked as installed=false`,
        {
          ...whereOf(off.need),
        },
      )
  }
}

function findNotInstalled(
  release: ReleaseSpec,
  byId: ReadonlyMap<string, ReleaseSpec>,
  visited: Set<ReleaseSpec>,
): { readonly release: ReleaseSpec; readonly need: ReleaseSpec } | undefined {
  if (visited.has(release)) return undefined
  visited.add(release)
  for (const id of release.needs ?? []) {
    const need = byId.get(id)
    if (!need) continue
    if (need.installed === false) return { release, need }
    const deeper = findNotInstalled(need, byId, visited)
    if (deeper) return deeper
  }
  return undefined
}
