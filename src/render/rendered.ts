import type { Span } from '../base/source.ts'
import type { KubeObject } from '../kinds/kube-object.ts'

/** When a hook runs: Helm's event names (`helm.sh/hook`). */
export type HookEvent =
  | 'pre-install'
  | 'post-install'
  | 'pre-delete'
  | 'post-delete'
  | 'pre-upgrade'
  | 'post-upgrade'
  | 'pre-rollback'
  | 'post-rollback'
  | 'test'

export type HookDeletePolicy = 'before-hook-creation' | 'hook-succeeded' | 'hook-failed'
export type HookOutputLogPolicy = 'hook-succeeded' | 'hook-failed'

/** One rendered object. */
export interface RenderedObject {
  /** The template it came from: `chart/templates/x.yaml`. */
  readonly path: string
  /** The document's text, exactly as it goes into the manifest. */
  readonly text: string
  readonly object: KubeObject
  /** Where in the template the document starts, when known. */
  readonly at?: Span
}

export interface Hook extends RenderedObject {
  readonly name: string
  readonly kind: string
  readonly events: readonly HookEvent[]
  readonly weight: number
  readonly deletePolicies: readonly HookDeletePolicy[]
  readonly outputLogPolicies: readonly HookOutputLogPolicy[]
}

/** What a chart and its values give. Object lists are in install order. */
export interface Rendered {
  readonly objects: readonly RenderedObject[]
  readonly hooks: readonly Hook[]
  /** From `crds/` folders, raw; applied before everything else and never templated. */
  readonly crds: readonly RenderedObject[]
  /** Helm's `release.manifest`: objects in install order, each with `---` and `# Source:`. */
  readonly manifest: string
  readonly notes: string
  readonly warnings: readonly string[]
}
