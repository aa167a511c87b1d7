/** How grave a finding is: `error` keeps a chart from being installed, `warning` breaks with a convention, `info` recommends. */
export type LintSeverity = 'info' | 'warning' | 'error'

/** One finding about one chart. */
export interface LintMessage {
  readonly severity: LintSeverity
  /** The file it is about, relative to the chart; the chart's own path for what concerns its dependencies; empty for a chart that cannot be read. */
  readonly path: string
  /** In Helm's words; may hold line breaks. */
  readonly text: string
}

/** Gets the findings of a rule. */
export type Findings = LintMessage[]

/** The message of an error as Go prints it: the summaries of its diagnostics, or its own text. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { diagnostics } = error as { readonly diagnostics?: readonly { readonly summary: string }[] }
  // A render error's own message is Helm's wording; the diagnostics say it for people.
  if (diagnostics === undefined || error.name === 'RenderError') return error.message
  return diagnostics.map(({ summary }) => summary).join('\n')
}

/** One line of `helm lint`, such as `[WARNING] templates/x.yaml: …`. */
export function messageLine({ severity, path, text }: LintMessage): string {
  return `[${severity.toUpperCase()}] ${path}: ${text}`
}
