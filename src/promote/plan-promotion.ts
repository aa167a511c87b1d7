import { dirname, join } from 'node:path'
import { concealer } from '../base/conceal.ts'
import type { Host } from '../base/host.ts'
import { toPlain } from '../go/plain.ts'
import type { GoValue } from '../go/values.ts'
import { layersOf } from '../state/environment.ts'
import { loadState } from '../state/load-state.ts'
import { isFetched } from '../state/pins-file.ts'
import type { StateRequest } from '../state/request.ts'
import type { Release, State, StateFile } from '../state/state.ts'
import { mergeLayers } from '../values/merge-layers.ts'
import { writeValue } from './apply-promotion.ts'
import { type ByHand, destinationOf, listIn, type Sides } from './destination.ts'
import { FileEdits } from './file-edits.ts'
import { type NameFolder, nameFolder } from './fold-names.ts'
import { pairFiles, pairReleases } from './pair-releases.ts'
import { matchesPath, parsePathPattern, pathText } from './path-pattern.ts'
import { promoteLocks } from './promote-locks.ts'
import { promoteVersion } from './promote-version.ts'
import type { LeftValue, Owner, PromotedValue, Promotion } from './promotion.ts'
import { type LayeredValues, type ValueDifference, valueDifferences } from './value-differences.ts'

/*
 * Promotion. In: two environments of the same state files, patterns for the values that travel. Out: the texts of the files that
 * define them for the target, with the source's values in them. What must stay true: a value counts as promoted only when the
 * state files, read again with these texts, give it; nothing is written here.
 */

/** Which environments, and what of them. */
export interface PromotionRequest {
  readonly source: string
  readonly target: string
  /** Patterns of paths of values, as `parsePathPattern` reads them. */
  readonly keys: readonly string[]
  /** All that holds for both environments; selectors choose releases. */
  readonly state: Omit<StateRequest, 'environment'>
}

/** A difference, whose it is, and both environments' values around it. */
interface Candidate {
  readonly owner: Owner
  readonly difference: ValueDifference
  readonly sides: Sides
}

/** What stays the same during one promotion. */
interface Run {
  readonly host: Host
  readonly request: PromotionRequest
  readonly folder: NameFolder
  readonly source: State
  readonly isWanted: (difference: ValueDifference) => boolean
  /** Whether a value holds something that was secret in one of the files read so far. */
  readonly isSecret: (value: GoValue) => boolean
}

/**
 * What has to be written so that the target has the source's promotable values, chart versions and locked charts.
 *
 * @throws DiagnosticError as `loadState`, and what reading values throws
 */
export async function planPromotion(host: Host, given: PromotionRequest): Promise<Promotion> {
  const secrets = new Set<string>()
  const onSecrets = (values: readonly string[]): void => {
    for (const value of values) secrets.add(value)
    given.state.onSecrets?.(values)
  }
  const request = { ...given, state: { ...given.state, onSecrets } }
  const patterns = request.keys.map(parsePathPattern)
  const run: Run = {
    host,
    request,
    folder: nameFolder(request.source, request.target),
    source: await load(host, request, request.source),
    isSecret: (value) => {
      const text = typeof value === 'string' ? value : JSON.stringify(toPlain(value))
      return secrets.has(text) || concealer(secrets, () => '')(text) !== text
    },
    isWanted: ({ path, source }) => source !== undefined && patterns.some((pattern) => matchesPath(pattern, path)),
  }
  // A value that something above it overrides does not arrive: it is left, and all others are written again without it.
  const vain = new Set<string>()
  for (;;) {
    const attempt = await promoteOnce(run, vain)
    const missed = await notArrived(run, attempt)
    if (missed.length === 0) return attempt
    for (const value of missed) vain.add(keyOf(value))
  }
}

function load(host: Host, { state }: PromotionRequest, environment: string): Promise<State> {
  return loadState(host, { ...state, environment, selection: 'matching' })
}

function keyOf({ owner, path }: Pick<PromotedValue, 'owner' | 'path'>): string {
  return `${owner.kind === 'release' ? owner.id : ''}\n${pathText(path)}`
}

