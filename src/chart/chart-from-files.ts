import { type Diagnostic, failure } from '../base/diagnostic.ts'
import type { Source } from '../base/source.ts'
import { stringFromBytes } from '../go/bytes.ts'
import type { GoMap } from '../go/values.ts'
import { archiveFiles } from './archive-files.ts'
import type { Chart, ChartFile, ChartLock, ChartMetadata } from './chart.ts'
import type { Budget } from './chart-files.ts'
import { loadValues } from './load-values.ts'
import { decodeLock, decodeMetadata, type RawMetadata, validMetadata } from './metadata.ts'
import { placedInMetadata } from './metadata-place.ts'
import { prefixed, withPrefix } from './prefixed-error.ts'

/** What reading a chart needs beside its files. */
export interface ReadContext {
  readonly budget: Budget
  /** Where the files come from, for messages. */
  readonly origin: string
  readonly onWarning?: (warning: Diagnostic) => void
  /** How many charts this one lies in. */
  readonly depth?: number
}

/** A chart while its files are sorted into place. */
interface Draft {
  metadata: RawMetadata | undefined
  lock: ChartLock | null
  values: GoMap
  valuesSource: Source | null
  schema: Uint8Array | null
  readonly templates: ChartFile[]
  readonly files: ChartFile[]
  readonly subcharts: Map<string, ChartFile[]>
}

/** The file as a text with the name people know it by. */
function sourceOf(file: ChartFile, origin: string): Source {
  return { name: `${origin}/${file.name}`, text: stringFromBytes(file.data) }
}

/** The extension of a path's last name, with its dot. */
function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  return dot < 0 ? '' : name.slice(dot)
}

/**
 * Metadata from all files named Chart.yaml (an archive may hold several; later ones are laid over).
 * Without an apiVersion a chart is of version v1.
 */
function readMetadata(files: readonly ChartFile[], origin: string): RawMetadata | undefined {
  let metadata: RawMetadata | undefined
  for (const file of files) {
    if (file.name !== 'Chart.yaml') continue
    const source = sourceOf(file, origin)
    metadata = withPrefix('cannot load Chart.yaml', () => decodeMetadata(source, metadata))
    if (!metadata['apiVersion']) metadata['apiVersion'] = 'v1'
  }
  return metadata
}

function checkedMetadata(raw: RawMetadata, files: readonly ChartFile[], origin: string): ChartMetadata {
  try {
    return validMetadata(raw)
  } catch (error) {
    const own = files.filter(({ name }) => name === 'Chart.yaml' || name === 'requirements.yaml')
    throw placedInMetadata(
      error,
      own.map((file) => sourceOf(file, origin)),
    )
  }
}

function warnOfOldFile(draft: Draft, context: ReadContext, text: string): void {
  if (draft.metadata?.['apiVersion'] === 'v1') return
  context.onWarning?.({ code: 'chart/old-file', severity: 'warning', summary: `Warning: ${text}`, subject: context.origin })
}

function takeRequirements(draft: Draft, file: ChartFile, context: ReadContext): void {
  warnOfOldFile(draft, context, 'Dependencies are handled in Chart.yaml since apiVersion "v2". We recommend migrating dependencies to Chart.yaml.')
  const value = withPrefix('cannot load requirements.yaml', () => decodeMetadata(sourceOf(file, context.origin), draft.metadata))
  draft.metadata = value
  if (value['apiVersion'] === 'v1') draft.files.push(file)
}

function takeRequirementsLock(draft: Draft, file: ChartFile, context: ReadContext): void {
  draft.lock = withPrefix('cannot load requirements.lock', () => decodeLock(sourceOf(file, context.origin)))
  warnOfOldFile(draft, context, 'Dependency locking is handled in Chart.lock since apiVersion "v2". We recommend migrating to Chart.lock.')
  if (draft.metadata?.['apiVersion'] === 'v1') draft.files.push(file)
}

