import type { PlanAction, ReleasePlan } from '../plan/plan.ts'

/** `shop/web`, with the kubeconfig context in front where the state names one. */
export function releaseName(release: { readonly name: string; readonly namespace: string; readonly kubeContext: string | undefined }): string {
  return [release.kubeContext, release.namespace, release.name].filter(Boolean).join('/')
}

/** What is being done, for progress. */
export const doing: Readonly<Record<PlanAction, string>> = {
  install: 'installing',
  upgrade: 'upgrading',
  rollback: 'rolling back',
  uninstall: 'uninstalling',
  test: 'testing',
  none: 'unchanged',
}

/** What was done, for results. */
export const done: Readonly<Record<PlanAction, string>> = {
  install: 'installed',
  upgrade: 'upgraded',
  rollback: 'rolled back',
  uninstall: 'uninstalled',
  test: 'tested',
  none: 'unchanged',
}

/** `web 1.2.0 → 1.3.0`, `web 1.3.0`; the arrow only where the chart or its version changes. */
export function chartWords(release: Pick<ReleasePlan, 'chart' | 'fromChart'>): string {
  const { chart, fromChart } = release
  if (!chart) return fromChart ? `${fromChart.name} ${fromChart.version}` : ''
  if (!fromChart || (fromChart.name === chart.name && fromChart.version === chart.version)) return `${chart.name} ${chart.version}`
  if (fromChart.name === chart.name) return `${chart.name} ${fromChart.version} → ${chart.version}`
  return `${fromChart.name} ${fromChart.version} → ${chart.name} ${chart.version}`
}

/** `revision 3 → 4`, `revision 1`, or nothing. */
export function revisionWords(release: Pick<ReleasePlan, 'fromRevision' | 'toRevision'>): string {
  const { fromRevision, toRevision } = release
  if (toRevision === undefined) return fromRevision === undefined ? '' : `revision ${fromRevision}`
  return fromRevision === undefined ? `revision ${toRevision}` : `revision ${fromRevision} → ${toRevision}`
}
