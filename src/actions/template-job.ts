import type { Host } from '../base/host.ts'
import { offlineCapabilities } from '../render/capabilities.ts'
import type { RenderOptions } from '../render/render-chart.ts'
import type { Rendered } from '../render/rendered.ts'
import { type OutputOptions, templateOutput } from '../render/template-output.ts'
import type { Release } from '../state/state.ts'
import type { TemplateStateOptions } from './template-state.ts'

/** All that rendering a release needs beside chart and values; plain data. */
export interface TemplateJob {
  readonly release: RenderOptions['release']
  readonly kubeVersion: string | undefined
  readonly apiVersions: readonly string[]
  readonly skipSchemaValidation: boolean
  readonly includeCrds: boolean
  readonly output: OutputOptions
}

/** A rendered release: what `helm template` prints, and what was odd. */
export interface Templated {
  readonly output: string
  readonly warnings: readonly string[]
}

/** What charts see as `.Capabilities.HelmVersion` when rendered on the command line. */
const HELM_VERSION = 'v4.3'

/** The job of rendering `release`; the command line's `options` come before the release's own. */
export function templateJob(release: Release, options: TemplateStateOptions): TemplateJob {
  const { showOnly, skipTests, noHooks } = { ...release.options, ...options }
  return {
    release: { name: release.name, namespace: release.namespace || 'default', isUpgrade: false, revision: 1 },
    kubeVersion: options.kubeVersion ?? release.options.kubeVersion,
    apiVersions: release.options.apiVersions ?? [],
    skipSchemaValidation: options.skipSchemaValidation ?? release.options.skipSchemaValidation ?? false,
    includeCrds: options.includeCrds ?? release.options.includeCrds ?? false,
    output: { ...(showOnly && { showOnly }), ...(skipTests && { skipTests }), ...(noHooks && { noHooks }) },
  }
}

/** What of `job` rendering is told. */
export function renderOptionsOf(host: Host, { release, kubeVersion, apiVersions, skipSchemaValidation, includeCrds }: TemplateJob): RenderOptions {
  const capabilities = offlineCapabilities({ ...(kubeVersion && { kubeVersion }), apiVersions, helmVersion: HELM_VERSION })
  return { host, release, capabilities, skipSchemaValidation, includeCrds }
}

/** What a release's rendered objects are printed as. @throws DiagnosticError as `templateOutput` */
export function templated(rendered: Rendered, { output }: TemplateJob): Templated {
  return { output: templateOutput(rendered, output), warnings: rendered.warnings }
}