function takeSubchartFile(draft: Draft, file: ChartFile): void {
  if (extensionOf(file.name) === '.prov') {
    draft.files.push(file)
    return
  }
  const inner = { ...file, name: file.name.slice('charts/'.length) }
  const slash = inner.name.indexOf('/')
  const name = slash < 0 ? inner.name : inner.name.slice(0, slash)
  const known = draft.subcharts.get(name)
  if (known) known.push(inner)
  else draft.subcharts.set(name, [inner])
}

function takeFile(draft: Draft, file: ChartFile, context: ReadContext): void {
  const source = (): Source => sourceOf(file, context.origin)
  if (file.name === 'Chart.yaml') return
  if (file.name === 'Chart.lock') draft.lock = withPrefix('cannot load Chart.lock', () => decodeLock(source()))
  else if (file.name === 'values.yaml') {
    draft.valuesSource = source()
    draft.values = withPrefix('cannot load values.yaml', () => loadValues(draft.valuesSource as Source))
  } else if (file.name === 'values.schema.json') draft.schema = file.data
  else if (file.name === 'requirements.yaml') takeRequirements(draft, file, context)
  else if (file.name === 'requirements.lock') takeRequirementsLock(draft, file, context)
  else if (file.name.startsWith('templates/')) draft.templates.push(file)
  else if (file.name.startsWith('charts/')) takeSubchartFile(draft, file)
  else draft.files.push(file)
}

/** The files below folder `name` of charts/, relative to it. Files beside a folder of the same name do not count. */
function filesBelow(files: readonly ChartFile[]): readonly ChartFile[] {
  return files.flatMap((file) => {
    const slash = file.name.indexOf('/')
    return slash < 0 ? [] : [{ ...file, name: file.name.slice(slash + 1) }]
  })
}

async function subchart(name: string, files: readonly ChartFile[], parent: string, context: ReadContext): Promise<Chart> {
  const first = files[0] as ChartFile
  const isArchive = extensionOf(name) === '.tgz'
  if (isArchive && first.name !== name) {
    throw failure('chart/bad-subchart', `error unpacking subchart tar in ${parent}: expected ${name}, got ${first.name}`)
  }
  try {
    return await chartFromFiles(isArchive ? await archiveFiles(first.data, context.budget) : filesBelow(files), context)
  } catch (error) {
    throw prefixed(`error unpacking subchart ${name} in ${parent}`, error)
  }
}

function contextOf(name: string, context: ReadContext): ReadContext {
  const depth = (context.depth ?? 0) + 1
  if (depth > context.budget.limits.nesting) {
    throw failure('chart/too-large', `charts lie in one another more than ${context.budget.limits.nesting} deep`, { subject: context.origin })
  }
  return { ...context, depth, origin: `${context.origin}/charts/${name}` }
}

/**
 * The chart that `files` (names relative to its root, in the order they were read) make up, with its subcharts.
 *
 * @throws DiagnosticError in Helm's words: `chart/invalid`, `chart/missing-metadata`, `chart/wrong-type`, `chart/bad-subchart`,
 *   `chart/bad-archive`, `chart/too-large`, and what reading YAML throws
 * Source: Helm 4.3.1 pkg/chart/v2/loader/load.go (LoadFiles); subcharts in the order of their files where Helm's is random
 */
export async function chartFromFiles(files: readonly ChartFile[], context: ReadContext): Promise<Chart> {
  const draft: Draft = {
    metadata: readMetadata(files, context.origin),
    lock: null,
    values: new Map(),
    valuesSource: null,
    schema: null,
    templates: [],
    files: [],
    subcharts: new Map(),
  }
  for (const file of files) takeFile(draft, file, context)
  if (!draft.metadata) throw failure('chart/missing-metadata', 'Chart.yaml file is missing')
  const metadata = checkedMetadata(draft.metadata, files, context.origin)
  const dependencies: Chart[] = []
  for (const [name, inner] of draft.subcharts) {
    if (!/^[_.]/.test(name)) dependencies.push(await subchart(name, inner, metadata.name, contextOf(name, context)))
  }
  const { lock, values, valuesSource, schema, templates } = draft
  return { metadata, lock, values, valuesSource, schema, templates, files: draft.files, raw: files, dependencies, origin: context.origin }
}
