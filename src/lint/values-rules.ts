import { coalesceTables } from '../chart/coalesce-values.ts'
import { conversionError } from '../chart/decode-struct.ts'
import { schemaFault } from '../chart/validate-values.ts'
import { stringFromBytes } from '../go/bytes.ts'
import { jsonKind } from '../go/json-kind.ts'
import type { GoMap, GoValue } from '../go/values.ts'
import { decodeYaml } from '../yaml/decode.ts'
import { YamlError } from '../yaml/yaml-error.ts'
import type { ChartFolder } from './chart-folder.ts'
import { errorText, type Findings } from './lint-message.ts'

const FILE = 'values.yaml'
const SCHEMA = 'values.schema.json'

function readValues(folder: ChartFolder): GoMap {
  let value: GoValue
  try {
    value = decodeYaml({ name: FILE, text: stringFromBytes(folder.read(FILE)) }, 'helm')
  } catch (error) {
    throw error instanceof YamlError ? conversionError(error) : error
  }
  if (value instanceof Map || value === null) return value ?? new Map()
  throw new Error(`error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${jsonKind(value)} into Go value of type common.Values`)
}

function valuesFault(folder: ChartFolder, given: GoMap, skipSchema: boolean): string | undefined {
  let values: GoMap
  try {
    values = readValues(folder)
  } catch (error) {
    return `unable to parse YAML: ${errorText(error)}`
  }
  if (skipSchema || folder.kindOf(SCHEMA) !== 'file') return undefined
  const schema = folder.read(SCHEMA)
  if (schema.length === 0) return undefined
  const silently = (): void => {}
  return schemaFault(schema, coalesceTables(coalesceTables(new Map(), given, silently), values, silently))
}

/**
 * Adds what is wrong with values.yaml, and with its values under those `given` by the chart's own schema.
 *
 * Source: Helm 4.3.1 pkg/chart/v2/lint/rules/values.go
 */
export function checkValues(folder: ChartFolder, given: GoMap, findings: Findings, options: { readonly skipSchemaValidation: boolean }): void {
  if (folder.kindOf(FILE) === undefined) {
    findings.push({ severity: 'info', path: FILE, text: 'file does not exist' })
    return
  }
  const fault = valuesFault(folder, given, options.skipSchemaValidation)
  if (fault !== undefined) findings.push({ severity: 'error', path: FILE, text: fault })
}
