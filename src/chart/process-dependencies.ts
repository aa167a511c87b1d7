import type { GoMap, GoValue } from '../go/values.ts'
import type { Chart, ChartDependency } from './chart.ts'
import { coalesceValues, type ValuesWarning } from './coalesce-values.ts'
import { isCompatible } from './compatible-version.ts'
import type { HelmCompat } from './helm-compat.ts'
import { importValues } from './import-values.ts'
import { tableAt, valueAt } from './values-path.ts'

function matchesDependency(chart: Chart, dependency: ChartDependency): boolean {
  return chart.metadata.name === dependency.name && isCompatible(dependency.version ?? '', chart.metadata.version)
}

function renamed(chart: Chart, alias: string | undefined): Chart {
  return alias ? { ...chart, metadata: { ...chart.metadata, name: alias } } : chart
}

/** Subcharts that nobody declared, then one for each declaration that fits, under its alias. */
function declaredSubcharts(chart: Chart, declared: readonly ChartDependency[]): readonly Chart[] {
  const undeclared = chart.dependencies.filter((existing) => !declared.some((dependency) => matchesDependency(existing, dependency)))
  const chosen = declared.flatMap((dependency) => {
    const found = chart.dependencies.find((existing) => matchesDependency(existing, dependency))
    return found ? [renamed(found, dependency.alias)] : []
  })
  return [...undeclared, ...chosen]
}

/** What the tags say: undefined when none of them is set. */
function enabledByTags(dependency: ChartDependency, tags: GoMap, warn: ValuesWarning): boolean | undefined {
  const said = (dependency.tags ?? []).flatMap((tag): boolean[] => {
    const value = tags.get(tag)
    if (value === undefined) return []
    if (typeof value === 'boolean') return [value]
    warn(`returned non-bool value tag=${tag} chart=${dependency.name}`)
    return []
  })
  return said.length === 0 ? undefined : said.includes(true)
}

/** What the first condition with a boolean says: undefined when there is none. */
function enabledByCondition(dependency: ChartDependency, values: GoMap, path: string, warn: ValuesWarning): boolean | undefined {
  for (const condition of (dependency.condition ?? '').trim().split(',')) {
    if (condition === '') continue
    const value: GoValue | undefined = valueAt(values, path + condition)
    if (typeof value === 'boolean') return value
    if (value !== undefined) warn(`returned non-bool value path=${condition} chart=${dependency.name}`)
  }
  return undefined
}

function withEnabled(declared: readonly ChartDependency[], values: GoMap, path: string, warn: ValuesWarning): readonly ChartDependency[] {
  const tags = tableAt(values, 'tags')
  return declared.map((dependency) => {
    const byTags = 'table' in tags ? enabledByTags(dependency, tags.table, warn) : undefined
    return { ...dependency, enabled: enabledByCondition(dependency, values, path, warn) ?? byTags ?? true }
  })
}

interface Rules {
  readonly warn: ValuesWarning
  readonly compat: HelmCompat | undefined
}

/**
 * The chart without the dependencies that conditions and tags switch off, aliases applied. `values` are those of the root,
 * `path` leads from there to this chart (`sub.`).
 */
function selectDependencies(chart: Chart, values: GoMap, path: string, rules: Rules): Chart {
  const { warn, compat } = rules
  const declared = chart.metadata.dependencies
  if (!declared) return chart
  const present: Chart = { ...chart, dependencies: declaredSubcharts(chart, declared) }
  const coalesced = coalesceValues(present, values, warn, compat)
  const named = declared.map((dependency) => ({ ...dependency, name: dependency.alias || dependency.name }))
  const decided = withEnabled(named, coalesced, path, warn)
  const disabled = new Set(decided.filter((dependency) => !dependency.enabled).map((dependency) => dependency.name))
  const dependencies = present.dependencies
    .filter((dependency) => !disabled.has(dependency.metadata.name))
    .map((dependency) => selectDependencies(dependency, coalesced, `${path}${dependency.metadata.name}.`, rules))
  const kept = decided.filter((dependency) => !disabled.has(dependency.name))
  const { dependencies: _, ...rest } = chart.metadata
  return { ...chart, dependencies, metadata: kept.length > 0 ? { ...rest, dependencies: kept } : rest }
}

/**
 * The chart as it takes part in one release: dependencies switched on and off by conditions and tags, renamed by aliases, and
 * imported values in place. `values` are what the user gave; nothing given is changed.
 *
 * @throws DiagnosticError `chart/subchart-values`
 * Source: Helm 4.3.1 pkg/chart/v2/util/dependencies.go (ProcessDependencies)
 */
export function processDependencies(chart: Chart, values: GoMap, warn: ValuesWarning, compat?: HelmCompat): Chart {
  return importValues(selectDependencies(chart, values, '', { warn, compat }), warn, compat)
}

/**
 * The names of declared dependencies that are not there, by name only and for this chart only, in the order declared.
 *
 * Source: Helm 4.3.1 pkg/action/install.go (CheckDependencies)
 */
export function missingDependencies(chart: Chart): readonly string[] {
  const present = new Set(chart.dependencies.map((dependency) => dependency.metadata.name))
  return (chart.metadata.dependencies ?? []).map((dependency) => dependency.name).filter((name) => !present.has(name))
}
