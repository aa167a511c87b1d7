import type { GoFunction, GoMap, GoObject, GoValue } from '../go/values.ts'
import { mergeMaps } from '../values/merge-maps.ts'

/** The values of one environment in their three layers, as they grow while the parts of a file are read. */
export interface Environment {
  readonly name: string
  readonly kubeContext: string
  /** Root `values`. */
  readonly defaults: GoMap
  /** Values of the environment, of values files given on the command line, and of a parent's entry. */
  readonly values: GoMap
  /** `--state-values-set` and `--state-values-set-string`: their lists merge by index. */
  readonly overrides: GoMap
}

/** An environment without any values. */
export function emptyEnvironment(name: string): Environment {
  return { name, kubeContext: '', defaults: new Map(), values: new Map(), overrides: new Map() }
}

/** `upper` laid over `lower`, layer by layer. Source: Helmfile 1.8 pkg/environment Merge */
export function mergeEnvironments(lower: Environment | undefined, upper: Environment | undefined): Environment | undefined {
  if (!lower || !upper) return lower ?? upper
  return {
    name: upper.name || lower.name,
    kubeContext: upper.kubeContext || lower.kubeContext,
    defaults: mergeMaps(lower.defaults, upper.defaults),
    values: mergeMaps(lower.values, upper.values),
    overrides: mergeMaps(lower.overrides, upper.overrides, 'by-index'),
  }
}

/** `.Values`: the three layers over one another. */
export function mergedValues(environment: Environment): GoMap {
  return mergeMaps(mergeMaps(environment.defaults, environment.values), environment.overrides, 'by-index')
}

/** What `.Values` of `.Environment` shows in state templates: the command line's values are in it. */
export function withOverridesInValues(environment: Environment): Environment {
  return { ...environment, values: mergeMaps(environment.values, environment.overrides, 'by-index') }
}

/** `.Environment` as templates see it. */
export function environmentObject(environment: Environment): GoObject {
  return structObject('environment.Environment', {
    Name: environment.name,
    KubeContext: environment.kubeContext,
    Values: environment.values,
    Defaults: environment.defaults,
    CLIOverrides: environment.overrides,
  })
}

/** A Go struct with the fields given, no methods, for templates. */
export function structObject(goType: string, fields: Readonly<Record<string, GoValue>>): GoObject {
  return {
    goType,
    goKind: 'struct',
    field: (name) => (Object.hasOwn(fields, name) ? fields[name] : undefined),
    method: (): GoFunction | undefined => undefined,
    plain: () => new Map(Object.entries(fields)),
  }
}
