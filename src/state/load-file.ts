import { basename, extname, relative, resolve } from 'node:path'
import { DiagnosticError, failure, withNote } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { Source } from '../base/source.ts'
import type { GoMap } from '../go/values.ts'
import { mergeMaps, overrideMaps } from '../values/merge-maps.ts'
import { decodeSpec } from './decode-spec.ts'
import { type Environment, emptyEnvironment, mergedValues, mergeEnvironments, stacked } from './environment.ts'
import { decryptEnvironmentSecrets } from './environment-secrets.ts'
import { type LoadedValues, loadEnvironmentValues } from './environment-values.ts'
import { withFetchedSecrets } from './fetched-secrets.ts'
import { STDIN } from './find-state-files.ts'
import { stateShape } from './known-keys.ts'
import { type MergeRule, mergeSpec } from './merge-spec.ts'
import { textRenderer } from './render-text.ts'
import { DEFAULT_ENVIRONMENT, environmentName, type StateRequest } from './request.ts'
import { expandPaths, type FileBase, fetchingOf, isRemotePath } from './resolve-file.ts'
import { type EnvironmentSpec, type NestedSpec, placeOfSpec, type StateSpec, whereOf } from './spec.ts'
import { stateTemplateData } from './template-data.ts'
import { checkTopLevelKeys } from './top-level-keys.ts'
import { joinPath } from './working-folder.ts'
import { parseText } from './yaml-text.ts'

/** A state file with all its parts and bases merged, before releases are resolved. */
export interface LoadedFile {
  readonly spec: StateSpec
  readonly environment: Environment
  /** `.Values` of what comes after. */
  readonly values: GoMap
  readonly base: FileBase
}

/** What one file is loaded with. */
export interface LoadOptions {
  readonly base: FileBase
  readonly request: StateRequest
  /** The parent's environment, when the entry inherits it. */
  readonly inherited?: Environment | undefined
  /** Values given from outside: command line, parent's entry. */
  readonly overrides?: Environment | undefined
}

const OVERRIDE: MergeRule = { override: true, lists: 'replace' }
const APPEND: MergeRule = { override: true, lists: 'append' }

/**
 * The state file of `options.base`, its parts rendered one after the other, each with the values of those before it; the names
 * of the environments it knows when the one asked for is not among them.
 * @throws DiagnosticError `state/*` for what is wrong in the file, and what templates and YAML throw
 * Source: Helmfile 1.8 pkg/app/desired_state_file_loader.go, pkg/state/create.go
 */
export async function loadFile(options: LoadOptions): Promise<LoadedFile | readonly string[]> {
  const { base, request, inherited, overrides } = options
  const loaded = await loadParts(options, base.filePath, inherited, overrides, false)
  if (isNames(loaded)) return loaded
  const { spec, environment } = loaded
  const isKnown = (spec.environments?.size ?? 0) > 0 || inherited || overrides || environment.name === DEFAULT_ENVIRONMENT
  if (!isKnown) return []
  checkNested(base, spec)
  checkUpdateStrategy(spec)
  return { ...loaded, spec: withBinaries(spec, request), environment: { ...environment, name: environment.name || environmentName(request) } }
}

/** True for the environments that a file knows, in place of the file. */
export function isNames(loaded: LoadedFile | readonly string[]): loaded is readonly string[] {
  return Array.isArray(loaded)
}

function withBinaries(spec: StateSpec, { helmBinary, kustomizeBinary }: StateRequest): StateSpec {
  return {
    ...spec,
    helmBinary: helmBinary || spec.helmBinary || 'helm',
    kustomizeBinary: kustomizeBinary || spec.kustomizeBinary || 'kustomize',
  }
}

function checkNested(base: FileBase, spec: StateSpec): void {
  for (const [i, nested] of (spec.helmfiles ?? []).entries()) {
    const where = whereOf(nested)
    if (nested.path === base.filePath)
      throw failure('state/nested-cycle', `${base.filePath} contains a recursion into the same sub-helmfile at helmfiles[${i}]`, where)
    if (nested.path === '.')
      throw failure(
        'state/nested-cycle',
        `${base.filePath} contains a recursion into the directory containing this helmfile at helmfiles[${i}]`,
        where,
      )
  }
}

function checkUpdateStrategy(spec: StateSpec): void {
  for (const release of spec.releases ?? []) {
    const strategy = release.updateStrategy ?? ''
    if (strategy !== '' && strategy !== 'reinstallIfForbidden')
      throw failure(
        'state/bad-update-strategy',
        `updateStrategy "${strategy}" is invalid, valid values are: reinstallIfForbidden or not set`,
        whereOf(release),
      )
  }
}

/** One part or the parts so far. */
interface Part {
  readonly spec: StateSpec
  readonly environment: Environment
  readonly values: GoMap
}

