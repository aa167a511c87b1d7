import { dirname, resolve } from 'node:path'
import { failure, withNote } from '../base/diagnostic.ts'
import type { Source } from '../base/source.ts'
import { stringFromBytes } from '../go/bytes.ts'
import type { GoMap, GoValue } from '../go/values.ts'
import type { PatchDocument, Patches } from '../patch/patches.ts'
import { overrideMaps } from '../values/merge-maps.ts'
import { castKeys } from './cast-keys.ts'
import { localChartPath } from './chart-path.ts'
import { describeValue, isTemplate } from './environment-values.ts'
import type { LoadedFile } from './load-file.ts'
import type { ValuesDocument } from './release-documents.ts'
import { hasActions, textRenderer } from './render-text.ts'
import type { StateRequest } from './request.ts'
import { type FileBase, fetchingOf, resolveFile } from './resolve-file.ts'
import { expandSecretRefsDecrypting } from './secret-refs.ts'
import { type DependencySpec, placeOfSpec, type ReleaseSpec } from './spec.ts'
import { type ReleaseSurroundings, releaseTemplateData } from './template-data.ts'
import { decodeText, encodeText } from './yaml-text.ts'

/** A chart that a release adds to its own. */
export interface AdhocChart {
  readonly chart: string
  /** Absolute, when it lies on this machine. */
  readonly chartPath: string | undefined
  readonly version: string
  readonly alias: string
}

/** A program that gets all documents on standard input and prints what they are to be. */
export interface PostRenderProgram {
  /** Absolute where it is named by a path. */
  readonly file: string
  readonly args: readonly string[]
  /** Where it runs (absolute). */
  readonly folder: string
}

/** What a release does to its chart and to what that renders. */
export interface Alterations {
  readonly dependencies: readonly AdhocChart[]
  /** For objects that name no namespace; empty for none. */
  readonly forceNamespace: string
  readonly postRenderer: () => PostRenderProgram | undefined
  readonly kustomizeBinary: string
  /** Reads and renders the patches now; undefined when there are none. */
  readonly patches: () => Promise<Patches | undefined>
  /** The text of a template (absolute path) that lies among plain manifests. */
  readonly renderTemplate: (path: string) => string
}

/** The alterations that `release` asks for; nothing is read before it is asked for. */
export function releaseAlterations(
  { file, around, request }: { readonly file: LoadedFile; readonly around: ReleaseSurroundings; readonly request: OutsideRenderer },
  release: ReleaseSpec,
  values: () => Promise<readonly ValuesDocument[]>,
): Alterations {
  const { base, spec } = file
  return {
    dependencies: (release.dependencies ?? []).map((dependency) => adhocChart(base, dependency)),
    forceNamespace: release.forceNamespace ?? '',
    postRenderer: () => postRenderProgram(file, around, release, request),
    kustomizeBinary: spec.kustomizeBinary || 'kustomize',
    patches: () => readPatches(file, around, release, values),
    renderTemplate: (path) => {
      const source: Source = { name: base.nameOf(path), text: base.host.fs.readText(path) }
      return textRenderer(base.host, dirname(path)).render(source, releaseTemplateData(around, release))
    },
  }
}

function adhocChart(base: FileBase, { chart = '', version = '', alias = '' }: DependencySpec): AdhocChart {
  return { chart, chartPath: localChartPath(base, chart), version, alias }
}

/** The post-renderer that the command line names. */
type OutsideRenderer = Pick<StateRequest, 'postRenderer' | 'postRendererArgs'>

function postRenderProgram(
  { base, spec: { helmDefaults = {} } }: LoadedFile,
  around: ReleaseSurroundings,
  release: ReleaseSpec,
  { postRenderer, postRendererArgs = [] }: OutsideRenderer,
): PostRenderProgram | undefined {
  const file = release.postRenderer || postRenderer || helmDefaults.postRenderer
  if (!file) return undefined
  const own = [release.postRendererArgs ?? [], postRendererArgs].find((args) => args.length > 0) ?? []
  const data = releaseTemplateData(around, release)
  const renderer = textRenderer(base.host, base.basePath)
  const shared = (helmDefaults.postRendererArgs ?? []).map((text) => renderer.render({ name: 'postRendererArgs', text }, data))
  const args = (own.length > 0 ? own : shared).filter((arg) => arg !== '')
  return { file: file.includes('/') ? resolve(base.host.cwd, file) : file, args, folder: base.host.cwd }
}