async function promoteOnce(run: Run, vain: ReadonlySet<string>): Promise<Promotion> {
  const { host, request } = run
  const edits = new FileEdits(host)
  const values: PromotedValue[] = []
  const { isSecret } = run
  const left: LeftValue[] = []
  const first = await load(host, request, request.target)
  const environment = await environmentCandidates(run, first)
  promoteValues(await concerning(run, first, environment), { edits, values, left, vain, isSecret })
  const second = await load(edits.host(), request, request.target)
  promoteValues(await releaseCandidates(run, second), { edits, values, left, vain, isSecret })
  const locks = promoteLocks(host, edits, pairReleases(run.source, second, run.folder), request.target)
  left.push(...locks)
  const third = await load(edits.host(), request, request.target)
  for (const pair of pairReleases(run.source, third, run.folder)) {
    // Without its lock the target has no exact versions that could be compared.
    const hasLocks = locks.length === 0 || pair.source?.sources?.lockFile === pair.target?.sources?.lockFile
    if (hasLocks) left.push(...promoteVersion(edits, pair, (path) => isFetched(host, path)))
  }
  return { source: request.source, target: request.target, values, left, edits }
}

interface Book {
  readonly edits: FileEdits
  readonly values: PromotedValue[]
  readonly left: LeftValue[]
  readonly vain: ReadonlySet<string>
  readonly isSecret: Run['isSecret']
}

type Concerning = Candidate & { readonly alsoChanges?: readonly string[] }

/** Writes what can be written. What was refused is tried again as long as others are written: an anchor may have lost those it was shared with. */
function promoteValues(candidates: readonly Concerning[], book: Book): void {
  let open = candidates
  for (;;) {
    const refused = open.map((candidate) => [candidate, promoteValue(candidate, book)] as const).filter(([, why]) => why !== undefined)
    if (refused.length > 0 && refused.length < open.length) {
      open = refused.map(([candidate]) => candidate)
      continue
    }
    for (const [{ owner, difference }, why] of refused) if (why) book.left.push({ owner, what: 'value', path: difference.path, ...why })
    return
  }
}

/** Why the value is not written; undefined once it is. */
function promoteValue({ owner, difference, sides, alsoChanges = [] }: Concerning, { edits, values, vain, isSecret }: Book): ByHand | undefined {
  const { path, source, target } = difference
  if (!source) return undefined
  if (source.layer?.secret || isSecret(source.value))
    return { reason: 'the source has it from a secret', todo: "encrypt the target's own value", ...(source.at && { at: source.at }) }
  const destination = destinationOf(difference, sides)
  if ('reason' in destination) return destination
  const at = target?.at ? { at: target.at } : {}
  if (vain.has(keyOf({ owner, path })))
    return { reason: `set in ${destination.layer} it would not count`, todo: 'look for what is laid over it', ...at }
  const refused = writeValue(edits, destination, path, source.value)
  if (refused) return refused
  values.push({ owner, path, from: target?.value, to: source.value, file: destination.layer, alsoChanges })
  return undefined
}

async function environmentCandidates({ source, folder, isWanted, host, request }: Run, target: State): Promise<readonly Candidate[]> {
  const seen = new Set<string>()
  return pairFiles(source, target, folder).flatMap(([from, to]) => {
    const sides = sidesOf(host, environmentValues(from), environmentValues(to), newEnvironmentFile(to, request.target))
    const { differences } = valueDifferences(sides.source, sides.target, folder)
    return differences
      .filter((difference) => isWanted(difference) && hasPlace(difference, sides))
      .flatMap((difference): Candidate[] => {
        // Files that inherit an environment have its values too.
        const key = pathText(difference.path)
        const isNew = !seen.has(key)
        seen.add(key)
        return isNew ? [{ owner: { kind: 'environment' }, difference, sides }] : []
      })
  })
}

/** Items of lists that the target has not are no versions of something there. */
function hasPlace({ path, target }: ValueDifference, { source }: Sides): boolean {
  return target !== undefined || listIn(source.tree, path) === undefined
}

