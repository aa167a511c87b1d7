import type { Host } from '../base/host.ts'
import type { HelmCompat } from '../chart/helm-compat.ts'
import { offlineCapabilities } from '../render/capabilities.ts'
import { helmFacts } from '../render/helm-facts.ts'
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
  readonly helmCompat: HelmCompat | undefined
  readonly output: OutputOptions
}

/** A rendered release: what `helm template` prints, and what was odd. */
export interface Templated {
  readonly output: string
  readonly warnings: readonly string[]
}

/** The job of rendering `release`; the command line's `options` come before the release's own. */
export function templateJob(release: Release, options: TemplateStateOptions): TemplateJob {
  const { showOnly, skipTests, noHooks, forFiles } = { ...release.options, ...options }
  return {
    release: { name: release.name, namespace: release.namespace || 'default', isUpgrade: false, revision: 1 },
    kubeVersion: options.kubeVersion ?? release.options.kubeVersion,
    apiVersions: release.options.apiVersions ?? [],
    skipSchemaValidation: options.skipSchemaValidation ?? release.options.skipSchemaValidation ?? false,
    includeCrds: options.includeCrds ?? release.options.includeCrds ?? false,
    helmCompat: options.helmCompat,
    output: {
      ...(showOnly && { showOnly }),
      ...(skipTests && { skipTests }),
      ...(noHooks && { noHooks }),
      ...(forFiles && { forFiles }),
      ...(options.helmCompat && { helmCompat: options.helmCompat }),
    },
  }
}

/** What of `job` rendering is told. */
export function renderOptionsOf(
  host: Host,
  { release, kubeVersion, apiVersions, skipSchemaValidation, includeCrds, helmCompat }: TemplateJob,
): RenderOptions {
  const capabilities = offlineCapabilities({
    ...(kubeVersion && { kubeVersion }),
    apiVersions,
    helmVersion: helmFacts(helmCompat).built,
    ...(helmCompat && { helmCompat }),
  })
  return { host, release, capabilities, skipSchemaValidation, includeCrds }
}

/** What a release's rendered objects are printed as. @throws DiagnosticError as `templateOutput` */
export function templated(rendered: Rendered, { output }: TemplateJob): Templated {
  return { output: templateOutput(rendered, output), warnings: rendered.warnings }
}
