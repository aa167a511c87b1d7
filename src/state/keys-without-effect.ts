import type { Diagnostic } from '../base/diagnostic.ts'
import type { HelmDefaultsSpec, ReleaseSpec, RepositorySpec } from './spec.ts'
import type { StateFile } from './state.ts'

/** Keys that Helmfile passes on to programs that do not run here. */
interface WithoutEffect {
  readonly release?: readonly (keyof ReleaseSpec)[]
  readonly defaults?: readonly (keyof HelmDefaultsSpec)[]
  readonly repository?: readonly (keyof RepositorySpec)[]
  readonly why: string
  readonly hint?: string
}

/** What to do about fields that the server would refuse. */
export const WITHOUT_UNKNOWN_FIELDS: string = 'remove fields that the server does not know, with jsonPatches where the chart cannot be changed'

const TABLE: readonly WithoutEffect[] = [
  {
    release: [
      ...(['trackMode', 'trackTimeout', 'trackLogs', 'trackFailedLogs', 'trackFailOnError', 'trackKinds', 'skipKinds', 'trackResources'] as const),
      ...(['kubedogQPS', 'kubedogBurst'] as const),
    ],
    defaults: ['trackMode'],
    why: 'how objects become ready is followed without kubedog',
    hint: 'use wait and timeout where a release is to wait for them',
  },
  {
    release: ['helmStuckGrace', 'waitRetries'],
    defaults: ['helmStuckGrace', 'waitRetries'],
    why: 'no Helm runs that could hang or would have to ask again',
  },
  { defaults: ['diffArgs'], why: 'no helm-diff runs that they could be passed to', hint: 'use the options of "flotilla diff"' },
  {
    release: ['suppressOutputLineRegex'],
    defaults: ['suppressOutputLineRegex'],
    why: 'fields are compared, not lines',
    hint: 'use diff.ignore of the settings',
  },
  {
    release: ['disableValidation', 'disableValidationOnInstall', 'disableOpenAPIValidation'],
    defaults: ['disableValidation', 'disableOpenAPIValidation'],
    why: 'the server judges every object',
    hint: WITHOUT_UNKNOWN_FIELDS,
  },
  {
    release: ['disableAutoDetectedKubeVersionForDiff'],
    defaults: ['disableAutoDetectedKubeVersionForDiff'],
    why: 'charts get the version of their cluster',
    hint: 'use kubeVersion to name another one',
  },
  {
    release: ['recreatePods'],
    defaults: ['recreatePods'],
    why: 'Helm has no such option any more',
    hint: 'give pods an annotation that changes when they are to be made anew',
  },
  {
    release: ['updateStrategy'],
    why: 'no release is removed so that it can be installed again',
    hint: 'name the objects that may be made anew in --recreate or in apply.recreate of the settings',
  },
  { repository: ['registryConfig'], why: 'credentials come from the files of Helm and Docker', hint: 'name the file in HELM_REGISTRY_CONFIG' },
]

/** A warning for each reason why keys of `files` change nothing when releases are compared or written, with the keys that are set. */
export function keysWithoutEffect(files: readonly StateFile[]): readonly Diagnostic[] {
  return TABLE.flatMap((row) => {
    const keys = [...new Set(files.flatMap((file) => keysIn(file, row)))]
    if (keys.length === 0) return []
    const summary = `${keys.join(', ')} ${keys.length === 1 ? 'has' : 'have'} no effect: ${row.why}`
    return [{ code: 'state/no-effect', severity: 'warning' as const, summary, ...(row.hint && { hint: row.hint }) }]
  })
}

function keysIn({ spec, selected }: StateFile, { release = [], defaults = [], repository = [] }: WithoutEffect): readonly string[] {
  return [
    ...release.filter((key) => selected.some((one) => asks(key, one.spec[key]))),
    ...defaults.filter((key) => asks(key, spec.helmDefaults?.[key])).map((key) => `helmDefaults.${key}`),
    ...repository.filter((key) => spec.repositories?.some((one) => asks(key, one[key]))).map((key) => `repositories[].${key}`),
  ]
}

/** Nothing is lost where a key asks for nothing, or for one of Helm's own ways of waiting. */
function asks(key: string, value: unknown): boolean {
  if (key === 'trackMode' && (value === 'helm' || value === 'helm-legacy')) return false
  return Array.isArray(value) ? value.length > 0 : Boolean(value)
}
