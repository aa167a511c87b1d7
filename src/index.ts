/**
 * Flotilla as a library: what the command line does, typed.
 *
 * A run goes `loadState` → `planState` → `applyPlan`; `openClusters` gives the connections, `nodeHost` the machine. Two environments
 * are compared by `compareEnvironments`; `preparePromotion` says what of one goes into the files of the other, and its `write` does it.
 * One chart by itself is rendered by `templateChart`. Whatever a person can cause is thrown as `DiagnosticError`.
 */

export type { PlanEvent, PlanResult } from './actions/apply-plan.ts'
export { applyPlan } from './actions/apply-plan.ts'
export type { ClusterOptions, Clusters } from './actions/clusters.ts'
export { openClusters } from './actions/clusters.ts'
export type { CompareOptions, Comparison } from './actions/compare-environments.ts'
export { compareEnvironments } from './actions/compare-environments.ts'
export type { ExplainedValue } from './actions/explain-values.ts'
export { explainValues } from './actions/explain-values.ts'
export type { Release, State, StateFile, StateRequest } from './actions/load-state.ts'
export { loadState } from './actions/load-state.ts'
export type { Plan, PlanStateOptions } from './actions/plan-state.ts'
export { planRemoval, planRollbackOf, planState, planTests } from './actions/plan-state.ts'
export type { ListedRelease } from './actions/print-state.ts'
export { buildState, listState, showDag, writeValues } from './actions/print-state.ts'
export type { PreparedPromotion, Promotion, Stages } from './actions/promote-environment.ts'
export { preparePromotion } from './actions/promote-environment.ts'
export type { Gate, GateOptions } from './actions/promotion-gates.ts'
export { closedGates } from './actions/promotion-gates.ts'
export type { HistoryLine, ReleaseStatusLine } from './actions/release-status.ts'
export { releaseHistory, releaseStatus } from './actions/release-status.ts'
export type { PlanFile, Replan, RestoredPlan } from './actions/restore-plan.ts'
export { readPlanFile, restorePlan } from './actions/restore-plan.ts'
export type { SavedPlan, SavePlanOptions } from './actions/save-plan.ts'
export { savePlan } from './actions/save-plan.ts'
export type { TemplateChartOptions } from './actions/template-chart.ts'
export { renderTemplates, templateChart } from './actions/template-chart.ts'
export type { TemplateStateOptions } from './actions/template-state.ts'
export { templateState } from './actions/template-state.ts'
export type { Diagnostic, Note } from './base/diagnostic.ts'
export { DiagnosticError, formatDiagnostic } from './base/diagnostic.ts'
export type { Host } from './base/host.ts'
export { nodeHost } from './base/host-node.ts'
export type { Position, Source, Span } from './base/source.ts'
export { positionAt } from './base/source.ts'
