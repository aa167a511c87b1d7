import { basename, resolve } from 'node:path'
import { helmfileLockName } from '../supply/helmfile-lock.ts'
import { pinsPath } from '../supply/pins.ts'
import { localChartPath, preparedChartFolder } from './chart-path.ts'
import { checkChartUrl } from './check-chart-url.ts'
import { isConditionMet } from './condition.ts'
import { argumentsOf, checkArguments, type PassedArguments } from './helm-arguments.ts'
import type { LoadedFile } from './load-file.ts'
import { versionLocker } from './locked-version.ts'
import { isFetched } from './pins-file.ts'
import { releaseAlterations } from './release-alterations.ts'
import { releaseDocuments, withEmbeddedValues } from './release-documents.ts'
import { resolveRelease } from './release-expressions.ts'
import { needId, releaseId } from './release-id.ts'
import { releaseLayers } from './release-layers.ts'
import { checkOptions, optionsSignature, recordLabels, releaseOptions } from './release-options.ts'
import { textRenderer } from './render-text.ts'
import { environmentName, type StateRequest } from './request.ts'
import type { FileBase } from './resolve-file.ts'
import { type Choice, matchingReleases, plannedReleases } from './select-releases.ts'
import { type HookSpec, placeOfSpec, type ReleaseSpec, type RepositorySpec, type StateSpec, setPlace, whereOf } from './spec.ts'
import type { ChartSources, Release, ReleaseHook, ReleaseOptions, Repository, StateFile } from './state.ts'
import type { ReleaseSurroundings } from './template-data.ts'

/** A loaded file whose releases are resolved, and the selectors that hold for it. */
export interface ResolvedFile extends Choice {
  readonly file: LoadedFile
}

/**
 * A loaded file with its releases resolved.
 * @throws DiagnosticError for what is wrong in releases
 */
export function resolveStateFile(file: LoadedFile, request: StateRequest, selectors: readonly string[]): ResolvedFile {
  const { spec, base, values } = file
  const around = surroundings(file)
  const renderer = textRenderer(base.host, base.basePath)
  const resolved = (spec.releases ?? []).map((release) => withOverrides(spec, resolveRelease(spec, release, around, renderer)))
  const releases = (request.reverse ? resolved.toReversed() : resolved).map((release) => withLabels(spec, release))
  return { file, releases, selectors, values }
}

/**
 * The releases of one file, or of all where they are one graph, that a run works on.
 * @throws DiagnosticError for what is wrong in selectors, conditions and needs
 */
export function chooseReleases(files: readonly ResolvedFile[], request: StateRequest): ReadonlySet<ReleaseSpec> {
  if (request.selection !== 'matching') return new Set(plannedReleases(files, request))
  return new Set(files.flatMap((file) => matchingReleases(file, request.includeTransitiveNeeds ?? false)))
}

/**
 * A resolved file as it leaves here; `wanted` are those of all files that the run works on, in their order.
 * @throws DiagnosticError for what is wrong in options
 */
export function buildStateFile({ file, releases }: ResolvedFile, request: StateRequest, wanted: ReadonlySet<ReleaseSpec>): StateFile {
  const { spec, base, values } = file
  const around = surroundings(file)
  const own = new Set(releases)
  const chosen = [...wanted].filter((release) => own.has(release))
  const sources = chartSources(file)
  const shared: Shared = { file, around, request, passed: argumentsOf(spec, request), charts: new Map(), options: new Map(), sources }
  const lockedVersion = request.ignoreLocks ? undefined : versionLocker(base.host, sources)
  const build = (release: ReleaseSpec): Release => {
    if (!wanted.has(release)) return buildRelease(shared, release, false)
    return buildRelease(shared, withVersion(release, lockedVersion?.(release)), true)
  }
  const built = new Map(releases.map((release) => [release, build(release)]))
  if (request.selection !== 'matching') {
    warnOfNeeds(base, releases, chosen)
    checkArguments(shared.passed)
    for (const release of chosen) {
      checkOptions(spec, release)
      checkChartUrl(release)
    }
  }
  return {
    name: base.nameOf(base.filePath),
    baseDir: resolve(base.host.cwd, base.basePath),
    workingDir: base.host.cwd,
    environment: environmentName(request),
    kubeContext: spec.kubeContext || spec.helmDefaults?.kubeContext || file.environment.kubeContext || undefined,
    values,
    repositories: shared.sources.repositories,
    releases: [...built.values()],
    selected: chosen.map((release) => built.get(release) as Release),
    hooks: (spec.hooks ?? []).map(hookOf),
    filePath: base.filePath,
    spec,
    remote: base.remote,
    pinsFile: base.pinsFile,
    environmentLayers: file.environment,
  }
}

function withVersion(release: ReleaseSpec, version: string | undefined): ReleaseSpec {
  return version === undefined || version === release.version ? release : kept(release, { ...release, version })
}

/** A release that stays may need one that goes; that is odd, but nobody's error yet. */
function warnOfNeeds({ warn }: FileBase, releases: readonly ReleaseSpec[], chosen: readonly ReleaseSpec[]): void {
  const removed = new Set(releases.filter(({ installed }) => installed === false).map(releaseId))
  for (const release of chosen) {
    if (release.installed === false) continue
    for (const need of release.needs ?? []) {
      if (!removed.has(need)) continue
      const summary = `release ${release.name} needs ${need}, which is not installed due to installed: false`
      const hint = `install ${need}, or take it out of the needs of ${release.name}`
      warn({ code: 'state/need-not-installed', severity: 'warning', summary, hint, ...whereOf(release) })
    }
  }
}

