import { decodeJson } from '../../go/json-decode.ts'
import { encodeJson, type JsonOptions } from '../../go/json-encode.ts'
import { GoError, type GoFunction, type GoMap, type GoValue, withGoType } from '../../go/values.ts'
import { mismatch } from './json-mismatch.ts'
import { ANY, DICT, fixed } from './signature.ts'

const LIST = '[]interface {}'

function errorOf(read: () => GoValue, onError: (message: string) => GoValue): GoValue {
  try {
    return read()
  } catch (error) {
    if (error instanceof GoError) return onError(error.message)
    throw error
  }
}

/** Helm's `fromJson`: an error comes back as the entry `Error`, beside what could be read. */
function fromJson(text: string): GoValue {
  const failed = (message: string): GoMap => new Map([['Error', message]])
  const read = (): GoValue => {
    const { value, error } = decodeJson(text)
    if (value === null && !error) return withGoType(new Map(), DICT, true)
    if (!(value instanceof Map)) throw mismatch(value, DICT)
    return error ? value.set('Error', error.message) : value
  }
  return errorOf(read, failed)
}

/** Helm's `fromJsonArray`: an error comes back as the only item. */
function fromJsonArray(text: string): GoValue {
  const read = (): GoValue => {
    const { value, error } = decodeJson(text)
    if (value === null && !error) return withGoType([], LIST, true)
    if (!Array.isArray(value)) throw mismatch(value, LIST)
    if (error) throw error
    return value
  }
  return errorOf(read, (message) => [message])
}

function mustFromJson(text: string): GoValue {
  const { value, error } = decodeJson(text)
  if (error) throw error
  return value
}

const strict = (options: JsonOptions): GoFunction => fixed([ANY], (value: GoValue) => encodeJson(value, options))
const lenient = (options: JsonOptions): GoFunction =>
  fixed([ANY], (value: GoValue) =>
    errorOf(
      () => encodeJson(value, options),
      () => '',
    ),
  )

const PRETTY: JsonOptions = { indent: '  ' }
const RAW: JsonOptions = { rawHtml: true }

/**
 * JSON. `toJson` and `toPrettyJson` give an empty text for what cannot be written; the others fail.
 *
 * Source: Helm 4.3.1 pkg/engine/funcs.go; sprig 3.3.0 defaults.go
 */
export const jsonFunctions: ReadonlyMap<string, GoFunction> = new Map<string, GoFunction>([
  ['toJson', lenient({})],
  ['mustToJson', strict({})],
  ['toPrettyJson', lenient(PRETTY)],
  ['mustToPrettyJson', strict(PRETTY)],
  ['toRawJson', strict(RAW)],
  ['mustToRawJson', strict(RAW)],
  ['fromJson', fixed(['string'], fromJson)],
  ['fromJsonArray', fixed(['string'], fromJsonArray)],
  ['mustFromJson', fixed(['string'], mustFromJson)],
])
