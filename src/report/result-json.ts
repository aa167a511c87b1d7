import type { PlanResult, ReleaseResult } from '../plan/events.ts'
import { diagnosticDocument } from './diagnostic-json.ts'
import { type Timings, timingsDocument } from './timings.ts'

/** Goes up when something in the result changes its meaning or goes away. */
const FORMAT_VERSION = 1

/** How a plan went, for programs, as `schemas/result.schema.json` describes it; durations in milliseconds. */
export function resultDocument(result: PlanResult, timings?: Timings): unknown {
  const { succeeded, interrupted, durationMs } = result
  const releases = result.releases.map(releaseResultDocument)
  return {
    formatVersion: FORMAT_VERSION,
    succeeded,
    interrupted,
    durationMs: Math.round(durationMs),
    releases,
    ...(timings && { timings: timingsDocument(timings) }),
  }
}

/** How it went for one release. */
export function releaseResultDocument(release: ReleaseResult): unknown {
  return {
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
  }
}
