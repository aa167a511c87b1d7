import type { PlanEvent, PlanResult } from '../plan/events.ts'

/** How a plan went, for programs, as `schemas/result.schema.json` describes it: one line of JSON. */
export function resultAsJson(result: PlanResult): string {
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
    errors: release.diagnostics.map(({ code, severity, summary, subject, hint, notes }) => ({
      code,
      severity,
      summary,
      subject: subject ?? null,
      hint: hint ?? null,
      notes: (notes ?? []).map((note) => note.text),
    })),
  }))
  return `${JSON.stringify({ succeeded: result.succeeded, interrupted: result.interrupted, durationMs: Math.round(result.durationMs), releases })}\n`
}

/** One event as a line of JSON; results as `resultAsJson` has them. */
export function eventAsJson(event: PlanEvent): string {
  if (event.type !== 'release-finished') return `${JSON.stringify(event)}\n`
  const { id, action, result, revision, durationMs } = event.result
  return `${JSON.stringify({ at: event.at, type: event.type, release: id, action, result, revision: revision ?? null, durationMs: Math.round(durationMs) })}\n`
}
