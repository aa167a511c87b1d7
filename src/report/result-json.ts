import type { PlanResult } from '../plan/events.ts'
import { diagnosticDocument } from './diagnostic-json.ts'

/** How a plan went, for programs, as `schemas/result.schema.json` describes it; durations in milliseconds. */
export function resultDocument(result: PlanResult): unknown {
  const releases = result.releases.map((release) => ({
    id: release.id,
    name: release.name,
    namespace: release.namespace,
    kubeContext: release.kubeContext ?? null,
    action: release.action,
    result: release.result,
    revision: release.revision ?? null,
    chart: release.chart ?? null,
    durationMs: Math.round(release.durationMs),
    causedBy: release.causedBy ?? null,
    rolledBackTo: release.rolledBackTo ?? null,
    notes: release.notes ?? null,
    errors: release.diagnostics.map(diagnosticDocument),
  }))
  return { succeeded: result.succeeded, interrupted: result.interrupted, durationMs: Math.round(result.durationMs), releases }
}
