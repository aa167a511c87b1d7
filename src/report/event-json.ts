import type { ObjectRef } from '../kinds/kube-object.ts'
import type { PlanEvent } from '../plan/events.ts'
import { releaseResultDocument } from './result-json.ts'

/** An event for programs, as `schemas/event.schema.json` describes it; `at` is a time in UTC. */
export function eventDocument(event: PlanEvent): unknown {
  return { type: event.type, at: new Date(event.at).toISOString(), release: event.release, ...factsOf(event) }
}

function factsOf(event: PlanEvent): Readonly<Record<string, unknown>> {
  switch (event.type) {
    case 'release-started':
      return { action: event.action, toRevision: event.toRevision ?? null }
    case 'phase':
      return { phase: event.phase, hookEvent: event.hookEvent ?? null }
    case 'object-written':
      return { object: refDocument(event.ref), origin: event.origin, write: event.write }
    case 'waiting-on':
      return { objects: event.objects.map(({ ref, message }) => ({ ...refDocument(ref), message })) }
    case 'hook-started':
      return { hook: event.hook, kind: event.kind, event: event.event }
    case 'hook-finished':
      return { hook: event.hook, kind: event.kind, event: event.event, succeeded: event.succeeded }
    case 'log':
      return { pod: event.pod, container: event.container, text: event.text }
    case 'note':
      return { severity: event.severity, text: event.text }
    case 'record-written':
      return { revision: event.revision, status: event.status }
    case 'release-finished':
      return { result: releaseResultDocument(event.result) }
  }
}

function refDocument({ apiVersion, kind, namespace = null, name }: Omit<ObjectRef, 'namespace'> & { readonly namespace?: string | null }): {
  readonly [field: string]: string | null
} {
  return { apiVersion, kind, namespace, name }
}
