import { type Diagnostic, DiagnosticError } from '../base/diagnostic.ts'
import { type ReleaseSpec, whereOf } from './spec.ts'

/** Keys that Helmfile knows and that change what is rendered or installed in ways that are not supported. */
const UNSUPPORTED = ['forceGoGetter'] as const

/**
 * Refuses a release that asks for what cannot be done, rather than doing something else.
 * @throws DiagnosticError `state/unsupported-key`, one for each key
 */
export function checkSupported(release: ReleaseSpec): void {
  const asked = UNSUPPORTED.filter((key) => isGiven(release[key]))
  if (asked.length === 0) return
  throw new DiagnosticError(
    asked.map(
      (key): Diagnostic => ({
        code: 'state/unsupported-key',
        severity: 'error',
        summary: `release "${release.name}" uses ${key}, which is not supported`,
        ...whereOf(release),
        hint: `remove ${key}, or leave this release out with a selector`,
      }),
    ),
  )
}

function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value)
}
