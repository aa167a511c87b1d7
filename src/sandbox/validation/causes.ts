import { sameJson } from '../../base/json.ts'
import type { Cause } from '../status.ts'

/** A value as it stands in an error's text. Source: apimachinery pkg/util/validation/field/errors.go */
function shown(value: unknown): string {
  return value === undefined ? 'null' : JSON.stringify(value)
}

export function invalidValue(field: string, value: unknown, detail: string): Cause {
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${shown(value)}: ${detail}`, field }
}

export function requiredValue(field: string, detail = ''): Cause {
  return { reason: 'FieldValueRequired', message: detail === '' ? 'Required value' : `Required value: ${detail}`, field }
}

export function unsupportedValue(field: string, value: unknown, supported: readonly string[]): Cause {
  const list = supported.map((s) => JSON.stringify(s)).join(', ')
  return { reason: 'FieldValueNotSupported', message: `Unsupported value: ${shown(value)}: supported values: ${list}`, field }
}

export function duplicateValue(field: string, value: unknown): Cause {
  return { reason: 'FieldValueDuplicate', message: `Duplicate value: ${shown(value)}`, field }
}

export function forbiddenField(field: string, detail: string): Cause {
  return { reason: 'FieldValueForbidden', message: `Forbidden: ${detail}`, field }
}

export function tooLong(field: string, limit: number): Cause {
  return { reason: 'FieldValueTooLong', message: `Too long: may not be more than ${limit} bytes`, field }
}

export function typeInvalid(field: string, value: unknown, detail: string): Cause {
  return { reason: 'FieldValueTypeInvalid', message: `Invalid value: ${shown(value)}: ${detail}`, field }
}

export function notFoundValue(field: string, value: unknown): Cause {
  return { reason: 'FieldValueNotFound', message: `Not found: ${shown(value)}`, field }
}

const NOT_NEGATIVE = 'must be greater than or equal to 0'

/** What is wrong with a count. */
export function nonNegative(field: string, value: unknown): readonly Cause[] {
  return typeof value === 'number' && value < 0 ? [invalidValue(field, value, NOT_NEGATIVE)] : []
}

/** What is wrong with a value that must be one of a few; undefined is nothing. */
export function oneOf(field: string, value: unknown, supported: readonly string[]): readonly Cause[] {
  return value === undefined || supported.includes(String(value)) ? [] : [unsupportedValue(field, value, supported)]
}

/** What is wrong with a port number. */
export function portNumber(field: string, value: unknown): readonly Cause[] {
  return typeof value === 'number' && (value < 1 || value > 65_535) ? [invalidValue(field, value, 'must be between 1 and 65535, inclusive')] : []
}

/** What is wrong with a value that may not change; undefined and absence are one. */
export function immutableField(field: string, value: unknown, before: unknown): readonly Cause[] {
  return sameJson(value, before) ? [] : [invalidValue(field, value, 'field is immutable')]
}