async function loadParts(
  options: LoadOptions,
  file: string,
  inherited: Environment | undefined,
  overrides: Environment | undefined,
  isBase: boolean,
): Promise<LoadedFile | readonly string[]> {
  const { base } = options
  const source: Source = { name: base.nameOf(file), text: readState(options, file).replaceAll('\r\n', '\n') }
  checkTopLevelKeys(source)
  let merged: Part | undefined
  let environment = inherited
  for (const part of partsOf(source)) {
    const text = isTemplateFile(base.host, file) ? await renderPart(options, part, environment, overrides) : part
    const current = await loadPart(options, text, mergeEnvironments(environment, overrides), isBase)
    merged = merged ? { ...current, spec: mergeSpec(stateShape, merged.spec, current.spec, OVERRIDE) } : current
    environment = merged.environment
    const known = merged.spec.environments
    if (!isBase && known && known.size > 0 && environment.name !== DEFAULT_ENVIRONMENT && !known.has(environment.name)) return [...known.keys()]
  }
  return merged ? { ...merged, base } : []
}

function readState({ base, request }: LoadOptions, file: string): string {
  if (basename(file) === STDIN && base.filePath === file) return request.stdin?.() ?? ''
  if (base.host.fs.stat(file)?.kind !== 'file') {
    throw failure('state/missing-base', `open ${file}: no such file or directory`, {
      hint: 'bases are looked for from the folder of the file that names them',
    })
  }
  return base.host.fs.readText(file)
}

function isTemplateFile(host: Host, file: string): boolean {
  return extname(file) === '.gotmpl' || host.env['HELMFILE_RENDER_YAML'] === 'true'
}

const PART_END = '\n---\n'

/** The parts of a file, each with as many line breaks before it as keep its lines' numbers. */
function partsOf(source: Source): readonly Source[] {
  let lines = 0
  return source.text.split(PART_END).map((text) => {
    const part = { name: source.name, text: '\n'.repeat(lines) + text }
    lines += text.split('\n').length + 1
    return part
  })
}

async function renderPart(
  { base, request }: LoadOptions,
  part: Source,
  inherited: Environment | undefined,
  overrides: Environment | undefined,
): Promise<Source> {
  const environment = mergeEnvironments(inherited, overrides) ?? emptyEnvironment(environmentName(request))
  const data = stateTemplateData(environment, request.namespace ?? '', mergedValues(environment))
  try {
    return await withFetchedSecrets(fetchingOf(base), () => textRenderer(base.host, base.basePath).renderSource(part, data))
  } catch (error) {
    throw withNote(error, { text: `rendering ${part.name}` })
  }
}

async function loadPart(options: LoadOptions, part: Source, surrounding: Environment | undefined, isBase: boolean): Promise<Part> {
  const own = parsePart(part)
  if (isBase && own.bases && own.bases.length > 0) {
    throw failure('state/nested-bases', 'nested `base` helmfile is unsupported', {
      ...whereOf(own.bases),
      hint: 'name the base in the state file itself',
    })
  }
  const spec = isBase ? own : await withBases(options, own, surrounding)
  const environment = await loadEnvironment(options, spec, surrounding)
  return { spec: withExpandedNested(options.base, spec), environment, values: mergedValues(environment) }
}

function parsePart(part: Source): StateSpec {
  let spec: StateSpec = {}
  for (const { root } of parseText(part)) {
    if (!root) continue
    const { value, diagnostics } = decodeSpec(stateShape, root)
    if (diagnostics.length > 0) throw new DiagnosticError(diagnostics.map((d) => withRenderingHint(d, part)))
    spec = mergeSpec(stateShape, spec, (value ?? {}) as StateSpec, APPEND)
  }
  return spec
}

function withRenderingHint<T extends { readonly hint?: string }>(diagnostic: T, part: Source): T {
  const isPlain = !part.name.includes('.gotmpl') && part.text.includes('{{')
  return isPlain && !diagnostic.hint
    ? { ...diagnostic, hint: 'a state file with template expressions needs a name that ends in .gotmpl' }
    : diagnostic
}

async function withBases(options: LoadOptions, own: StateSpec, surrounding: Environment | undefined): Promise<StateSpec> {
  let merged: StateSpec = {}
  for (const path of own.bases ?? []) {
    const file = isRemotePath(path) ? await options.base.remote.fetch(path) : joinPath(options.base.basePath, path)
    const loaded = await loadParts(options, file, surrounding, undefined, true)
    if (!isNames(loaded)) merged = mergeLayer(merged, loaded.spec)
  }
  return own.bases && own.bases.length > 0 ? mergeLayer(merged, own) : own
}

