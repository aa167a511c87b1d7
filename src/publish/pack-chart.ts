import { gzipSync } from 'node:zlib'
import { failure } from '../base/diagnostic.ts'
import type { Chart, ChartLock } from '../chart/chart.ts'
import { isVersion } from '../chart/compatible-version.ts'
import { decodeJson } from '../go/json-decode.ts'
import { GoError } from '../go/values.ts'
import { lockYaml, metadataYaml } from './metadata-document.ts'

/** A file of an archive. */
interface Entry {
  readonly name: string
  readonly data: Uint8Array
}

/** @throws DiagnosticError `publish/bad-schema` */
function checkSchema(schema: Uint8Array, chart: Chart): void {
  try {
    decodeJson(Buffer.from(schema).toString('utf8'))
  } catch (error) {
    if (!(error instanceof GoError)) throw error
    throw failure('publish/bad-schema', 'invalid JSON in values.schema.json', { subject: `chart ${chart.metadata.name}`, cause: error })
  }
}

/** Chart.yaml of the first format keeps its dependencies in requirements.yaml. */
function chartYaml({ metadata }: Chart): string {
  const { dependencies: _dependencies, ...others } = metadata
  return metadataYaml(metadata.apiVersion === 'v1' ? others : metadata)
}

/** Where a time is asked for, the lock has it, too. */
function lockText(lock: ChartLock, modified: number | undefined): string {
  return lockYaml(modified === undefined ? lock : { ...lock, generated: `${new Date(modified * 1000).toISOString().slice(0, 19)}Z` })
}

function* entriesOf(chart: Chart, prefix: string, modified: number | undefined): Generator<Entry> {
  const { metadata, lock, schema } = chart
  const base = `${prefix}${metadata.name}`
  yield { name: `${base}/Chart.yaml`, data: Buffer.from(chartYaml(chart)) }
  if (metadata.apiVersion === 'v2' && lock) yield { name: `${base}/Chart.lock`, data: Buffer.from(lockText(lock, modified)) }
  for (const { name, data } of chart.raw) if (name === 'values.yaml') yield { name: `${base}/${name}`, data }
  if (schema) {
    checkSchema(schema, chart)
    yield { name: `${base}/values.schema.json`, data: schema }
  }
  for (const { name, data } of [...chart.templates, ...chart.files]) yield { name: `${base}/${name}`, data }
  for (const dependency of chart.dependencies) yield* entriesOf(dependency, `${base}/charts/`, modified)
}

const FILE_MODE = 0o644

/** What of a chart's metadata the archive is to say instead. */
export interface PackOptions {
  readonly version?: string
  readonly appVersion?: string
  /** Of every file, in seconds since the epoch; 0 where it is absent, so that the same chart gives the same bytes. */
  readonly modified?: number
}

/** A packed chart. */
export interface ChartArchive {
  /** `name-version.tgz`. */
  readonly fileName: string
  readonly data: Buffer
  /** The chart as it is inside. */
  readonly chart: Chart
}

/**
 * The chart as a gzipped tar with the files, order and modes that Helm gives it. The same chart gives the same bytes.
 *
 * @throws DiagnosticError `publish/bad-version`, `publish/bad-schema`
 * Source: Helm 4.3.1 pkg/chart/v2/util/save.go (Save), pkg/action/package.go (Run)
 */
export async function packChart(given: Chart, options: PackOptions = {}): Promise<ChartArchive> {
  const { version = given.metadata.version, appVersion = given.metadata.appVersion, modified } = options
  if (!isVersion(version)) throw failure('publish/bad-version', `"${version}" is no version`, { hint: 'write it as 1.2.3 or 1.2.3-rc.1' })
  const chart: Chart = { ...given, metadata: { ...given.metadata, version, ...(appVersion !== undefined && { appVersion }) } }
  const { pack } = await import('tar-stream')
  const tar = pack()
  const mtime = new Date((modified ?? 0) * 1000)
  for (const { name, data } of entriesOf(chart, '', modified)) tar.entry({ name, mode: FILE_MODE, mtime }, Buffer.from(data))
  tar.finalize()
  const parts: Buffer[] = []
  for await (const part of tar as AsyncIterable<Buffer>) parts.push(part)
  return { fileName: `${chart.metadata.name}-${version}.tgz`, data: gzipSync(Buffer.concat(parts)), chart }
}