/** The values of an environment and their layers. */
export function environmentValues({ values, environmentLayers }: StateFile): LayeredValues {
  return { tree: values, layers: layersOf(environmentLayers) }
}

/** What a release's values are merged from, without the chart's own. */
export async function releaseValuesOf(release: Release): Promise<LayeredValues> {
  const layers = await release.layers()
  return { tree: mergeLayers(layers).tree, layers }
}

function sidesOf(host: Host, source: LayeredValues, target: LayeredValues, newFile: Sides['newFile']): Sides {
  return { source, target, newFile, isFetched: (path) => isFetched(host, path) }
}

function newEnvironmentFile({ environmentLayers: { layers } }: StateFile, environment: string): Sides['newFile'] {
  const near = layers.values.findLast(({ file }) => file?.form === 'plain')?.name
  return { name: near ? join(dirname(near), `${environment}.yaml`) : `environments/${environment}.yaml`, under: `environments.${environment}.values` }
}

/** With selectors: the values of the environment that selected releases get something from, and which others get it too. */
async function concerning(run: Run, target: State, candidates: readonly Candidate[]): Promise<readonly Concerning[]> {
  const { host, request } = run
  if ((request.state.selectors ?? []).length === 0 || candidates.length === 0) return candidates
  const everything = { ...request, state: { ...request.state, selectors: [], allowNoMatchingRelease: true } }
  const selected = new Set(target.files.flatMap((file) => file.selected.map(({ id }) => id)))
  const before = await fingerprints(await load(host, everything, request.target))
  const chosen: (Candidate & { readonly alsoChanges: readonly string[] })[] = []
  for (const candidate of candidates) {
    const edits = new FileEdits(host)
    const { path, source } = candidate.difference
    const destination = destinationOf(candidate.difference, candidate.sides)
    if (
      !source ||
      source.layer?.secret ||
      run.isSecret(source.value) ||
      'reason' in destination ||
      writeValue(edits, destination, path, source.value)
    )
      continue
    const after = await fingerprints(await load(edits.host(), everything, request.target))
    const changed = [...after].filter(([id, text]) => before.get(id) !== text).map(([id]) => id)
    if (changed.some((id) => selected.has(id))) chosen.push({ ...candidate, alsoChanges: changed.filter((id) => !selected.has(id)) })
  }
  return chosen
}

/** What tells whether a release gets something else, by id. */
async function fingerprints(state: State): Promise<ReadonlyMap<string, string>> {
  const releases = state.files.flatMap(({ selected }) => selected)
  return new Map(
    await Promise.all(
      releases.map(async (release) => {
        const { tree } = await releaseValuesOf(release)
        return [release.id, JSON.stringify([toPlain(tree), release.version, release.enabled, release.installed])] as const
      }),
    ),
  )
}

async function releaseCandidates({ source, folder, isWanted, host }: Run, target: State): Promise<readonly Candidate[]> {
  const candidates: Candidate[] = []
  for (const { source: from, target: to } of pairReleases(source, target, folder)) {
    if (!from || !to) continue
    const newFile = { name: `values/${target.files[0]?.environment}/${to.name}.yaml`, under: `the values of release ${to.name}` }
    const sides = sidesOf(host, await releaseValuesOf(from), await releaseValuesOf(to), newFile)
    const { differences } = valueDifferences(sides.source, sides.target, folder)
    const wanted = differences.filter((difference) => isWanted(difference) && hasPlace(difference, sides))
    for (const difference of wanted) candidates.push({ owner: { kind: 'release', id: to.id }, difference, sides })
  }
  return candidates
}

/** Values that were written and that the target still has otherwise. */
async function notArrived(run: Run, { values, edits }: Promotion): Promise<readonly PromotedValue[]> {
  if (values.length === 0) return []
  const target = await load(edits.host(), run.request, run.request.target)
  const open = [...(await environmentCandidates(run, target)), ...(await releaseCandidates(run, target))]
  const keys = new Set(open.map(({ owner, difference }) => keyOf({ owner, path: difference.path })))
  return values.filter((value) => keys.has(keyOf(value)))
}
