import { type Diagnostic, DiagnosticError } from '../base/diagnostic.ts'
import { isStackOverflow } from '../base/stack-overflow.ts'
import { typeOf } from '../go/kind.ts'
import { GoError, type GoMap } from '../go/values.ts'
import type { Chart } from './chart.ts'
import { compileSchema } from './schema/compile-schema.ts'
import { violationLines } from './schema/display.ts'
import { TOO_DEEP, type Violation, validate } from './schema/validate.ts'

type Warn = (summary: string) => void

/** One value that a schema refuses. */
export interface RefusedValue {
  /** In the values of the chart that was rendered. */
  readonly path: readonly string[]
  readonly message: string
}

/** Values that schemas refuse, one by one beside Helm's words. */
export class SchemaError extends DiagnosticError {
  readonly refused: readonly RefusedValue[]

  constructor(diagnostic: Diagnostic, refused: readonly RefusedValue[]) {
    super(diagnostic)
    this.name = 'SchemaError'
    this.refused = refused
  }
}

function* refusedIn(violations: readonly Violation[], above: readonly string[]): Generator<RefusedValue> {
  for (const { path, message, causes } of violations) {
    if (causes.length === 0) yield { path: [...above, ...path], message }
    yield* refusedIn(causes, above)
  }
}

/** The values to look at, where they lie, and what was found so far. */
interface Inspection {
  readonly values: GoMap
  readonly path: readonly string[]
  readonly refused: RefusedValue[]
}

/** What is wrong with a chart's own values, as Helm ends it: with a line break where it is the values' fault. */
function ownFault(schemaData: Uint8Array, inspection: Inspection, warn: Warn): string | undefined {
  try {
    return faultOf(schemaData, inspection, warn)
  } catch (cause) {
    if (isStackOverflow(cause)) return `${TOO_DEEP}\n`
    if (cause instanceof GoError) return `${cause.message}\n`
    throw cause
  }
}

/** @throws GoError when that would take too long to find out */
function faultOf(schemaData: Uint8Array, { values, path, refused }: Inspection, warn: Warn): string | undefined {
  const { schema, error, unresolvedUrns } = compileSchema(schemaData)
  for (const urn of unresolvedUrns) warn(`unresolved URN reference ignored; using permissive schema urn=${urn}`)
  if (!schema) return error
  const violations = validate(values, schema)
  if (!violations) return undefined
  for (const value of refusedIn(violations, path)) refused.push(value)
  return `${violationLines(violations).join('\n')}\n`
}

/**
 * What is wrong with `values` by one schema, in the words of Helm's validator; undefined when nothing is.
 *
 * Source: Helm 4.3.1 pkg/chart/common/util/jsonschema.go (ValidateAgainstSingleSchema)
 */
export function schemaFault(schemaData: Uint8Array, values: GoMap): string | undefined {
  return ownFault(schemaData, { values, path: [], refused: [] }, () => {})
}

function allFaults(chart: Chart, inspection: Inspection, warn: Warn): string {
  const { values, path, refused } = inspection
  const own = chart.schema ? ownFault(chart.schema, inspection, warn) : undefined
  const faults = own === undefined ? [] : [`${chart.metadata.name}:\n${own}`]
  for (const subchart of chart.dependencies) {
    const { name } = subchart.metadata
    const below = values.get(name) ?? null
    if (below instanceof Map) faults.push(allFaults(subchart, { values: below, path: [...path, name], refused }, warn))
    else if (below !== null) faults.push(`${name}:\ninvalid type for values: expected object (map), got ${typeOf(below)}\n`)
  }
  return faults.join('')
}

/**
 * What is wrong with coalesced `values` by the schemas of a chart and its subcharts, chart by chart, in the words of Helm's validator;
 * undefined when nothing is.
 *
 * @param refused filled with the values that are refused
 * Source: Helm 4.3.1 pkg/chart/common/util/jsonschema.go (ValidateAgainstSchema)
 */
export function schemaFaults(chart: Chart, values: GoMap, warn: Warn, refused: RefusedValue[] = []): string | undefined {
  const faults = allFaults(chart, { values, path: [], refused }, warn)
  return faults === '' ? undefined : `values don't meet the specifications of the schema(s) in the following chart(s):\n${faults}`
}

/**
 * Checks coalesced `values` against the schemas of a chart and its subcharts.
 *
 * @throws SchemaError `chart/schema` with everything that is wrong, as `schemaFaults` words it
 */
export function validateValues(chart: Chart, values: GoMap, warn: Warn): void {
  const refused: RefusedValue[] = []
  const faults = schemaFaults(chart, values, warn, refused)
  if (faults === undefined) return
  const summary = faults.replace(/\n$/, '')
  throw new SchemaError({ code: 'chart/schema', severity: 'error', summary, subject: `chart ${chart.metadata.name}` }, refused)
}
