import { join, resolve } from 'node:path'
import type { Diagnostic } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { archiveFiles } from '../chart/archive-files.ts'
import { Budget } from '../chart/chart-files.ts'
import { DEFAULT_CHART_LIMITS } from '../chart/limits.ts'
import type { GoMap } from '../go/values.ts'
import { type ChartFolder, folderInMemory, folderOnDisk } from '../lint/chart-folder.ts'
import { lintChart } from '../lint/lint-chart.ts'
import { errorText, type LintMessage } from '../lint/lint-message.ts'
import { offlineCapabilities } from '../render/capabilities.ts'
import { mergeUserValues, type UserValues } from './user-values.ts'

/** How charts are looked at. */
export interface LintOptions {
  /** `default` where none is given. */
  readonly namespace?: string
  /** As `1.33` or `v1.33.4`: what charts take for the cluster's version, and what kinds must not be out of use in. */
  readonly kubeVersion?: string
  readonly skipSchemaValidation?: boolean
  /** Warnings count as failures. */
  readonly strict?: boolean
  /** Told of what is odd but no finding: values that do not fit, what `required` and `fail` would refuse. */
  readonly onWarning?: (warning: Diagnostic) => void
}

/** What a lint found in one chart. */
export interface LintedChart {
  /** As it was named. */
  readonly path: string
  readonly messages: readonly LintMessage[]
  /** Why it could not be looked at: it is no chart. */
  readonly error?: string
  readonly failed: boolean
}

/** The findings about one chart under the values `given`, as `lint` and `chart lint` count them. */
export async function lintFolder(host: Host, folder: ChartFolder, given: GoMap, options: LintOptions): Promise<readonly LintMessage[]> {
  const { namespace = 'default', kubeVersion, skipSchemaValidation = false, onWarning } = options
  const capabilities = offlineCapabilities(kubeVersion === undefined ? {} : { kubeVersion })
  const warn = (summary: string): void => onWarning?.({ code: 'lint/rendering', severity: 'warning', summary, subject: `chart ${folder.name}` })
  return lintChart(host, folder, given, { namespace, capabilities, skipSchemaValidation, warn })
}

/** Whether findings make a chart fail: errors do, and with `strict` warnings. */
export function isFailed(messages: readonly LintMessage[], strict = false): boolean {
  return messages.some(({ severity }) => severity === 'error' || (strict && severity === 'warning'))
}

const isArchive = (path: string): boolean => path.endsWith('.tgz') || path.endsWith('.tar.gz')

/** @throws Error with Helm's words where `path` is no chart */
async function openFolder(host: Host, path: string): Promise<ChartFolder> {
  const full = resolve(host.cwd, path)
  const info = host.fs.stat(full)
  if (!isArchive(path)) {
    const folder = folderOnDisk(host, full)
    if (folder.kindOf('Chart.yaml')) return folder
    throw new Error(`unable to check Chart.yaml file in chart: stat ${join(path, 'Chart.yaml')}: no such file or directory`)
  }
  if (!info) throw new Error(`unable to open tarball: open ${path}: no such file or directory`)
  try {
    return folderInMemory(path, await archiveFiles(host.fs.readFile(full), new Budget(DEFAULT_CHART_LIMITS)))
  } catch (error) {
    throw new Error(`unable to extract tarball: ${errorText(error)}`, { cause: error })
  }
}

async function lintOne(host: Host, path: string, values: GoMap, options: LintOptions): Promise<LintedChart> {
  let folder: ChartFolder
  try {
    folder = await openFolder(host, path)
  } catch (error) {
    return { path, messages: [], error: errorText(error), failed: true }
  }
  const messages = await lintFolder(host, folder, values, options)
  return { path, messages, failed: isFailed(messages, options.strict) }
}

/** Charts below `path`, in the order of a walk: folders with a Chart.yaml, and archives. */
function subchartsBelow(host: Host, path: string): readonly string[] {
  return (host.fs.readDir(resolve(host.cwd, path)) ?? []).flatMap((name) => {
    const inside = join(path, name)
    const kind = host.fs.isLink(resolve(host.cwd, inside)) ? 'file' : host.fs.stat(resolve(host.cwd, inside))?.kind
    if (kind === 'directory') return subchartsBelow(host, inside)
    if (name === 'Chart.yaml') return [path]
    return isArchive(name) ? [inside] : []
  })
}

/**
 * What is wrong with the charts at `paths` (folders or archives), one after the other, as `helm lint` finds it; with `withSubcharts`
 * also those under their charts/.
 *
 * @throws DiagnosticError of the values given, `render/kube-version`
 * Source: Helm 4.3.1 pkg/cmd/lint.go, pkg/action/lint.go
 */
export async function lintCharts(
  host: Host,
  paths: readonly string[],
  options: LintOptions & UserValues & { readonly withSubcharts?: boolean },
): Promise<readonly LintedChart[]> {
  const { tree } = mergeUserValues(host, options)
  const all = options.withSubcharts ? [...paths, ...paths.flatMap((path) => subchartsBelow(host, join(path, 'charts')))] : paths
  const linted: LintedChart[] = []
  for (const path of all) linted.push(await lintOne(host, path, tree, options))
  return linted
}
