import { nodeHost } from '../../../src/base/host-node.ts'
import type { Chart } from '../../../src/chart/chart.ts'
import { loadChart } from '../../../src/chart/load-chart.ts'
import { loadValues } from '../../../src/chart/load-values.ts'
import type { GoMap } from '../../../src/go/values.ts'

/** A chart from files by path; Chart.yaml is made for those that have none. */
export function chartOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<Chart> {
  return loadChart(nodeHost(), { files: { 'Chart.yaml': metadata('c'), ...files } })
}

/** A Chart.yaml with `extra` lines. */
export function metadata(name: string, extra = ''): string {
  return `apiVersion: v2\nname: ${name}\nversion: 1.2.3\n${extra}`
}

/** Values as a user's file gives them. */
export function valuesOf(text: string): GoMap {
  return loadValues({ name: 'values.yaml', text })
}
