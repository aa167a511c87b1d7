import type { GoFunction, GoMap, GoObject, GoValue } from '../go/values.ts'
import type { Layer } from '../values/layer.ts'
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
  /** What `defaults` and `values` were merged from, lowest first. */
  readonly layers: EnvironmentLayers
}

/** The files and inline maps behind two of an environment's layers. */
export interface EnvironmentLayers {
  readonly defaults: readonly Layer[]
  readonly values: readonly Layer[]
}

/** An environment without any values. */
export function emptyEnvironment(name: string): Environment {
  return { name, kubeContext: '', defaults: new Map(), values: new Map(), overrides: new Map(), layers: { defaults: [], values: [] } }
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
    layers: stacked(lower.layers, upper.layers),
  }
}

/** Layers over layers. */
export function stacked(lower: EnvironmentLayers | undefined, upper: EnvironmentLayers): EnvironmentLayers {
  return { defaults: [...(lower?.defaults ?? []), ...upper.defaults], values: [...(lower?.values ?? []), ...upper.values] }
}

/** All that `.Values` is merged from, lowest first. */
export function layersOf({ layers, overrides }: Environment): readonly Layer[] {
  const given: Layer = { name: '--state-values-set', tree: overrides, secret: false, placeOf: () => undefined }
  return [...layers.defaults, ...layers.values, ...(overrides.size > 0 ? [given] : [])]
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
