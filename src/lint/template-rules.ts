import type { Host } from '../base/host.ts'
import type { Chart } from '../chart/chart.ts'
import { coalesceValues } from '../chart/coalesce-values.ts'
import { processDependencies } from '../chart/process-dependencies.ts'
import { schemaFaults } from '../chart/validate-values.ts'
import { trimSpace } from '../go/letter-case.ts'
import { quote } from '../go/quote.ts'
import type { GoMap } from '../go/values.ts'
import { deprecationWarning } from '../kinds/deprecation.ts'
import type { Capabilities } from '../render/capabilities.ts'
import { renderTemplates } from '../render/render-templates.ts'
import type { ChartFolder } from './chart-folder.ts'
import { errorText, type Findings, type LintSeverity } from './lint-message.ts'
import { listAnnotations, type ManifestHead, manifestHeads } from './manifest-documents.ts'
import { nameFault } from './object-name.ts'

/** What a lint renders with. */
export interface TemplateRuleOptions {
  readonly namespace: string
  readonly capabilities: Capabilities
  readonly skipSchemaValidation: boolean
  /** Told of what is odd about values, and of what `required` and `fail` would refuse. */
  readonly warn: (summary: string) => void
}

const FOLDER = 'templates/'
const RELEASE_NAME = 'test-release'

const EXTENSIONS: ReadonlySet<string> = new Set(['.yaml', '.yml', '.tpl', '.txt'])

/** Go reads lines of less than this. */
const LONGEST_LINE = 65_536

function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  return dot < 0 ? '' : name.slice(dot)
}

function indentFault(content: string): string | undefined {
  for (const ended of content.split('\n')) {
    const line = ended.endsWith('\r') ? ended.slice(0, -1) : ended
    if (Buffer.byteLength(line) >= LONGEST_LINE) return 'bufio.Scanner: token too long'
    if (trimSpace(line) === '') continue
    if (!/^[ \t]/.test(line)) return undefined
    return `document starts with an illegal indent: ${quote(line)}, which may cause parsing problems`
  }
  return undefined
}

const NEEDS_SELECTOR: ReadonlySet<string> = new Set(['Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet'])

function selectorFault({ kind, name }: ManifestHead, content: string): string | undefined {
  if (!NEEDS_SELECTOR.has(kind) || content.includes('matchLabels') || content.includes('matchExpressions')) return undefined
  return `a ${kind} must contain matchLabels or matchExpressions, and ${quote(name)} does not`
}

function listFault({ kind }: ManifestHead, path: string, content: string): string | undefined {
  if (kind !== 'List') return undefined
  try {
    const isKept = listAnnotations({ name: path, text: content }).some((annotations) => annotations.has('helm.sh/resource-policy'))
    return isKept ? "annotation 'helm.sh/resource-policy' within List objects are ignored" : undefined
  } catch (error) {
    return `unable to parse YAML: ${errorText(error)}`
  }
}

interface Rendering {
  readonly findings: Findings
  readonly options: TemplateRuleOptions
}

function checkObject({ findings, options }: Rendering, path: string, head: ManifestHead, content: string): void {
  const { major, minor } = options.capabilities.kubeVersion
  const add = (severity: LintSeverity, text: string | undefined): void => {
    if (text !== undefined) findings.push({ severity, path, text })
  }
  add('warning', nameFault(head.kind, head.name))
  add('warning', deprecationWarning(head.apiVersion, head.kind, `${major}.${minor}`))
  add('error', selectorFault(head, content))
  add('error', listFault(head, path, content))
}

/** Adds what is wrong with one rendered template; false when it is no YAML, which ends the rule. */
function checkContent(rendering: Rendering, path: string, content: string): boolean {
  const { findings } = rendering
  const indent = indentFault(content)
  if (indent !== undefined) findings.push({ severity: 'warning', path, text: indent })
  try {
    for (const head of manifestHeads(path, content)) checkObject(rendering, path, head, content)
    return true
  } catch (error) {
    findings.push({ severity: 'error', path, text: `unable to parse YAML: ${errorText(error)}` })
    return false
  }
}

function checkTemplates(rendering: Rendering, chart: Chart, rendered: ReadonlyMap<string, string>): void {
  for (const { name } of chart.templates) {
    const extension = extensionOf(name)
    if (!EXTENSIONS.has(extension)) {
      const text = `file extension '${extension}' not valid. Valid extensions are .yaml, .yml, .tpl, or .txt`
      rendering.findings.push({ severity: 'error', path: name, text })
    }
    if (!/^\.ya?ml$/i.test(extension)) continue
    const content = rendered.get(`${chart.metadata.name}/${name}`) ?? ''
    if (trimSpace(content) !== '' && !checkContent(rendering, name, content)) return
  }
}

/** The values that templates see; undefined when they cannot be put together, which Helm passes over in silence. */
function settle(chart: Chart, given: GoMap, warn: (summary: string) => void): { readonly chart: Chart; readonly values: GoMap } | undefined {
  const silently = (): void => {}
  try {
    const processed = processDependencies(chart, given, silently)
    // Twice, as Helm does: what a null took away the first time is there again.
    return { chart: processed, values: coalesceValues(processed, coalesceValues(processed, given, silently), warn) }
  } catch (error) {
    if (error instanceof Error && error.name === 'DiagnosticError') return undefined
    throw error
  }
}

function renderForLint(host: Host, chart: Chart, given: GoMap, rendering: Rendering): void {
  const { namespace, capabilities, skipSchemaValidation, warn } = rendering.options
  const settled = settle(chart, given, warn)
  if (!settled) return
  const faults = skipSchemaValidation ? undefined : schemaFaults(settled.chart, settled.values, warn)
  if (faults !== undefined) {
    rendering.findings.push({ severity: 'error', path: FOLDER, text: faults })
    return
  }
  const release = { name: RELEASE_NAME, namespace, isUpgrade: false, isInstall: false, revision: 0 }
  checkTemplates(rendering, settled.chart, renderTemplates(settled.chart, settled.values, { host, release, capabilities, onRefusal: warn }))
}

/**
 * Adds what is wrong with the templates under the values `given`: where they do not render, and what of their output is no object
 * that Kubernetes would take.
 *
 * Source: Helm 4.3.1 pkg/chart/v2/lint/rules/template.go
 */
export async function checkTemplateFolder(host: Host, folder: ChartFolder, given: GoMap, rendering: Rendering): Promise<void> {
  const add = (severity: LintSeverity, text: string): void => void rendering.findings.push({ severity, path: FOLDER, text })
  const kind = folder.kindOf('templates')
  if (kind === undefined) return add('warning', 'directory does not exist')
  if (kind === 'file') return add('error', 'not a directory')
  try {
    renderForLint(host, await folder.load(), given, rendering)
  } catch (error) {
    add('error', errorText(error))
  }
}