/** Source: Helmfile 1.8 pkg/state/helmx.go (PrepareChartify) */
async function readPatches(
  file: LoadedFile,
  around: ReleaseSurroundings,
  release: ReleaseSpec,
  values: () => Promise<readonly ValuesDocument[]>,
): Promise<Patches | undefined> {
  const { jsonPatches = [], strategicMergePatches = [], transformers = [] } = release
  if (jsonPatches.length + strategicMergePatches.length + transformers.length === 0) return undefined
  let known: Promise<ReleaseSurroundings> | undefined
  const surroundings = (): Promise<ReleaseSurroundings> => {
    known ??= values().then((documents) => ({ ...around, values: mergedValues(around.values, documents) }))
    return known
  }
  const read = async (entries: readonly GoValue[], key: string): Promise<readonly PatchDocument[]> => {
    const documents: PatchDocument[] = []
    for (const [i, entry] of entries.entries()) {
      const document = await patchDocument({ file, release, key, index: i, surroundings }, entry)
      if (document) documents.push(document)
    }
    return documents
  }
  return {
    json: await read(jsonPatches, 'jsonPatches'),
    strategic: await read(strategicMergePatches, 'strategicMergePatches'),
    transformers: await read(transformers, 'transformers'),
  }
}

/** Templates of patches see the release's values over those of the file. */
function mergedValues(lower: GoMap, documents: readonly ValuesDocument[]): GoMap {
  return documents.reduce((merged, { source }) => {
    const value = castKeys(decodeText(source))
    return value instanceof Map ? overrideMaps(merged, value) : merged
  }, lower)
}

interface PatchEntry {
  readonly file: LoadedFile
  readonly release: ReleaseSpec
  readonly key: 'jsonPatches' | 'strategicMergePatches' | 'transformers' | string
  readonly index: number
  readonly surroundings: () => Promise<ReleaseSurroundings>
}

async function patchDocument(entry: PatchEntry, value: GoValue): Promise<PatchDocument | undefined> {
  const { file, release, key, index } = entry
  const at = placeOfSpec(release)
  if (typeof value === 'string') return fileDocument(entry, value)
  if (!(value instanceof Map)) {
    throw failure('state/bad-values-entry', `unexpected type of value: ${describeValue(value)}`, {
      ...(at ? { at } : {}),
      hint: `use file names and maps only under ${key}`,
    })
  }
  const name = `inline ${key}[${index}] of release "${release.name}"`
  return { source: { name, text: encodeText(value) }, at, read: readerFrom(file.base, '.') }
}

async function fileDocument({ file, release, surroundings }: PatchEntry, path: string): Promise<PatchDocument | undefined> {
  const { base } = file
  const at = placeOfSpec(release)
  const whenMissing = release.missingFileHandler ?? file.spec.missingFileHandler
  const { ignoreMissingGitBranch: ignoreMissingBranch } = release.missingFileHandlerConfig ?? file.spec.missingFileHandlerConfig ?? {}
  const found = await resolveFile(base, { what: 'values', path, whenMissing, ignoreMissingBranch, at })
  if (found.length === 0) return undefined
  if (found.length > 1)
    throw failure('state/values-glob', 'glob patterns in release values and secrets is not supported yet', {
      ...(at ? { at } : {}),
      hint: 'name each file',
    })
  const name = found[0] as string
  try {
    return { source: await renderedPatch(base, release, name, surroundings), at, read: readerFrom(base, dirname(name)) }
  } catch (error) {
    throw withNote(error, { text: `rendering patch file "${path}" of release "${release.name}"`, ...(at ? { at } : {}) })
  }
}

async function renderedPatch(base: FileBase, release: ReleaseSpec, path: string, surroundings: PatchEntry['surroundings']): Promise<Source> {
  const written: Source = { name: base.nameOf(path), text: stringFromBytes(base.host.fs.readFile(path)) }
  const isRendered = isTemplate(path) && hasActions(written.text)
  const source = isRendered
    ? textRenderer(base.host, dirname(path)).renderDocument(written, releaseTemplateData(await surroundings(), release))
    : written
  if (!source.text.includes('ref+')) return source
  return { name: source.name, text: encodeText(await expandSecretRefsDecrypting(fetchingOf(base), castKeys(decodeText(source)))) }
}

/** Files that patches name lie in the folder of the run, or beside the patch. */
function readerFrom({ host }: FileBase, folder: string): PatchDocument['read'] {
  return (path) => {
    const found = [resolve(host.cwd, path), resolve(host.cwd, folder, path)].find((candidate) => host.fs.stat(candidate)?.kind === 'file')
    return found === undefined ? undefined : host.fs.readText(found)
  }
}
