import type { Chart } from '../chart/chart.ts'
import type { ChartFolder } from './chart-folder.ts'
import { errorText, type Findings, type LintSeverity } from './lint-message.ts'

function missingIn(present: Iterable<string>, wanted: readonly string[]): readonly string[] {
  const names = new Set(present)
  return wanted.filter((name) => !names.has(name))
}

/** Names that more than one dependency goes by, each as often as it comes again. */
function repeated(chart: Chart): readonly string[] {
  const seen = new Set<string>()
  return (chart.metadata.dependencies ?? []).flatMap(({ name, alias }) => {
    const key = alias || name
    if (seen.has(key)) return [key]
    seen.add(key)
    return []
  })
}

/** Adds where Chart.yaml and charts/ do not agree. Source: Helm 4.3.1 pkg/chart/v2/lint/rules/dependencies.go */
export async function checkDependencies(folder: ChartFolder, findings: Findings): Promise<void> {
  let chart: Chart
  try {
    chart = await folder.load()
  } catch (error) {
    findings.push({ severity: 'error', path: '', text: `unable to load chart\n\t${errorText(error)}` })
    return
  }
  const declared = (chart.metadata.dependencies ?? []).map(({ name }) => name)
  const present = chart.dependencies.map(({ metadata }) => metadata.name)
  const add = (severity: LintSeverity, words: string, names: readonly string[]): void => {
    if (names.length > 0) findings.push({ severity, path: folder.name, text: `${words}: ${names.join(',')}` })
  }
  add('error', 'chart metadata is missing these dependencies', missingIn(declared, present))
  add('error', 'multiple dependencies with name or alias', repeated(chart))
  add('warning', 'chart directory is missing these dependencies', missingIn(present, declared))
}
