import type { Chart } from '../chart/chart.ts'
import { crdFiles } from '../chart/crd-files.ts'
import type { ChartFolder } from './chart-folder.ts'
import { errorText, type Findings } from './lint-message.ts'
import { manifestHeads } from './manifest-documents.ts'

/** Adds what is wrong with one file; false when it cannot be read, which ends the rule. */
function checkFile(name: string, text: string, findings: Findings): boolean {
  const add = (words: string): void => void findings.push({ severity: 'error', path: name, text: words })
  try {
    for (const { apiVersion, kind } of manifestHeads(name, text)) {
      if (!apiVersion.startsWith('apiextensions.k8s.io')) add("apiVersion is not in 'apiextensions.k8s.io'")
      if (kind !== 'CustomResourceDefinition') add("object kind is not 'CustomResourceDefinition'")
    }
    return true
  } catch (error) {
    add(`unable to parse YAML: ${errorText(error)}`)
    return false
  }
}

/** Adds what is wrong with the files under crds/. Source: Helm 4.3.1 pkg/chart/v2/lint/rules/crds.go */
export async function checkCrds(folder: ChartFolder, findings: Findings): Promise<void> {
  const kind = folder.kindOf('crds')
  if (kind === undefined) return
  const add = (text: string): void => void findings.push({ severity: 'error', path: 'crds/', text })
  if (kind === 'file') return add('not a directory')
  let chart: Chart
  try {
    chart = await folder.load()
  } catch (error) {
    return add(errorText(error))
  }
  for (const { name, text } of crdFiles(chart)) if (!checkFile(name, text, findings)) return
}
