import { sprint } from '../go/printf.ts'
import { type GoMap, type GoValue, withGoType } from '../go/values.ts'
import type { Chart, ChartDependency } from './chart.ts'
import { copyMap, mergeChartValues, mergeKeepingNulls, type ValuesWarning } from './coalesce-values.ts'
import type { HelmCompat } from './helm-compat.ts'
import { tableAt } from './values-path.ts'

/** One entry of import-values: what is taken from the child, and where it goes in the parent (`.`: the top). */
interface Import {
  readonly child: string
  readonly parent: string
}

function importOf(entry: unknown): Import | undefined {
  if (typeof entry === 'string') return { child: `exports.${entry}`, parent: '.' }
  if (!(entry instanceof Map)) return undefined
  return { child: sprint([(entry.get('child') as GoValue) ?? null]), parent: sprint([(entry.get('parent') as GoValue) ?? null]) }
}

/** As Helm leaves the entry behind for templates (`.Chart.Dependencies`). */
function normalized(entry: Import): GoMap {
  return withGoType(
    new Map([
      ['child', entry.child],
      ['parent', entry.parent],
    ]),
    'map[string]string',
  )
}

function wrapped(path: string, table: GoMap): GoMap {
  if (path === '.') return table
  return path.split('.').reduceRight<GoMap>((inner, name) => new Map([[name, inner]]), table)
}

interface Importing {
  readonly warn: ValuesWarning
  readonly compat: HelmCompat | undefined
}

function importFrom(dependency: ChartDependency, values: GoMap, imported: GoMap, { warn, compat }: Importing): readonly unknown[] {
  const entries: unknown[] = []
  for (const raw of dependency['import-values'] ?? []) {
    const entry = importOf(raw)
    if (!entry) continue
    entries.push(normalized(entry))
    const found = tableAt(values, `${dependency.name}.${entry.child}`)
    if ('table' in found) mergeKeepingNulls(imported, wrapped(entry.parent, found.table), warn, compat)
    else if (typeof raw === 'string') warn(`ImportValues missing table: ${found.error}`)
    else warn(`ImportValues missing table from chart ${dependency.name}: ${found.error}`)
  }
  return entries
}

/**
 * The chart with the values its dependencies export laid under its own, subcharts first. The chart itself is not changed.
 *
 * @throws DiagnosticError `chart/subchart-values`
 * Source: Helm 4.3.1 pkg/chart/v2/util/dependencies.go (processDependencyImportValues)
 */
export function importValues(chart: Chart, warn: ValuesWarning, compat?: HelmCompat): Chart {
  const done: Chart = { ...chart, dependencies: chart.dependencies.map((dependency) => importValues(dependency, warn, compat)) }
  const declared = done.metadata.dependencies
  if (!declared) return done
  const values = mergeChartValues(done, warn, compat)
  const imported: GoMap = new Map()
  const dependencies = declared.map((dependency) => ({ ...dependency, 'import-values': importFrom(dependency, values, imported, { warn, compat }) }))
  const metadata = { ...done.metadata, dependencies }
  if (imported.size === 0) return { ...done, metadata, values }
  // What was imported shares entries with `values`, and merging changes both sides.
  return { ...done, metadata, values: mergeKeepingNulls(copyMap(values), imported, warn, compat) }
}
