import { diffText, type ObjectDiffOptions, objectDiffer } from '../plan/object-diff.ts'
import type { ObjectChange, Plan, ReleasePlan } from '../plan/plan.ts'
import { diagnosticDocument } from './diagnostic-json.ts'
import { summarizePlan } from './plan-summary.ts'

export interface PlanDocumentOptions {
  readonly diff: ObjectDiffOptions
  /** Kinds whose objects are left out. */
  readonly suppress: readonly string[]
}

/**
 * The plan for programs, as `schemas/plan.schema.json` describes it, keys always in the same order. Objects that stay as they
 * are are counted, not listed; secrets are masked as `options.diff` says.
 */
export function planDocument(plan: Plan, options: PlanDocumentOptions): unknown {
  const { formatVersion, environment } = plan
  const differ = objectDiffer(options.diff)
  const suppressed = new Set(options.suppress)
  const changesOf = (release: ReleasePlan): readonly unknown[] =>
    release.changes
      .filter((change) => change.action !== 'none' && !suppressed.has(change.ref.kind))
      .map((change) => changeDocument(change, release.suppressDiff ? '' : diffText(differ(change))))
  const releases = plan.releases.map((release) => ({ ...releaseFacts(release), changes: changesOf(release) }))
  return { formatVersion, environment, summary: summarizePlan(plan), releases }
}

function releaseFacts(release: ReleasePlan): Readonly<Record<string, unknown>> {
  return {
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
    blockers: release.blockers.map(diagnosticDocument),
  }
}

function changeDocument({ action, origin, ref, notes }: ObjectChange, diff: string): unknown {
  const { apiVersion, kind, namespace = null, name } = ref
  return { action, origin, apiVersion, kind, namespace, name, notes, diff }
}
