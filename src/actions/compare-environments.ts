import { relative } from 'node:path'
import type { Host } from '../base/host.ts'
import { sameJson } from '../base/json.ts'
import type { KubeObject, ObjectRef } from '../kinds/kube-object.ts'
import type { ObjectChange } from '../plan/plan.ts'
import type { Both, Comparison, LockDifference, ReleaseComparison } from '../promote/comparison.ts'
import { type NameFolder, nameFolder } from '../promote/fold-names.ts'
import { pairFiles, pairReleases, type ReleasePair } from '../promote/pair-releases.ts'
import { environmentValues, releaseValuesOf } from '../promote/plan-promotion.ts'
import { type ValueDifference, valueDifferences } from '../promote/value-differences.ts'
import { loadState } from '../state/load-state.ts'
import type { StateRequest } from '../state/request.ts'
import type { Release, State } from '../state/state.ts'
import { readHelmfileLock } from '../supply/helmfile-lock.ts'
import { readPins } from '../supply/pins.ts'
import type { Clusters } from './clusters.ts'
import { type ReleaseChartOptions, releaseCharts } from './release-charts.ts'
import { type ReleaseStatusLine, releaseStatus } from './release-status.ts'
import { renderOffline } from './render-offline.ts'
import type { TemplateStateOptions } from './template-state.ts'

export type { Comparison } from '../promote/comparison.ts'

export interface CompareOptions extends Pick<TemplateStateOptions, 'helmCompat'> {
  readonly state: StateRequest
  readonly charts?: ReleaseChartOptions
  /** Absent: nobody is asked what is deployed. */
  readonly clusters?: Clusters
}

/**
 * In what the environment `target` differs from `source`: values, charts, locks, what they render, and what is deployed.
 *
 * @throws DiagnosticError of reading state files, rendering, and of an unreachable cluster
 */
export async function compareEnvironments(host: Host, source: string, target: string, options: CompareOptions): Promise<Comparison> {
  const load = (environment: string): Promise<State> => loadState(host, { ...options.state, environment, selection: 'matching' })
  const states = { source: await load(source), target: await load(target) }
  const folder = nameFolder(source, target)
  const values = pairFiles(states.source, states.target, folder).map(([from, to]) =>
    valueDifferences(environmentValues(from), environmentValues(to), folder),
  )
  const pairs = pairReleases(states.source, states.target, folder)
  const lines = options.clusters && {
    source: await statusById(host, states.source, options.clusters),
    target: await statusById(host, states.target, options.clusters),
  }
  const chartOf = releaseCharts(host, options.charts)
  const releases: (ReleaseComparison & { readonly folded: number })[] = []
  for (const pair of pairs) {
    const render = (release: Release | undefined): ReturnType<typeof renderOffline> | undefined =>
      release && renderOffline(host, release, chartOf, options)
    const rendered = { source: await render(pair.source), target: await render(pair.target) }
    releases.push(await comparedRelease(pair, rendered, folder, lines))
  }
  return {
    source,
    target,
    values: withoutRepeats(values.flatMap(({ differences }) => differences)),
    releases: releases.map(({ folded: _folded, ...release }) => release),
    locks: lockDifferences(host, pairs),
    folded: [...values, ...releases].reduce((total, { folded }) => total + folded, 0),
  }
}

/** Files that inherit an environment have its values too. */
function withoutRepeats(differences: readonly ValueDifference[]): readonly ValueDifference[] {
  return [...new Map(differences.map((difference) => [JSON.stringify(difference.path), difference])).values()]
}

async function statusById(host: Host, state: State, clusters: Clusters): Promise<ReadonlyMap<string, ReleaseStatusLine>> {
  return new Map((await releaseStatus(host, state, clusters)).map((line) => [line.id, line]))
}

function both<T, U>({ source, target }: Both<T>, of: (side: T) => U | undefined): Both<U> {
  const [a, b] = [source === undefined ? undefined : of(source), target === undefined ? undefined : of(target)]
  return { ...(a !== undefined && { source: a }), ...(b !== undefined && { target: b }) }
}

type OfflineRendering = Awaited<ReturnType<typeof renderOffline>>

