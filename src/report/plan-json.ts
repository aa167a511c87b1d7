import { diffText, type ObjectDiffOptions, objectDiffer } from '../plan/object-diff.ts'
import type { Plan } from '../plan/plan.ts'
import { summarizePlan } from './plan-summary.ts'

/**
 * The plan for programs, as `schemas/plan.schema.json` describes it: one line of JSON, keys always in the same order. Objects
 * that stay as they are are counted, not listed; secrets are masked as `diffOptions` say.
 */
export function planAsJson(plan: Plan, diffOptions: ObjectDiffOptions): string {
  const diff = objectDiffer(diffOptions)
  const releases = plan.releases.map((release) => ({
    id: release.id,
    name: release.name,
    namespace: release.namespace,
    kubeContext: release.kubeContext ?? null,
    action: release.action,
    reason: release.reason,
    fromRevision: release.fromRevision ?? null,
    toRevision: release.toRevision ?? null,
    chart: release.chart ?? null,
    fromChart: release.fromChart ?? null,
    needs: release.needs,
    notes: release.notes,
    blockers: release.blockers.map(({ code, summary, hint }) => ({ code, summary, hint: hint ?? null })),
    changes: release.changes
      .filter((change) => change.action !== 'none')
      .map((change) => ({
        action: change.action,
        origin: change.origin,
        apiVersion: change.ref.apiVersion,
        kind: change.ref.kind,
        namespace: change.ref.namespace ?? null,
        name: change.ref.name,
        notes: change.notes,
        diff: diffText(diff(change)),
      })),
  }))
  return `${JSON.stringify({ formatVersion: plan.formatVersion, environment: plan.environment, summary: summarizePlan(plan), releases })}\n`
}