function surroundings({ environment, values, spec }: LoadedFile): ReleaseSurroundings {
  return { environment, values, kubeContext: spec.kubeContext ?? '', namespace: spec.namespace ?? '', chart: spec.chart ?? '' }
}

function withOverrides({ kubeContext, namespace }: StateSpec, release: ReleaseSpec): ReleaseSpec {
  const moved = { ...release, ...(kubeContext ? { kubeContext } : {}), ...(namespace ? { namespace } : {}) }
  return kept(release, release.needs ? { ...moved, needs: release.needs.map((need) => needId(need, moved)) } : moved)
}

/** The release's own labels over those of the file, and the built-in ones over both. */
function withLabels({ commonLabels }: StateSpec, release: ReleaseSpec): ReleaseSpec {
  const labels = new Map([...(commonLabels ?? []), ...(release.labels ?? [])])
  labels.set('name', release.name ?? '')
  labels.set('namespace', release.namespace ?? '')
  labels.set('chart', (release.chart ?? '').split('/').at(-1) ?? '')
  return kept(release, { ...release, labels })
}

function kept(from: ReleaseSpec, to: ReleaseSpec): ReleaseSpec {
  const at = placeOfSpec(from)
  if (at) setPlace(to, at)
  return to
}

/** What all releases of a file have in common while they are built. */
interface Shared {
  readonly file: LoadedFile
  readonly around: ReleaseSurroundings
  readonly request: StateRequest
  readonly passed: PassedArguments
  readonly sources: ChartSources
  /** Charts looked for so far, by reference. */
  readonly charts: Map<string, ChartPlace>
  /** Options made so far, by what a release itself says of them. */
  readonly options: Map<string, ReleaseOptions>
}

function chartSources({ spec, base }: LoadedFile): ChartSources {
  const baseDir = resolve(base.host.cwd, base.basePath)
  const repositories = (spec.repositories ?? []).map(repositoryOf)
  const lockFile = resolve(baseDir, spec.lockFilePath || helmfileLockName(basename(base.filePath)))
  const around = isFetched(base.host, baseDir) && base.pinsFile !== undefined ? [base.pinsFile] : []
  return {
    baseDir,
    repositories,
    lockFile,
    pinsFiles: [...around, pinsPath(lockFile)],
    helmDefaults: spec.helmDefaults ?? {},
  }
}

interface ChartPlace {
  readonly path: string | undefined
  readonly prepared: string | undefined
}

function chartPlace({ file, charts }: Shared, chart: string): ChartPlace {
  const known = charts.get(chart)
  if (known) return known
  const place: ChartPlace = { path: localChartPath(file.base, chart), prepared: preparedChartFolder(file.base, chart) }
  charts.set(chart, place)
  return place
}

/** Releases that set the same have the same options: most of a large file have them from a template. */
function optionsOf({ file, request, passed, options }: Shared, spec: ReleaseSpec): ReleaseOptions {
  const signature = optionsSignature(spec)
  const known = options.get(signature) ?? releaseOptions(file.spec, passed, spec)
  options.set(signature, known)
  const labels = recordLabels(file.spec, spec, request.syncReleaseLabels ?? false)
  return labels ? { ...known, recordLabels: labels } : known
}

function buildRelease(shared: Shared, spec: ReleaseSpec, selected: boolean): Release {
  const { file, around, request } = shared
  const chart = spec.directory && !spec.chart ? spec.directory : (file.spec.chart ?? spec.chart ?? '')
  const place = chartPlace(shared, chart)
  const enabled = isConditionMet(spec, file.values)
  const documents = once(() => releaseDocuments(file, around, spec))
  return {
    id: releaseId(spec),
    name: spec.name ?? '',
    namespace: spec.namespace ?? '',
    kubeContext: spec.kubeContext || file.environment.kubeContext || undefined,
    chart,
    chartPath: place.path,
    preparedChart: enabled && isPrepared(spec) && place.prepared !== spec.chart ? place.prepared : undefined,
    version: spec.version || undefined,
    labels: Object.fromEntries(spec.labels ?? []),
    enabled,
    installed: spec.installed ?? true,
    selected,
    needs: spec.needs ?? [],
    options: optionsOf(shared, spec),
    hooks: (spec.hooks ?? []).map(hookOf),
    documents,
    embedded: () => withEmbeddedValues(file, around, spec),
    alterations: releaseAlterations(shared, spec, documents),
    layers: once(async () => releaseLayers(file, request, spec, await documents())),
    at: placeOfSpec(spec),
    sources: shared.sources,
    spec,
  }
}

/** `work`, done when first asked for and never again. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined
  return () => {
    result ??= work()
    return result
  }
}

/** Helmfile prepares charts of releases to install, but leaves those to be patched alone while it only prints. */
function isPrepared({ installed, jsonPatches = [], strategicMergePatches = [], transformers = [] }: ReleaseSpec): boolean {
  return installed !== false && jsonPatches.length + strategicMergePatches.length + transformers.length === 0
}

function repositoryOf(spec: RepositorySpec): Repository {
  const { name = '', url = '', oci = false, ...rest } = spec
  return { name, url, oci, ...rest }
}

function hookOf(spec: HookSpec): ReleaseHook {
  const { name = '', events = [], command = '', args = [], showlogs = false } = spec
  return { name: name || (spec.kubectlApply ? 'kubectlApply' : command), events, command, args, showLogs: showlogs, spec }
}
