import { type LintMessage, messageLine } from '../lint/lint-message.ts'

/** One chart's findings. */
interface Linted {
  readonly path: string
  readonly messages: readonly LintMessage[]
  readonly error?: string
  readonly failed: boolean
}

function hasWarnings({ messages, error }: Linted): boolean {
  return error !== undefined || messages.some(({ severity }) => severity !== 'info')
}

function chartText({ path, messages, error }: Linted, quiet: boolean): string {
  const lines = messages.filter(({ severity }) => !quiet || severity !== 'info').map(messageLine)
  return [`==> Linting ${path}`, ...(error === undefined ? [] : [`Error ${error}`]), ...lines, '', ''].join('\n')
}

/** How many were looked at and failed, as one line without its end. */
export function lintSummary(charts: readonly Linted[]): string {
  return `${charts.length} chart(s) linted, ${charts.filter(({ failed }) => failed).length} chart(s) failed`
}

/**
 * What `helm lint` prints on standard output; `quiet` leaves out recommendations and charts without anything else. The summary is
 * missing where a chart failed: it is the error then.
 *
 * Source: Helm 4.3.1 pkg/cmd/lint.go
 */
export function lintText(charts: readonly Linted[], { quiet = false }: { readonly quiet?: boolean } = {}): string {
  const shown = charts.filter((chart) => !quiet || hasWarnings(chart))
  const summary = charts.some(({ failed }) => failed) || shown.length === 0 ? '' : `${lintSummary(charts)}\n`
  return `${shown.map((chart) => chartText(chart, quiet)).join('')}${summary}`
}
