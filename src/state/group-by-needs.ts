import { type Diagnostic, DiagnosticError, failure } from '../base/diagnostic.ts'
import { findCycle, type Graph, layersOf, reversed } from '../base/graph.ts'
import { nearest } from '../base/nearest.ts'
import { groupBy } from './group-by.ts'
import { releaseId } from './release-id.ts'
import { type ReleaseSpec, whereOf } from './spec.ts'

/** Which releases of a graph are wanted, and what happens to those they need. */
export interface GroupOptions {
  /** Ids; empty means all. */
  readonly only: readonly string[]
  /** Needs of wanted releases, directly or not, come along. */
  readonly withNeeds: boolean
  /** Needs of wanted releases that are not wanted themselves are passed over; otherwise they are an error. */
  readonly skipNeeds: boolean
}

/**
 * Releases in groups: each group waits for those before it, and inside a group the file's order holds.
 * @throws DiagnosticError `state/undefined-need`, `state/cyclic-needs`, `state/unselected-need`
 * Source: Helmfile 1.8 pkg/state/state_run.go GroupReleasesByDependency; variantdev/dag 1.1 Sort
 */
export function groupByNeeds(releases: readonly ReleaseSpec[], options: GroupOptions): readonly (readonly ReleaseSpec[])[] {
  const byId = groupBy(releases, releaseId)
  const graph = new Map([...byId].map(([id, same]) => [id, [...new Set(same.flatMap((release) => release.needs ?? []))]]))
  checkDefined(graph, byId)
  checkAcyclic(graph, byId)
  const groups = wantedOf(layersOf(graph), graph, options)
  return groups.map((ids) => ids.flatMap((id) => byId.get(id) as ReleaseSpec[]))
}

function placeOf(releases: readonly ReleaseSpec[] | undefined): Pick<Diagnostic, 'at'> {
  return whereOf(releases?.[0])
}

function checkDefined(graph: Graph, byId: ReadonlyMap<string, readonly ReleaseSpec[]>): void {
  const dependents = new Map<string, string[]>()
  for (const [id, needs] of graph) for (const need of needs) if (!graph.has(need)) dependents.set(need, [...(dependents.get(need) ?? []), id])
  if (dependents.size === 0) return
  throw new DiagnosticError([...dependents].map(([need, ids]) => undefinedNeed(need, ids, byId)))
}

function undefinedNeed(need: string, ids: readonly string[], byId: ReadonlyMap<string, readonly ReleaseSpec[]>): Diagnostic {
  const name = need.split('/').at(-1)
  const near = nearest(need, byId.keys())
  return {
    code: 'state/undefined-need',
    severity: 'error',
    summary: `release(s) ${ids.map((id) => `"${id}"`).join(', ')} depend(s) on an undefined release "${need}". Perhaps you made a typo in "needs" or forgot defining a release named "${name}" with appropriate "namespace" and "kubeContext"?`,
    ...placeOf(byId.get(ids[0] as string)),
    hint: near ? `did you mean "${near}"?` : 'needs name releases of this state file as namespace/name',
  }
}

function checkAcyclic(graph: Graph, byId: ReadonlyMap<string, readonly ReleaseSpec[]>): void {
  const cycle = findCycle(reversed(graph))
  if (!cycle) return
  throw failure('state/cyclic-needs', `cycle detected: ${cycle.join(' -> ')}`, {
    ...placeOf(byId.get(cycle[0] as string)),
    hint: 'take one of these releases out of the needs of the next',
  })
}

/** Walks from the last group to the first, so that what is pulled in can pull in its own needs. */
function wantedOf(
  groups: readonly (readonly string[])[],
  graph: Graph,
  { only, withNeeds, skipNeeds }: GroupOptions,
): readonly (readonly string[])[] {
  if (only.length === 0) return groups
  const wanted = new Set(only)
  const dependentsOf = reversed(graph)
  const kept = groups.toReversed().map((ids) =>
    ids.filter((id) => {
      if (wanted.has(id)) return true
      if (skipNeeds) return false
      const dependents = (dependentsOf.get(id) ?? []).filter((dependent) => wanted.has(dependent))
      if (dependents.length === 0) return false
      if (!withNeeds) throw unselectedNeed(id, dependents)
      wanted.add(id)
      return true
    }),
  )
  return kept.toReversed().filter((ids) => ids.length > 0)
}

function unselectedNeed(id: string, dependents: readonly string[]): DiagnosticError {
  const quoted = dependents.toSorted().map((dependent) => `"${dependent}"`)
  const list = quoted.length < 3 ? quoted.join(' and ') : `${quoted.slice(0, -1).join(', ')}, and ${quoted.at(-1)}`
  const name = id.split('/').at(-1)
  return failure(
    'state/unselected-need',
    `release ${list} ${quoted.length === 1 ? 'depends' : 'depend'} on "${id}" which does not match the selectors`,
    {
      hint: `add a selector like "--selector name=${name}", or say whether to skip (--skip-needs) or include (--include-needs) these dependencies`,
    },
  )
}
