import { basename, dirname, join, resolve } from 'node:path'
import { type DiagnosticError, failure, withNote } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { GoMap, GoValue } from '../go/values.ts'
import { type SecretReader, secretReader } from '../secrets/secret-reader.ts'
import { helmfileLockName } from '../supply/helmfile-lock.ts'
import { type PinnedSource, pinsPath, readPins } from '../supply/pins.ts'
import { openRemoteFiles, type RemoteFileSupply } from '../supply/remote-files.ts'
import { buildStateFile, chooseReleases, type ResolvedFile, resolveStateFile } from './build-state-file.ts'
import { type Environment, emptyEnvironment } from './environment.ts'
import { loadEnvironmentValues } from './environment-values.ts'
import { withFetchedSecrets } from './fetched-secrets.ts'
import { findStateFiles, STDIN } from './find-state-files.ts'
import { type InheritedConfig, inheritedConfig, mergeInherited } from './inherited-config.ts'
import { keysWithoutEffect } from './keys-without-effect.ts'
import { isNames, type LoadedFile, loadFile, nameFrom } from './load-file.ts'
import { noReleases, notePassedOver, noteUnknownEnvironment, type PassedOver, quoted } from './no-releases.ts'
import { pinsFileOf } from './pins-file.ts'
import { environmentName, type StateRequest } from './request.ts'
import { type FileBase, fetchingOf, isRemotePath } from './resolve-file.ts'
import { withSecretLog } from './secret-log.ts'
import { areCompatible } from './selectors.ts'
import { type NestedSpec, type StateSpec, whereOf } from './spec.ts'
import type { State, StateFile } from './state.ts'
import { parseStateValuesOptions } from './state-values-options.ts'
import { hostIn } from './working-folder.ts'
import { roundTripped } from './yaml-text.ts'

/*
 * State files. In: what a person asks for (`StateRequest`) and files read through the host. Out: `State`, every file with its
 * releases resolved for one environment; values files are read when a release's `layers()` are asked for. What must stay true:
 * the same files and options mean what they mean to Helmfile 1.8, and nothing is read that is not needed.
 */

/**
 * Everything that `request` asks for, nested files before the file that names them.
 * @throws DiagnosticError `state/no-releases` when nothing is chosen, and what is wrong in the files
 */
export async function loadState(host: Host, request: StateRequest = {}): Promise<State> {
  return visitState(host, request, () => {})
}

/**
 * As `loadState`, calling `visit` for each file as soon as it is resolved: what is printed file by file is out before a later
 * file fails.
 */
export async function visitState(machine: Host, request: StateRequest, visit: (file: StateFile) => void | Promise<void>): Promise<State> {
  const host = withSecretLog(machine, request.onSecrets)
  const files: StateFile[] = []
  const run: Run = {
    host,
    request,
    accept: async (file) => {
      files.push(file)
      await visit(file)
    },
    passedOver: { notes: [], names: new Set(), environments: new Set() },
    waiting: [],
    secrets: secretReader(host),
    remote: openRemoteFiles(host, {
      ...(request.locked && { locked: true }),
      ...(request.skipRefresh && { offline: true }),
      settings: async () => ({ ...(await request.remoteSettings?.()), ...(request.ignoreLocks && { locked: false }) }),
    }),
  }
  const remote = request.file && isRemotePath(request.file) ? await run.remote.seenFrom(() => []).fetch(request.file) : request.file
  const found = await visitPath(run, host.cwd, remote, {
    selectors: request.selectors ?? [],
    values: request.stateValuesFiles,
    overrides: commandLineValues(request),
    caller: undefined,
    config: undefined,
    parents: [],
    pinsFile: undefined,
  })
  const foundInGraph = await buildWaiting(run)
  // Only what compares or writes releases asks for syncArgs.
  if (request.syncArgs !== undefined) for (const warning of keysWithoutEffect(files)) request.warn?.(warning)
  if (!found && !foundInGraph && !request.allowNoMatchingRelease) throw noReleases(request, run.passedOver)
  return { files }
}

function isOneOfSeveral({ basePath }: FileBase, { spec }: LoadedFile, { parents }: Caller): boolean {
  return parents.length > 0 || basePath !== '.' || (spec.helmfiles?.length ?? 0) > 0
}

async function isOneGraph({ oneGraph = false }: StateRequest): Promise<boolean> {
  return typeof oneGraph === 'function' ? oneGraph() : oneGraph
}

/** Chooses from all files that were waiting; true when there are releases to work on. */
async function buildWaiting({ request, waiting, accept, passedOver }: Run): Promise<boolean> {
  if (waiting.length === 0) return false
  const wanted = chooseReleases(waiting, request)
  for (const resolved of waiting) {
    const built = buildStateFile(resolved, request, wanted)
    await accept(built)
    if (built.selected.length === 0) notePassedOver(passedOver, built, resolved.selectors)
  }
  return wanted.size > 0
}

