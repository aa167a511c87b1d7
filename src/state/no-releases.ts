import { type DiagnosticError, failure, type Note } from '../base/diagnostic.ts'
import { nearest } from '../base/nearest.ts'
import { environmentName, type StateRequest } from './request.ts'
import { parseSelector, selects } from './selectors.ts'
import { whereOf } from './spec.ts'
import type { StateFile } from './state.ts'

/** Why nothing was chosen so far. */
export interface PassedOver {
  /** Why files gave nothing, in the order in which they were looked at. */
  readonly notes: Note[]
  /** Names of the releases in them. */
  readonly names: Set<string>
  /** Environments that files know which do not know the one asked for. */
  readonly environments: Set<string>
}

/** Notes that `file` knows only `known`, and not the environment asked for. */
export function noteUnknownEnvironment({ notes, environments }: PassedOver, request: StateRequest, file: string, known: readonly string[]): void {
  for (const name of known) environments.add(name)
  const has = known.length === 0 ? '' : `, which has ${enumerated(known)}`
  notes.push({ text: `environment "${environmentName(request)}" is not defined in ${file}${has}` })
}

const MOST_NAMES = 10

function enumerated(names: readonly string[]): string {
  const shown = names.length > MOST_NAMES ? [...names.slice(0, MOST_NAMES), `${names.length - MOST_NAMES} more`] : names
  return [shown.slice(0, -1).join(', '), shown.at(-1)].filter(Boolean).join(' and ')
}

/** Notes why `file`, under `selectors`, has nothing to work on. */
export function notePassedOver({ notes, names }: PassedOver, { name, releases }: StateFile, selectors: readonly string[]): void {
  for (const release of releases) names.add(release.name)
  if (releases.length === 0) return
  const filters = selectors.map(parseSelector)
  const matching = releases.filter(({ spec }) => filters.length === 0 || filters.some((filter) => selects(filter, spec.labels ?? new Map())))
  const count = releases.length === 1 ? 'the one release' : `none of the ${releases.length} releases`
  if (matching.length === 0) notes.push({ text: `${count} of ${name} ${releases.length === 1 ? 'does not match' : 'matches'} ${quoted(selectors)}` })
  for (const release of matching) {
    if (!release.enabled) notes.push({ text: `its condition switches off release "${release.name}" of ${name}`, ...whereOf(release.spec) })
  }
}

/** What selectors say, for messages. */
export function quoted(selectors: readonly string[]): string {
  return selectors.map((selector) => `"${selector}"`).join(' or ')
}

const MOST_NOTES = 10

/** That a run has nothing to work on, in Helmfile's words, and why: `state/no-releases`. */
export function noReleases(request: StateRequest, { notes, names, environments }: PassedOver): DiagnosticError {
  const { selectors = [] } = request
  const summary = `no releases found that matches specified selector(${selectors.join(', ')}) and environment(${environmentName(request)}), in any helmfile`
  const shown = notes.length > MOST_NOTES ? [...notes.slice(0, MOST_NOTES), { text: `and ${notes.length - MOST_NOTES} more like these` }] : notes
  const near = nearEnvironment(request, environments) ?? nearName(selectors, names)
  return failure('state/no-releases', summary, {
    ...(shown.length > 0 && { notes: shown }),
    ...(near !== undefined && { hint: `did you mean "${near}"?` }),
  })
}

function nearEnvironment(request: StateRequest, known: ReadonlySet<string>): string | undefined {
  const near = known.has(environmentName(request)) ? undefined : nearest(environmentName(request), known)
  return near === undefined ? undefined : `--environment ${near}`
}

function nearName(selectors: readonly string[], names: ReadonlySet<string>): string | undefined {
  const wanted = /^name=([^,=!]+)$/.exec(selectors[0] ?? '')?.[1]
  const near = wanted === undefined ? undefined : nearest(wanted, names)
  return near === undefined ? undefined : `name=${near}`
}
