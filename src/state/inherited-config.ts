import type { Environment } from './environment.ts'
import { helmDefaultsShape } from './known-keys.ts'
import type { LoadedFile } from './load-file.ts'
import { mergeSpec } from './merge-spec.ts'
import type { RepositorySpec, StateSpec } from './spec.ts'

/** What a nested file takes over from its parent: the parts named by `inherits`. */
export interface InheritedConfig {
  readonly spec: Pick<StateSpec, 'repositories' | 'helmDefaults' | 'commonLabels' | 'apiVersions' | 'kubeVersion' | 'templates'>
  readonly environment: Environment | undefined
}

const SPEC_KEYS = ['repositories', 'helmDefaults', 'commonLabels', 'apiVersions', 'kubeVersion', 'templates'] as const

/** The parts of `parent` that `wanted` names. */
export function inheritedConfig(parent: LoadedFile, wanted: readonly string[]): InheritedConfig {
  const keys = SPEC_KEYS.filter((key) => wanted.includes(key) && parent.spec[key] !== undefined)
  const spec = Object.fromEntries(keys.map((key) => [key, parent.spec[key]]))
  return { spec, environment: wanted.includes('environments') ? parent.environment : undefined }
}

/**
 * The child with the gaps filled that it leaves: its own entries win, lists keep the parent's items first.
 * Source: Helmfile 1.8 pkg/state/inherited.go MergeInherited
 */
export function mergeInherited(child: StateSpec, config: InheritedConfig | undefined): StateSpec {
  if (!config) return child
  const { repositories, helmDefaults, commonLabels, apiVersions, kubeVersion, templates } = config.spec
  return {
    ...child,
    ...(repositories ? { repositories: lastByName([...repositories, ...(child.repositories ?? [])]) } : {}),
    ...(helmDefaults
      ? { helmDefaults: mergeSpec(helmDefaultsShape, child.helmDefaults ?? {}, helmDefaults, { override: false, lists: 'replace' }) }
      : {}),
    ...(commonLabels ? { commonLabels: new Map([...commonLabels, ...(child.commonLabels ?? [])]) } : {}),
    ...(apiVersions ? { apiVersions: [...new Set([...apiVersions, ...(child.apiVersions ?? [])])] } : {}),
    ...(kubeVersion && !child.kubeVersion ? { kubeVersion } : {}),
    ...(templates ? { templates: new Map([...templates, ...(child.templates ?? [])]) } : {}),
  }
}

function lastByName(repositories: readonly RepositorySpec[]): readonly RepositorySpec[] {
  const last = new Map(repositories.map((repository, i) => [repository.name, i]))
  return repositories.filter((repository, i) => last.get(repository.name) === i)
}
