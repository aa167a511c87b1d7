import { failure } from '../base/diagnostic.ts'
import { typeOf } from '../go/kind.ts'
import type { GoMap } from '../go/values.ts'
import type { Chart } from './chart.ts'
import { compileSchema } from './schema/compile-schema.ts'
import { violationLines } from './schema/display.ts'
import { validate } from './schema/validate.ts'

type Warn = (summary: string) => void

/** Lines that tell what is wrong with a chart's own values; undefined when nothing is. */
function checkOwn(schemaData: Uint8Array, values: GoMap, warn: Warn): readonly string[] | undefined {
  const { schema, error, unresolvedUrns } = compileSchema(schemaData)
  for (const urn of unresolvedUrns) warn(`unresolved URN reference ignored; using permissive schema urn=${urn}`)
  if (!schema) return [error as string]
  const violations = validate(values, schema)
  return violations && violationLines(violations)
}

function checkAll(chart: Chart, values: GoMap, warn: Warn): readonly string[] {
  const own = chart.schema ? checkOwn(chart.schema, values, warn) : undefined
  const lines = own ? [`${chart.metadata.name}:`, ...own] : []
  for (const subchart of chart.dependencies) {
    const { name } = subchart.metadata
    const below = values.get(name) ?? null
    if (below instanceof Map) lines.push(...checkAll(subchart, below, warn))
    else if (below !== null) lines.push(`${name}:`, `invalid type for values: expected object (map), got ${typeOf(below)}`)
  }
  return lines
}

/**
 * Checks coalesced `values` against the schemas of a chart and its subcharts.
 *
 * @throws DiagnosticError `chart/schema` with everything that is wrong, chart by chart, in the words of Helm's validator
 * Source: Helm 4.3.1 pkg/chart/common/util/jsonschema.go (ValidateAgainstSchema)
 */
export function validateValues(chart: Chart, values: GoMap, warn: Warn): void {
  const lines = checkAll(chart, values, warn)
  if (lines.length === 0) return
  const summary = `values don't meet the specifications of the schema(s) in the following chart(s):\n${lines.join('\n')}`
  throw failure('chart/schema', summary, { subject: `chart ${chart.metadata.name}` })
}
