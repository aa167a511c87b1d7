import { failure } from '../base/diagnostic.ts'
import { isStackOverflow } from '../base/stack-overflow.ts'
import { typeOf } from '../go/kind.ts'
import { GoError, type GoMap } from '../go/values.ts'
import type { Chart } from './chart.ts'
import { compileSchema } from './schema/compile-schema.ts'
import { violationLines } from './schema/display.ts'
import { validate } from './schema/validate.ts'

type Warn = (summary: string) => void

/** What is wrong with a chart's own values, as Helm ends it: with a line break where it is the values' fault. */
function ownFault(schemaData: Uint8Array, values: GoMap, warn: Warn): string | undefined {
  try {
    return faultOf(schemaData, values, warn)
  } catch (cause) {
    if (isStackOverflow(cause)) return 'values and schemas are nested too deep to be checked\n'
    if (cause instanceof GoError) return `${cause.message}\n`
    throw cause
  }
}

/** @throws GoError when that would take too long to find out */
function faultOf(schemaData: Uint8Array, values: GoMap, warn: Warn): string | undefined {
  const { schema, error, unresolvedUrns } = compileSchema(schemaData)
  for (const urn of unresolvedUrns) warn(`unresolved URN reference ignored; using permissive schema urn=${urn}`)
  if (!schema) return error
  const violations = validate(values, schema)
  return violations && `${violationLines(violations).join('\n')}\n`
}

/**
 * What is wrong with `values` by one schema, in the words of Helm's validator; undefined when nothing is.
 *
 * Source: Helm 4.3.1 pkg/chart/common/util/jsonschema.go (ValidateAgainstSingleSchema)
 */
export function schemaFault(schemaData: Uint8Array, values: GoMap): string | undefined {
  return ownFault(schemaData, values, () => {})
}

function allFaults(chart: Chart, values: GoMap, warn: Warn): string {
  const own = chart.schema ? ownFault(chart.schema, values, warn) : undefined
  const faults = own === undefined ? [] : [`${chart.metadata.name}:\n${own}`]
  for (const subchart of chart.dependencies) {
    const { name } = subchart.metadata
    const below = values.get(name) ?? null
    if (below instanceof Map) faults.push(allFaults(subchart, below, warn))
    else if (below !== null) faults.push(`${name}:\ninvalid type for values: expected object (map), got ${typeOf(below)}\n`)
  }
  return faults.join('')
}

/**
 * What is wrong with coalesced `values` by the schemas of a chart and its subcharts, chart by chart, in the words of Helm's validator;
 * undefined when nothing is.
 *
 * Source: Helm 4.3.1 pkg/chart/common/util/jsonschema.go (ValidateAgainstSchema)
 */
export function schemaFaults(chart: Chart, values: GoMap, warn: Warn): string | undefined {
  const faults = allFaults(chart, values, warn)
  return faults === '' ? undefined : `values don't meet the specifications of the schema(s) in the following chart(s):\n${faults}`
}

/**
 * Checks coalesced `values` against the schemas of a chart and its subcharts.
 *
 * @throws DiagnosticError `chart/schema` with everything that is wrong, as `schemaFaults` words it
 */
export function validateValues(chart: Chart, values: GoMap, warn: Warn): void {
  const faults = schemaFaults(chart, values, warn)
  if (faults === undefined) return
  throw failure('chart/schema', faults.replace(/\n$/, ''), { subject: `chart ${chart.metadata.name}` })
}
