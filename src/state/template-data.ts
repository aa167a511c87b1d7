import { type GoMap, type GoObject, type GoValue, isGoObject, withGoType } from '../go/values.ts'
import { deepCopy } from '../template/functions/deep-copy.ts'
import { type Environment, environmentObject, structObject, withOverridesInValues } from './environment.ts'
import type { ReleaseSpec } from './spec.ts'

/** `.` of state files and environment values files. Source: Helmfile 1.8 pkg/state/types.go */
export function stateTemplateData(environment: Environment, namespace: string, values: GoMap): GoObject {
  return structObject('*state.EnvironmentTemplateData', {
    Environment: environmentObject(withOverridesInValues(environment)),
    Namespace: namespace,
    Values: values,
    StateValues: values,
  })
}

/** What the whole file says to every release's templates. */
export interface ReleaseSurroundings {
  readonly environment: Environment
  readonly values: GoMap
  /** `--kube-context`, `--namespace` and `--chart`, or the root keys of these names. */
  readonly kubeContext: string
  readonly namespace: string
  readonly chart: string
}

/** `.` of expressions in a release and of its values files. */
export function releaseTemplateData(around: ReleaseSurroundings, release: ReleaseSpec): GoObject {
  return structObject('state.releaseTemplateData', {
    Environment: sharedObject(around.environment),
    Release: releaseObject(release),
    Values: around.values,
    StateValues: around.values,
    KubeContext: around.kubeContext,
    Namespace: around.namespace,
    Chart: around.chart,
  })
}

const shared = new WeakMap<Environment, GoObject>()

/** One object for all releases of a file. */
function sharedObject(environment: Environment): GoObject {
  const known = shared.get(environment) ?? environmentObject(environment)
  shared.set(environment, known)
  return known
}

/** `.Release` of expressions in a release, of its values files and hooks. */
function releaseObject(release: ReleaseSpec): GoObject {
  return structObject('state.releaseTemplateDataRelease', {
    Name: release.name ?? '',
    Namespace: release.namespace ?? '',
    Labels: withGoType(new Map(release.labels), 'map[string]string'),
    Chart: release.chart ?? '',
    ChartVersion: release.version ?? '',
    KubeContext: release.kubeContext ?? '',
  })
}

const WITH_VALUES: ReadonlySet<string> = new Set(['*state.EnvironmentTemplateData', 'state.releaseTemplateData', 'environment.Environment'])

/**
 * `data` of a state file or a release with values of its own, `.Environment`'s too: a template that changes them changes them for
 * nobody else. Anything else is given back as it is.
 */
export function withOwnValues(data: GoValue): GoValue {
  if (!isGoObject(data) || !WITH_VALUES.has(data.goType)) return data
  const fields = data.plain?.() as GoMap
  const copies = new Map<GoValue, GoValue>()
  const own = (value: GoValue): GoValue => {
    if (isGoObject(value)) return withOwnValues(value)
    if (!(value instanceof Map)) return value
    const copy = copies.get(value) ?? deepCopy(value)
    copies.set(value, copy)
    return copy
  }
  return structObject(data.goType, Object.fromEntries([...fields].map(([key, value]) => [key, own(value)])))
}
