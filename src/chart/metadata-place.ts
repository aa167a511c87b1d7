import { DiagnosticError } from '../base/diagnostic.ts'
import type { Source, Span } from '../base/source.ts'
import { placeInNode } from '../values/place-in-node.ts'
import { parseYaml } from '../yaml/compose.ts'

/** Where a field of Chart.yaml stands, the last file counting most; its beginning where the field is missing. */
export function placeOfField(sources: readonly Source[], field: string): Span | undefined {
  for (const source of sources.toReversed()) {
    const at = parseYaml(source, 'helm').map(({ root }) => placeInNode(root, [field]))[0]
    if (at) return at
  }
  const [first] = sources
  return first && { source: first, start: 0, end: 0 }
}

const HINTS: readonly (readonly [summary: RegExp, hint: string])[] = [
  [/chart\.metadata\.(\w+) is required$/, 'add it to Chart.yaml, on a line of its own'],
  [/chart\.metadata\.version .* is invalid$/, 'a version has three numbers, as in 1.2.3 or 1.2.3-rc.1'],
  [/disallowed characters in the alias$/, 'an alias has letters, digits, - and _ only'],
  [/^validation: more than one dependency/, 'give one of them another alias'],
]

/** The error of metadata that break a rule, with the place of the field that does. */
export function placedInMetadata(error: unknown, sources: readonly Source[]): unknown {
  if (!(error instanceof DiagnosticError)) return error
  return error.withDiagnostics(
    error.diagnostics.map((diagnostic) => {
      const { summary } = diagnostic
      const field = /chart\.metadata\.(\w+)/.exec(summary)?.[1] ?? (summary.includes('maintainers') ? 'maintainers' : 'dependencies')
      const at = placeOfField(sources, field)
      const hint = HINTS.find(([pattern]) => pattern.test(summary))?.[1]
      return { ...diagnostic, ...(at ? { at } : {}), ...(hint === undefined ? {} : { hint }) }
    }),
  )
}