/** What stays the same while files are visited. */
interface Run {
  readonly host: Host
  readonly request: StateRequest
  readonly accept: (file: StateFile) => Promise<void>
  /** Files whose releases are chosen once all files are there: the parts of one graph. */
  readonly waiting: ResolvedFile[]
  /** Why files gave nothing. */
  readonly passedOver: PassedOver
  readonly secrets: SecretReader
  readonly remote: RemoteFileSupply
}

/** What whoever names a path says about it: the command line or a parent's entry. */
interface Caller {
  readonly selectors: readonly string[]
  readonly values: readonly GoValue[] | undefined
  readonly overrides: GoMap | undefined
  /** The parent's file (absolute), whose folder `values` are relative to; undefined for the command line. */
  readonly caller: string | undefined
  readonly config: InheritedConfig | undefined
  /** The files around this one (absolute), outermost first. */
  readonly parents: readonly string[]
  /** Flotilla's lock of the file around this one. */
  readonly pinsFile: string | undefined
}

function commandLineValues({ stateValuesSet = [], stateValuesSetString = [] }: StateRequest): GoMap | undefined {
  const values = parseStateValuesOptions(stateValuesSet, stateValuesSetString)
  return values.size > 0 ? values : undefined
}

/** How deep state files may nest: those that name one another would never end. */
const MAX_NESTING = 50

function tooDeep({ host }: Run, file: LoadedFile, { parents }: Caller): DiagnosticError {
  const names = parents.slice(-4).map((path) => nameFrom(host.cwd, host.cwd, path))
  const summary = `state files nest deeper than ${MAX_NESTING}: … -> ${[...names, file.base.nameOf(file.base.filePath)].join(' -> ')}`
  return failure('state/nested-cycle', summary, { hint: 'take one of them out of the helmfiles of the next' })
}

/** Works on all files of `path`, seen from `cwd`; true when one of them, or a nested one, has releases to work on. */
async function visitPath(run: Run, cwd: string, path: string | undefined, caller: Caller): Promise<boolean> {
  const found = findStateFiles(hostIn(run.host, cwd).fs, path)
  const files = run.request.reverse ? found.toReversed() : found
  let any = false
  for (const file of files) {
    try {
      if (await visitFile(run, fileBase(run, cwd, { file, isOneOfMany: files.length > 1, pinsFile: caller.pinsFile }), caller)) any = true
    } catch (error) {
      throw withNote(error, { text: `in ${nameFrom(run.host.cwd, cwd, file)}` })
    }
  }
  return any
}

/** A lone file is worked on in its own folder; several are named by absolute paths and the folder stays. */
function fileBase({ host, request, secrets, remote }: Run, cwd: string, { file, isOneOfMany, pinsFile: around }: FoundFile): FileBase {
  const folder = resolve(cwd, dirname(file))
  const path = join(folder, basename(file))
  const pinsFile = pinsFileOf(host, path, around)
  const workingHost = hostIn(host, isOneOfMany ? cwd : folder)
  return {
    host: workingHost,
    basePath: isOneOfMany ? folder : '.',
    filePath: isOneOfMany ? path : basename(file),
    nameOf: (path) => (path === STDIN ? 'standard input' : nameFrom(host.cwd, workingHost.cwd, path)),
    warn: request.warn ?? (() => {}),
    secrets,
    clusterData: request.clusterData,
    remote: remote.seenFrom(lockedFiles(host, request, [pinsFile, pinsPath(join(folder, helmfileLockName(file)))])),
    pinsFile,
  }
}

interface FoundFile {
  readonly file: string
  readonly isOneOfMany: boolean
  readonly pinsFile: string | undefined
}

/** What locks say of remote files: the first that knows one decides. */
function lockedFiles(host: Host, { ignoreLocks }: StateRequest, locks: readonly (string | undefined)[]): () => readonly PinnedSource[] {
  let known: readonly PinnedSource[] | undefined
  return () => {
    known ??= ignoreLocks ? [] : [...new Set(locks)].flatMap((path) => (path === undefined ? [] : (readPins(host, path) ?? [])))
    return known
  }
}

