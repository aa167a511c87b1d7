import { isObject, type JsonObject } from '../../base/json.ts'
import { type MutableObject, member, setMember } from '../json.ts'
import { canonicalQuantity } from './quantity.ts'
import type { Field, MapSchema, ScalarName, Schema } from './schema.ts'

/** What reading a value into a type found. Paths are like `spec.template.spec.containers[0].foo`. */
export interface Conformed {
  readonly value: unknown
  readonly unknown: readonly string[]
  readonly mismatches: readonly Mismatch[]
}

export interface Mismatch {
  readonly path: string
  readonly expected: ScalarName | 'map' | 'list'
  readonly got: unknown
  /** The Go struct whose field this is, empty for the object itself. */
  readonly holder: string
}

interface Report {
  readonly unknown: string[]
  readonly mismatches: Mismatch[]
  /** Custom resources keep zero values and nulls as they were written. */
  readonly isGo: boolean
  readonly holder: string
}

/**
 * A value as an API server holds it after reading it into its Go type (`go`) or pruning it by its definition's schema (`crd`):
 * without unknown members, and for Go types with zero values left out or filled in as the struct's tags say.
 */
export function conform(value: unknown, schema: Schema, style: 'go' | 'crd'): Conformed {
  const report: Report = { unknown: [], mismatches: [], isGo: style === 'go', holder: '' }
  const result = read(value, schema, '', report)
  return { value: result, unknown: report.unknown, mismatches: report.mismatches }
}

function read(value: unknown, schema: Schema, path: string, report: Report): unknown {
  if (schema.type === 'any') return value
  if (value === null) return null
  if (schema.type === 'scalar') return readScalar(value, schema.scalar, path, report)
  if (schema.type === 'list') {
    if (Array.isArray(value)) return value.map((item, i) => read(item, schema.element(), `${path}[${i}]`, report))
    report.mismatches.push({ path, expected: 'list', got: value, holder: report.holder })
    return value
  }
  if (isObject(value)) return readMembers(value, schema, path, report)
  report.mismatches.push({ path, expected: 'map', got: value, holder: report.holder })
  return value
}

function readMembers(object: JsonObject, schema: MapSchema, path: string, outer: Report): JsonObject {
  const out: MutableObject = {}
  const report = schema.name === undefined ? outer : { ...outer, holder: path === '' ? '' : schema.name }
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue
    const field = schema.fields.get(key)
    const where = path === '' ? key : `${path}.${key}`
    if (field) {
      const kept =
        report.isGo || key === 'metadata'
          ? withoutZero(read(value, field.schema(), where, { ...report, isGo: true }), field)
          : read(value, field.schema(), where, report)
      if (kept !== undefined) setMember(out, key, kept)
    } else if (schema.element) {
      // Go names the map, not its key, when a member does not fit.
      const kept = read(value, schema.element(), report.isGo && schema.fields.size === 0 ? path : where, report)
      setMember(out, key, kept === null && report.isGo ? zeroOf(schema.element()) : kept)
    } else if (value !== null || !report.isGo) report.unknown.push(where)
  }
  if (report.isGo) fillZeros(out, schema)
  return out
}

function withoutZero(value: unknown, field: Field): unknown {
  if (value === null || (field.zero === 'fill' && Array.isArray(value) && value.length === 0)) return undefined
  return field.zero === 'omit' && isZero(value) ? undefined : value
}

function isZero(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  return value === '' || value === 0 || value === false || (isObject(value) && Object.keys(value).length === 0)
}

function fillZeros(out: MutableObject, schema: MapSchema): void {
  for (const [key, field] of filledFields(schema)) {
    if (member(out, key) === undefined) out[key] = field.zero === 'null' ? null : zeroOf(field.schema())
  }
}

const filled = new WeakMap<MapSchema, readonly (readonly [string, Field])[]>()

/** The fields Go writes even where they hold nothing. */
function filledFields(schema: MapSchema): readonly (readonly [string, Field])[] {
  const known = filled.get(schema)
  if (known) return known
  const fields = [...schema.fields].filter(([, field]) => field.zero === 'fill' || field.zero === 'null')
  filled.set(schema, fields)
  return fields
}

function zeroOf(schema: Schema): unknown {
  if (schema.type === 'map') {
    if (schema.element) return null
    const out: MutableObject = {}
    fillZeros(out, schema)
    return out
  }
  if (schema.type !== 'scalar') return null
  return { string: '', integer: 0, number: 0, boolean: false, quantity: '0', 'int-or-string': 0, time: null, bytes: null }[schema.scalar]
}

function readScalar(value: unknown, scalar: ScalarName, path: string, report: Report): unknown {
  const good = isGood(value, scalar)
  if (!good) report.mismatches.push({ path, expected: scalar, got: value, holder: report.holder })
  return good && scalar === 'quantity' ? (canonicalQuantity(String(value)) ?? value) : value
}

function isGood(value: unknown, scalar: ScalarName): boolean {
  switch (scalar) {
    case 'string':
    case 'time':
      return typeof value === 'string'
    case 'integer':
      return Number.isInteger(value)
    case 'number':
    case 'boolean':
      return typeof value === scalar
    case 'bytes':
      return typeof value === 'string' && isBase64(value)
    case 'quantity':
      return (typeof value === 'string' || typeof value === 'number') && canonicalQuantity(String(value)) !== undefined
    case 'int-or-string':
      return typeof value === 'string' || Number.isInteger(value)
  }
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
}
