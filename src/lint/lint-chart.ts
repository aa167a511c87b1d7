import type { Host } from '../base/host.ts'
import type { GoMap } from '../go/values.ts'
import { checkChartFile } from './chart-file-rules.ts'
import type { ChartFolder } from './chart-folder.ts'
import { checkCrds } from './crd-rules.ts'
import { checkDependencies } from './dependency-rules.ts'
import type { Findings, LintMessage } from './lint-message.ts'
import { checkTemplateFolder, type TemplateRuleOptions } from './template-rules.ts'
import { checkValues } from './values-rules.ts'

/**
 * What is wrong with a chart under the values `given`, rule by rule.
 *
 * In come a chart's folder, which may not even load, and merged values; out come findings in Helm's order and words. Nothing is
 * written and nobody is asked: `lookup` finds nothing.
 *
 * Source: Helm 4.3.1 pkg/chart/v2/lint/lint.go (RunAll)
 */
export async function lintChart(host: Host, folder: ChartFolder, given: GoMap, options: TemplateRuleOptions): Promise<readonly LintMessage[]> {
  const findings: Findings = []
  checkChartFile(folder, findings)
  checkValues(folder, given, findings, options)
  await checkTemplateFolder(host, folder, given, { findings, options })
  await checkDependencies(folder, findings)
  await checkCrds(folder, findings)
  return findings
}