async function visitFile(run: Run, base: FileBase, caller: Caller): Promise<boolean> {
  const { request } = run
  const loaded = await loadFile({ base, request, inherited: caller.config?.environment, overrides: await overridesOf(request, base, caller) })
  if (isNames(loaded)) {
    noteUnknownEnvironment(run.passedOver, request, base.nameOf(base.filePath), loaded)
    return false
  }
  const file = { ...loaded, spec: withCommandLine(mergeInherited(loaded.spec, caller.config), request) }
  const visitOwn = async (): Promise<boolean> => {
    const resolved = await withFetchedSecrets(fetchingOf(base), () => resolveStateFile(file, request, caller.selectors))
    if (isOneOfSeveral(base, file, caller) && (await isOneGraph(request))) {
      run.waiting.push(resolved)
      return false
    }
    const built = buildStateFile(resolved, request, chooseReleases([resolved], request))
    await run.accept(built)
    if (built.selected.length === 0) notePassedOver(run.passedOver, built, caller.selectors)
    return built.selected.length > 0
  }
  const first = request.reverse ? await visitOwn() : await visitNested(run, file, caller)
  const second = request.reverse ? await visitNested(run, file, caller) : await visitOwn()
  return first || second
}

async function overridesOf(request: StateRequest, base: FileBase, caller: Caller): Promise<Environment | undefined> {
  const hasValues = (caller.values?.length ?? 0) > 0
  if (!hasValues && !caller.overrides) return undefined
  const name = environmentName(request)
  const callerFile = caller.caller ?? basename(base.filePath)
  const callerBase: FileBase = { ...base, basePath: dirname(callerFile), filePath: callerFile }
  const entries = (caller.values ?? []).map(roundTripped)
  const values = hasValues
    ? await loadEnvironmentValues(callerBase, {
        entries,
        environment: emptyEnvironment(name),
        environmentName: name,
        given: caller.caller === undefined,
      })
    : { tree: new Map(), layers: [] }
  return {
    ...emptyEnvironment(name),
    values: values.tree,
    overrides: caller.overrides ?? new Map(),
    layers: { defaults: [], values: values.layers },
  }
}

/** `--kube-context`, `--namespace` and `--chart` take the place of the root keys, which may not be there then. */
function withCommandLine(spec: StateSpec, { kubeContext, namespace, chart }: StateRequest): StateSpec {
  const given = { kubeContext, namespace, chart }
  const options = { kubeContext: '--kube-context', namespace: '--namespace', chart: '--chart' } as const
  for (const key of ['kubeContext', 'namespace', 'chart'] as const) {
    if (!given[key] || !spec[key]) continue
    throw failure('state/conflicting-option', `Cannot use option ${options[key]} and set attribute ${key}.`, whereOf(spec))
  }
  return {
    ...spec,
    ...(kubeContext ? { kubeContext, helmDefaults: { ...spec.helmDefaults, kubeContext } } : {}),
    ...(namespace ? { namespace } : {}),
    ...(chart ? { chart } : {}),
  }
}

async function visitNested(run: Run, file: LoadedFile, caller: Caller): Promise<boolean> {
  let any = false
  const nested = file.spec.helmfiles ?? []
  if (nested.length > 0 && caller.parents.length >= MAX_NESTING) throw tooDeep(run, file, caller)
  for (const [i, entry] of (run.request.reverse ? nested.toReversed() : nested).entries()) {
    if (isContradicted(run.request, entry)) {
      run.passedOver.notes.push({ text: `${entry.path ?? ''} is left out, for it stands under ${quoted(entry.selectors ?? [])}`, ...whereOf(entry) })
      continue
    }
    try {
      const path = entry.path && isRemotePath(entry.path) ? await file.base.remote.fetch(entry.path) : entry.path
      if (await visitPath(run, file.base.host.cwd, path, callerFor(run.host, file, entry, caller))) any = true
    } catch (error) {
      throw withNote(error, { text: `in .helmfiles[${i}]`, ...whereOf(entry) })
    }
  }
  return any
}

function isContradicted({ selectors = [] }: StateRequest, { selectors: own = [], selectorsInherited }: NestedSpec): boolean {
  return !selectorsInherited && !areCompatible(selectors, own)
}

function callerFor(host: Host, file: LoadedFile, entry: NestedSpec, caller: Caller): Caller {
  const isInheriting = (entry.selectors === undefined && !isExplicitInheritance(host)) || entry.selectorsInherited
  const path = resolve(file.base.host.cwd, file.base.filePath)
  const config = entry.inherits && entry.inherits.length > 0 ? inheritedConfig(file, entry.inherits) : undefined
  return {
    selectors: isInheriting ? caller.selectors : (entry.selectors ?? []),
    values: entry.values,
    overrides: undefined,
    caller: path,
    config,
    parents: [...caller.parents, path],
    pinsFile: file.base.pinsFile,
  }
}

function isExplicitInheritance({ env }: Host): boolean {
  const experimental = env['HELMFILE_EXPERIMENTAL'] ?? ''
  return experimental === 'true' || experimental.includes('explicit-selector-inheritance')
}
