import type { HelmCompat } from '../chart/helm-compat.ts'
import { defaultApiVersions } from './default-api-versions.ts'

/** What one Helm tells charts, and how it differs from the newest. */
export interface HelmFacts {
  /** `.Capabilities.HelmVersion.Version` of a released program, and of one built from its module, as recorded outputs are from. */
  readonly released: string
  readonly built: string
  readonly goVersion: string
  /** Absent from the structure of Helm 3. */
  readonly kubeClientVersion: string | undefined
  /** The Kubernetes version taken where there is no cluster. */
  readonly kubeMinor: string
  readonly apiVersions: readonly string[]
  /** Functions that this Helm lacks. */
  readonly missingFunctions: ReadonlySet<string>
  /** Kinds that have no place of their own in this Helm's install order. */
  readonly unorderedKinds: ReadonlySet<string>
}

const durations = [
  'mustToDuration',
  'durationSeconds',
  'durationMilliseconds',
  'durationMicroseconds',
  'durationNanoseconds',
  'durationMinutes',
  'durationHours',
  'durationDays',
  'durationWeeks',
  'durationRoundTo',
  'durationTruncateTo',
]

/** The newest list with each of `replaced` in the place of its key; an empty text takes the key out. */
function versions(
  replaced: Readonly<Record<string, string>>,
  more: readonly (readonly [before: string, added: readonly string[]])[] = [],
): readonly string[] {
  const added = new Map(more)
  return defaultApiVersions.flatMap((version) => [...(added.get(version) ?? []), replaced[version] ?? version]).filter((version) => version !== '')
}

/** Source: Helm 3.18.6, 4.2.3 and 4.3.1: pkg/chartutil or pkg/chart/common capabilities.go, engine/funcs.go, kind_sorter.go; `helm template` */
const facts: Readonly<Record<HelmCompat, HelmFacts>> = {
  '3': {
    released: 'v3.18.6',
    built: 'v3.18',
    goVersion: 'go1.24.6',
    kubeClientVersion: undefined,
    kubeMinor: '33',
    apiVersions: versions(
      {
        'lifecycle.k8s.io/v1alpha1': '',
        'resource.k8s.io/v1': '',
        'scheduling.k8s.io/v1alpha3': 'scheduling.k8s.io/v1alpha1',
        'storagemigration.k8s.io/v1': 'storagemigration.k8s.io/v1alpha1',
        'storagemigration.k8s.io/v1beta1': '',
      },
      [
        ['batch/v1', ['autoscaling/v2beta1', 'autoscaling/v2beta2']],
        ['networking.k8s.io/v1beta1', ['networking.k8s.io/v1alpha1']],
      ],
    ),
    missingFunctions: new Set([...durations, 'mustToYaml', 'mustToToml']),
    unorderedKinds: new Set(['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']),
  },
  '4.2': {
    released: 'v4.2.3',
    built: 'v4.2',
    goVersion: 'go1.26.8',
    kubeClientVersion: 'v1.36',
    kubeMinor: '36',
    apiVersions: versions({
      'lifecycle.k8s.io/v1alpha1': '',
      'scheduling.k8s.io/v1alpha3': 'scheduling.k8s.io/v1alpha2',
      'storagemigration.k8s.io/v1': '',
    }),
    missingFunctions: new Set(durations),
    unorderedKinds: new Set(),
  },
  '4': {
    released: 'v4.3.1',
    built: 'v4.3',
    goVersion: 'go1.26.8',
    kubeClientVersion: 'v1.37',
    kubeMinor: '37',
    apiVersions: defaultApiVersions,
    missingFunctions: new Set(),
    unorderedKinds: new Set(),
  },
}

/** What the Helm that `compat` stands for tells charts; the newest one's where nothing is chosen. */
export function helmFacts(compat: HelmCompat | undefined): HelmFacts {
  return facts[compat ?? '4']
}