async function comparedRelease(
  pair: ReleasePair,
  rendered: { readonly source: OfflineRendering | undefined; readonly target: OfflineRendering | undefined },
  folder: NameFolder,
  lines: { readonly source: ReadonlyMap<string, ReleaseStatusLine>; readonly target: ReadonlyMap<string, ReleaseStatusLine> } | undefined,
): Promise<ReleaseComparison & { readonly folded: number }> {
  const { source, target } = pair
  const values =
    source && target ? valueDifferences(await releaseValuesOf(source), await releaseValuesOf(target), folder) : { differences: [], folded: 0 }
  const objects = objectChanges(objectsOf(rendered.source), objectsOf(rendered.target), folder)
  const status = (of: 'source' | 'target', release: Release | undefined): ReleaseStatusLine | undefined => release && lines?.[of].get(release.id)
  const deployed = both({ source: status('source', source), target: status('target', target) } as Both<ReleaseStatusLine>, (line) => line)
  return {
    name: (source ?? target)?.name ?? '',
    namespace: both(pair, ({ namespace }) => namespace),
    kubeContext: both(pair, ({ kubeContext }) => kubeContext),
    chart: both(rendered as Both<OfflineRendering>, ({ chart }) => chart),
    values: values.differences,
    objects: objects.changes,
    folded: values.folded + objects.folded,
    ...(lines && { deployed }),
  }
}

interface Origined {
  readonly object: KubeObject
  readonly origin: ObjectChange['origin']
}

function objectsOf(rendering: OfflineRendering | undefined): readonly Origined[] {
  if (!rendering) return []
  const { crds, objects, hooks } = rendering.rendered
  const of = (origin: ObjectChange['origin'], list: readonly { readonly object: KubeObject }[]): Origined[] =>
    list.map(({ object }) => ({ object, origin }))
  return [...of('crd', crds), ...of('manifest', objects), ...of('hook', hooks)]
}

function objectChanges(
  source: readonly Origined[],
  target: readonly Origined[],
  folder: NameFolder,
): { readonly changes: readonly ObjectChange[]; readonly folded: number } {
  const left = [...source]
  let folded = 0
  const changes = target.flatMap(({ object, origin }): ObjectChange[] => {
    const index = left.findIndex((other) => isSameObject(other.object, object, folder))
    const [before] = index < 0 ? [] : left.splice(index, 1)
    if (!before) return [{ ...facts(object, origin), action: 'create', after: object }]
    const aligned = folder.aligned(before.object, object)
    folded += aligned.folded
    return sameJson(aligned.value, object) ? [] : [{ ...facts(object, origin), action: 'change', before: aligned.value as KubeObject, after: object }]
  })
  return {
    changes: [...changes, ...left.map(({ object, origin }): ObjectChange => ({ ...facts(object, origin), action: 'delete', before: object }))],
    folded,
  }
}

function isSameObject(a: KubeObject, b: KubeObject, { isSame }: NameFolder): boolean {
  const isAlike = isSame(a.metadata.name ?? '', b.metadata.name ?? '') && isSame(a.metadata.namespace ?? '', b.metadata.namespace ?? '')
  return a.kind === b.kind && a.apiVersion.split('/')[0] === b.apiVersion.split('/')[0] && isAlike
}

function facts(object: KubeObject, origin: ObjectChange['origin']): Pick<ObjectChange, 'ref' | 'origin' | 'secret' | 'notes'> {
  const { apiVersion, kind, metadata } = object
  const ref: ObjectRef = { apiVersion, kind, name: metadata.name ?? '', ...(metadata.namespace && { namespace: metadata.namespace }) }
  return { ref, origin, secret: kind === 'Secret', notes: [] }
}

function lockDifferences(host: Host, pairs: readonly ReleasePair[]): readonly LockDifference[] {
  const found = new Map<string, LockDifference>()
  for (const { source, target } of pairs) {
    const [from, to] = [source?.sources, target?.sources]
    if (!from || !to || from.lockFile === to.lockFile) continue
    const [before, after] = [lockedCharts(host, from), lockedCharts(host, to)]
    for (const name of new Set([...before.keys(), ...after.keys()])) {
      const [a, b] = [before.get(name), after.get(name)]
      const places = `${relative(host.cwd, from.lockFile)}, ${relative(host.cwd, to.lockFile)}: ${name}`
      if (a !== b) found.set(places, { name: places, ...(a !== undefined && { source: a }), ...(b !== undefined && { target: b }) })
    }
  }
  return [...found.values()]
}

type ChartSources = NonNullable<Release['sources']>

/** What the locks of a file say, by what was asked for. */
function lockedCharts(host: Host, { lockFile, pinsFiles }: ChartSources): ReadonlyMap<string, string> {
  const versions = (readHelmfileLock(host, lockFile) ?? []).map(({ name, repository, version }) => [`${repository} ${name}`, version] as const)
  const pins = pinsFiles.flatMap((path) => readPins(host, path) ?? [])
  const exact = pins.map(
    ({ source, wanted, pin }) =>
      [`${source} ${wanted}`.trim(), [pin.version, pin.digest ?? pin.manifest ?? pin.commit].filter(Boolean).join(' ')] as const,
  )
  return new Map([...versions, ...exact])
}