/** Bases merge list by list, and environment by environment. */
function mergeLayer(lower: StateSpec, upper: StateSpec): StateSpec {
  const { environments, ...rest } = mergeSpec(stateShape, lower, { ...upper, environments: new Map() }, APPEND)
  const merged = new Map(environments)
  for (const [name, spec] of upper.environments ?? []) merged.set(name, merged.has(name) ? mergeEnvironmentSpecs(merged.get(name) ?? {}, spec) : spec)
  return merged.size > 0 ? { ...rest, environments: merged } : rest
}

function mergeEnvironmentSpecs(lower: EnvironmentSpec, upper: EnvironmentSpec): EnvironmentSpec {
  const mergeStrategy = upper.mergeStrategy || lower.mergeStrategy
  const [first, second] = mergeStrategy === 'fallback' ? [upper, lower] : [lower, upper]
  const values = [...(first.values ?? []), ...(second.values ?? [])]
  const secrets = [...(lower.secrets ?? []), ...(upper.secrets ?? [])]
  const { values: _values, secrets: _secrets, mergeStrategy: _strategy, ...rest } = { ...lower, ...upper }
  return {
    ...rest,
    ...(values.length > 0 ? { values } : {}),
    ...(secrets.length > 0 ? { secrets } : {}),
    ...(mergeStrategy ? { mergeStrategy } : {}),
  }
}

async function loadEnvironment(options: LoadOptions, spec: StateSpec, surrounding: Environment | undefined): Promise<Environment> {
  const { base, request } = options
  const name = environmentName(request)
  const environmentSpec = spec.environments?.get(name)
  const own = environmentSpec ? await ownValues(options, spec, environmentSpec, surrounding) : NO_VALUES
  const rootValues = await loadEnvironmentValues(base, {
    entries: spec.values ?? [],
    environment: surrounding,
    environmentName: name,
    at: placeOfSpec(spec.values),
  })
  return {
    name: surrounding?.name || name,
    kubeContext: surrounding?.kubeContext || (environmentSpec?.kubeContext ?? ''),
    defaults: overrideMaps(surrounding?.defaults ?? new Map(), rootValues.tree),
    values: surrounding ? mergeMaps(surrounding.values, own.tree) : own.tree,
    overrides: surrounding?.overrides ?? new Map(),
    layers: stacked(surrounding?.layers, { defaults: rootValues.layers, values: own.layers }),
  }
}

const NO_VALUES: LoadedValues = { tree: new Map(), layers: [] }

async function ownValues(
  options: LoadOptions,
  spec: StateSpec,
  environment: EnvironmentSpec,
  surrounding: Environment | undefined,
): Promise<LoadedValues> {
  const { base, request } = options
  const whenMissing = environment.missingFileHandler ?? spec.missingFileHandler
  const { ignoreMissingGitBranch: ignoreMissingBranch } = environment.missingFileHandlerConfig ?? spec.missingFileHandlerConfig ?? {}
  const secrets = await decryptEnvironmentSecrets(base, environment, { whenMissing, ignoreMissingBranch })
  const values = await loadEnvironmentValues(base, {
    entries: environment.values ?? [],
    whenMissing: environment.missingFileHandler,
    environment: surrounding,
    environmentName: environmentName(request),
    mergeStrategy: environment.mergeStrategy,
    secretHcl: secrets.hcl,
    at: placeOfSpec(environment.values),
  })
  return { tree: overrideMaps(values.tree, secrets.values), layers: [...values.layers, ...secrets.layers] }
}

function withExpandedNested(base: FileBase, spec: StateSpec): StateSpec {
  if (!spec.helmfiles) return spec
  const helmfiles = spec.helmfiles.flatMap((nested) => expandNested(base, spec, nested))
  return { ...spec, helmfiles }
}

function expandNested(base: FileBase, spec: StateSpec, nested: NestedSpec): readonly NestedSpec[] {
  const path = nested.path ?? ''
  if (isRemotePath(path)) return [nested]
  const matches = expandPaths(base, path)
  if (matches.length > 0) return matches.map((match) => ({ ...nested, path: match }))
  const summary = `no matches for path: ${path}`
  if ((spec.missingFileHandler ?? 'Error') === 'Error')
    throw failure('state/missing-nested', summary, { ...whereOf(nested), hint: 'write the file, or set missingFileHandler: Warn' })
  base.warn({ code: 'state/missing-nested', severity: 'warning', summary, ...whereOf(nested) })
  return []
}

/** How a person who stands in `from` would name `path`, which is relative to `cwd`. */
export function nameFrom(from: string, cwd: string, path: string): string {
  const absolute = resolve(cwd, path)
  const name = relative(from, absolute)
  return name === '' ? basename(absolute) : name.startsWith('../../') ? absolute : name
}
