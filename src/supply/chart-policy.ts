import { failure } from '../base/diagnostic.ts'

/** What charts from elsewhere must be. */
export interface ChartPolicy {
  /** Somebody of this keyring must have signed them; the machine's own keyring when it is empty. */
  readonly keyring?: string
  /** Beginnings of the only sources they may come from. */
  readonly sources?: readonly string[]
}

/** What may follow the beginning of a source, so that `https://a.example` does not allow `https://a.example.org`. */
const BOUNDARY = /^(?:$|[/ :@?])/

/**
 * Refuses a source (see `sourceName`) that a policy does not allow.
 * @throws DiagnosticError `supply/not-allowed`
 */
export function checkSource({ sources }: ChartPolicy, name: string): void {
  const isAllowed =
    sources === undefined || sources.some((start) => name.startsWith(start) && (start.endsWith('/') || BOUNDARY.test(name.slice(start.length))))
  if (isAllowed) return
  throw failure('supply/not-allowed', `${name} is no source that the settings allow`, {
    hint: 'use an allowed one, or add it to charts.sources in the settings',
    notes: [{ text: `allowed are: ${sources.join(', ') || 'none'}` }],
  })
}
