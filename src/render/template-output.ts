import { basename } from 'node:path'
import { type DiagnosticError, failure } from '../base/diagnostic.ts'
import { nearest } from '../base/nearest.ts'
import type { HelmCompat } from '../chart/helm-compat.ts'
import { matchPath } from '../chart/match-path.ts'
import { trimSpace } from '../go/letter-case.ts'
import type { Rendered } from './rendered.ts'
import { splitManifests } from './split-manifests.ts'

/** What `helm template` leaves out of its output. */
export interface OutputOptions {
  readonly noHooks?: boolean
  readonly skipTests?: boolean
  /** Only documents of templates that match one of these patterns, relative to the chart (`templates/x.yaml`); empty: all. */
  readonly showOnly?: readonly string[]
  readonly helmCompat?: HelmCompat
  /** For files: every document to its last line break, as Helm writes them; what is printed ends with the last line that says something. */
  readonly forFiles?: boolean
}

function hookSections(rendered: Rendered, options: OutputOptions): string {
  if (options.noHooks) return ''
  const hooks = rendered.hooks.filter((hook) => !(options.skipTests && hook.events.includes('test')))
  return hooks.map((hook) => `---\n# Source: ${hook.path}\n${hook.text}\n`).join('')
}

/** The path behind the chart's name in a document's first `# Source:` line. */
function pathOf(document: string): string | undefined {
  return /# Source: [^/]+\/(.+)/.exec(document)?.[1]
}

/** The failure of a pattern that matches none of `documents`, with the path that was likely meant. */
function noSuchTemplate(pattern: string, documents: readonly string[]): DiagnosticError {
  const paths = documents.map(pathOf).filter((path) => path !== undefined)
  // The folders are seldom what is misspelt, and would make any two paths alike.
  const near = nearest(
    basename(pattern),
    paths.map((path) => basename(path)),
  )
  const meant = paths.find((path) => basename(path) === near)
  return failure('render/no-such-template', `could not find template ${pattern} in chart`, {
    ...(meant !== undefined && { hint: `write ${meant} if that is what you mean` }),
  })
}

function selected(output: string, patterns: readonly string[], compat: HelmCompat | undefined): string {
  const documents = splitManifests(output, compat)
  const shown = patterns.flatMap((pattern) => {
    const found = documents.filter((document) => {
      const path = pathOf(document)
      return path !== undefined && matchPath(pattern, path) === true
    })
    if (found.length === 0) throw noSuchTemplate(pattern, documents)
    return found
  })
  return shown.map((document) => `---\n${document}\n`).join('')
}

/**
 * What `helm template` prints on standard output for a rendered chart, byte for byte.
 *
 * @throws DiagnosticError `render/no-such-template` when a pattern of `showOnly` matches nothing
 * Source: Helm 4.3.1 pkg/cmd/template.go
 */
export function templateOutput(rendered: Rendered, options: OutputOptions = {}): string {
  const manifest = options.forFiles ? rendered.manifest : `${trimSpace(rendered.manifest)}\n`
  const output = `${manifest}${hookSections(rendered, options)}`
  return options.showOnly && options.showOnly.length > 0 ? selected(output, options.showOnly, options.helmCompat) : output
}
