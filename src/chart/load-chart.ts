import { basename, resolve } from 'node:path'
import { type Diagnostic, failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { stringFromBytes } from '../go/bytes.ts'
import { archiveFiles, isGzip } from './archive-files.ts'
import type { Chart, ChartFile } from './chart.ts'
import { Budget, filesFromMemory } from './chart-files.ts'
import { chartFromFiles } from './chart-from-files.ts'
import { decodeStruct, type StructShape } from './decode-struct.ts'
import { folderFiles } from './folder-files.ts'
import { type ChartLimits, DEFAULT_CHART_LIMITS } from './limits.ts'
import { placeOfField } from './metadata-place.ts'
import { withPrefix } from './prefixed-error.ts'

/** A chart as a path (folder or `.tgz`), or as its files: texts or bytes by path relative to the chart's root. */
export type ChartInput = string | { readonly files: Readonly<Record<string, string | Uint8Array>> }

export interface LoadChartOptions {
  readonly limits?: ChartLimits
  /** `follow` (default) reads what symbolic links in a folder lead to, wherever it lies, with a warning; `inside` refuses what lies outside. */
  readonly links?: 'follow' | 'inside'
  readonly onWarning?: (warning: Diagnostic) => void
}

const CHART_BASE: StructShape = { kind: 'struct', name: 'chartBase', goType: 'loader.chartBase', fields: { apiVersion: { kind: 'string' } } }

const KNOWN_VERSION = /^apiVersion: v[12]$/m

/** Whether the usual line is there and the word stands nowhere else, in lower case neither. */
function hasKnownVersion(text: string): boolean {
  return KNOWN_VERSION.test(text) && text.match(/apiversion/giu)?.length === 1
}

/** Helm 4 loads charts of its next format, v3, but no command renders them. */
function checkApiVersion(file: ChartFile, origin: string): void {
  const source = { name: `${origin}/Chart.yaml`, text: stringFromBytes(file.data) }
  // Read again in a moment, with all its errors.
  if (hasKnownVersion(source.text)) return
  const { fields } = withPrefix('cannot load Chart.yaml', () => decodeStruct(source, CHART_BASE))
  const version = fields.get('apiVersion') ?? ''
  if (version === '' || version === 'v1' || version === 'v2') return
  const at = placeOfField([source], 'apiVersion')
  const summary = version === 'v3' ? 'invalid chart apiVersion' : 'unsupported chart version'
  throw failure('chart/api-version', summary, {
    subject: `chart ${origin}`,
    ...(at ? { at } : {}),
    hint: 'the apiVersion of a chart is v2, of old ones v1',
  })
}

function filesOfFolder(host: Host, path: string, budget: Budget, options: LoadChartOptions): readonly ChartFile[] {
  const file = `${path}/Chart.yaml`
  const info = host.fs.stat(file)
  if (info === undefined) throw failure('chart/not-found', `unable to detect chart at ${file}: open ${file}: no such file or directory`)
  // What is no file might never end.
  if (info.kind !== 'file') {
    const kind = info.kind === 'directory' ? 'a directory' : 'no file'
    throw failure('chart/irregular-file', `unable to detect chart at ${file}: read ${file}: is ${kind}`)
  }
  new Budget(options.limits ?? DEFAULT_CHART_LIMITS).takeBytes(info.size)
  checkApiVersion({ name: 'Chart.yaml', data: host.fs.readFile(file) }, path)
  return folderFiles(host, path, budget, options)
}

/** Go's `http.DetectContentType` as far as a mistaken file is likely to show it. */
function contentType(data: Uint8Array): string {
  const head = data.subarray(0, 512)
  const isBinary =
    head.length < 512 || head.some((byte) => byte <= 8 || byte === 0x0b || (byte >= 0x0e && byte <= 0x1a) || (byte >= 0x1c && byte <= 0x1f))
  return isBinary ? 'application/octet-stream' : 'text/plain; charset=utf-8'
}

async function filesOfArchive(host: Host, path: string, budget: Budget): Promise<readonly ChartFile[]> {
  const data = host.fs.readFile(path)
  if (!isGzip(data)) {
    const summary = /\.ya?ml$/.test(path)
      ? `file '${path}' seems to be a YAML file, but expected a gzipped archive`
      : `file '${path}' does not appear to be a gzipped archive; got '${contentType(data)}'`
    throw failure('chart/bad-archive', summary)
  }
  const files = await archiveFiles(data, budget).catch((cause: unknown) => {
    throw failure('chart/bad-archive', 'unable to load chart archive', {
      cause,
      notes: [{ text: cause instanceof Error ? cause.message : String(cause) }],
    })
  })
  const first = files.find((file) => file.name === 'Chart.yaml')
  if (!first) throw failure('chart/missing-metadata', 'unable to detect chart version, no Chart.yaml found', { subject: `chart ${path}` })
  checkApiVersion(first, path)
  return files
}

/**
 * Reads a chart and its subcharts as they are on disk or in memory; values, conditions and aliases come later
 * (`process-dependencies.ts`).
 *
 * Comes in: a folder with `.helmignore`, an archive, or files by name. Goes out: plain data that nothing changes afterwards.
 * What a chart holds is never executed, links in archives are not followed, and the limits hold before memory is taken.
 *
 * @throws DiagnosticError `chart/…` in Helm's words
 * Source: Helm 4.3.1 pkg/chart/loader/load.go, pkg/chart/v2/loader
 */
export async function loadChart(host: Host, chart: ChartInput, options: LoadChartOptions = {}): Promise<Chart> {
  const budget = new Budget(options.limits ?? DEFAULT_CHART_LIMITS)
  const warn = options.onWarning ? { onWarning: options.onWarning } : {}
  if (typeof chart !== 'string') {
    const files = filesFromMemory(chart.files, budget)
    return chartFromFiles(files, { budget, origin: 'chart', ...warn })
  }
  const path = resolve(host.cwd, chart)
  const info = host.fs.stat(path)
  if (!info) throw failure('chart/not-found', `stat ${path}: no such file or directory`)
  const files = info.kind === 'directory' ? filesOfFolder(host, path, budget, options) : await filesOfArchive(host, path, budget)
  return chartFromFiles(files, { budget, origin: info.kind === 'directory' ? chart : basename(path), ...warn })
}
