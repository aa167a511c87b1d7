import { dangerOf } from '../plan/destructive.ts'
import { formatPath } from '../plan/diff/field-path.ts'
import { findRenames } from '../plan/diff/renames.ts'
import { diffText, type ObjectDiff, type ObjectDiffOptions, objectDiffer } from '../plan/object-diff.ts'
import type { ObjectChange, Plan, ReleasePlan } from '../plan/plan.ts'
import { diagnosticDocument } from './diagnostic-json.ts'
import { objectMatcher } from './object-pattern.ts'
import { summarizePlan } from './plan-summary.ts'

export interface PlanDocumentOptions {
  readonly diff: ObjectDiffOptions
  /** Kinds whose objects are left out. */
  readonly suppress: readonly string[]
  /** Leave out how objects differ. */
  readonly brief?: boolean
  /** Only objects that one of these names, as `objectMatcher` reads them. */
  readonly showOnly?: readonly string[]
}

/**
 * The plan for programs, as `schemas/plan.schema.json` describes it, keys always in the same order. Objects that stay as they
 * are are counted, not listed; secrets are masked as `options.diff` says.
 */
export function planDocument(plan: Plan, options: PlanDocumentOptions): unknown {
  const { formatVersion, environment, comparedWith = 'cluster' } = plan
  const differ = objectDiffer(options.diff)
  const isWanted = options.showOnly ? objectMatcher(options.showOnly) : () => true
  const changesOf = (release: ReleasePlan): readonly unknown[] => {
    const renames = findRenames(release.changes)
    const otherName = (change: ObjectChange): string | null =>
      renames.find(({ from }) => from === change)?.to.ref.name ?? renames.find(({ to }) => to === change)?.from.ref.name ?? null
    return release.changes
      .filter(({ action, ref }) => action !== 'none' && !options.suppress.includes(ref.kind) && isWanted(ref))
      .map((change) => changeDocument(change, release.suppressDiff || options.brief ? undefined : differ(change), otherName(change)))
  }
  const releases = plan.releases.map((release) => ({ ...releaseFacts(release), changes: changesOf(release) }))
  return { formatVersion, environment, comparedWith, summary: summarizePlan(plan), releases }
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

function changeDocument(change: ObjectChange, diff: ObjectDiff | undefined, otherName: string | null): unknown {
  const { action, origin, ref, notes } = change
  const { apiVersion, kind, namespace = null, name } = ref
  const edits = (diff?.edits ?? []).map(({ path, before, after }) => ({
    path: formatPath(path),
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
  }))
  const danger = dangerOf(change) ?? null
  const otherRelease = change.movedTo ?? change.movedFrom ?? null
  return { action, origin, apiVersion, kind, namespace, name, otherName, otherRelease, danger, notes, edits, diff: diffText(diff?.lines() ?? []) }
}
