import { typeOf } from '../../go/kind.ts'
import { GoError, type GoFunction, type GoValue } from '../../go/values.ts'
import { decodeYaml } from '../../yaml/decode.ts'
import { type EncodeStyle, encodeYaml } from '../../yaml/encode.ts'
import { YamlError } from '../../yaml/yaml-error.ts'
import { mismatch } from './json-mismatch.ts'
import { ANY, DICT, fixed } from './signature.ts'

const LIST = '[]interface {}'

function withoutLastBreak(text: string): string {
  return text.endsWith('\n') ? text.slice(0, -1) : text
}

/** The value of a YAML text, or the error's text handed to `onError`. */
function read(text: string, accept: (value: GoValue) => GoValue, onError: (message: string) => GoValue): GoValue {
  let value: GoValue
  try {
    value = decodeYaml({ name: 'fromYaml', text }, 'helm')
  } catch (error) {
    if (error instanceof YamlError) return onError(`error converting YAML to JSON: ${error.goMessage}`)
    throw error
  }
  try {
    return accept(value)
  } catch (error) {
    if (error instanceof GoError) return onError(`error unmarshaling JSON: while decoding JSON: ${error.message}`)
    throw error
  }
}

function asMap(value: GoValue): GoValue {
  if (value === null) return new Map()
  if (typeOf(value) !== DICT) throw mismatch(value, DICT)
  return value
}

function asList(value: GoValue): GoValue {
  if (value === null) return []
  if (!Array.isArray(value)) throw mismatch(value, LIST)
  return value
}

function write(value: GoValue, style: EncodeStyle): string {
  return withoutLastBreak(encodeYaml(value, style))
}

/** An empty text for what cannot be written. */
const lenient = (style: EncodeStyle): GoFunction =>
  fixed([ANY], (value: GoValue) => {
    try {
      return write(value, style)
    } catch (error) {
      if (error instanceof YamlError) return ''
      throw error
    }
  })

function mustToYaml(value: GoValue): string {
  try {
    return write(value, 'helm')
  } catch (error) {
    throw error instanceof YamlError ? new GoError(error.goMessage) : error
  }
}

/**
 * YAML. Reading puts an error into the result: as the entry `Error`, or as the only item of a list.
 *
 * Source: Helm 4.3.1 pkg/engine/funcs.go
 */
export const yamlFunctions: ReadonlyMap<string, GoFunction> = new Map<string, GoFunction>([
  ['toYaml', lenient('helm')],
  ['toYamlPretty', lenient('helm-pretty')],
  ['mustToYaml', fixed([ANY], mustToYaml)],
  ['fromYaml', fixed(['string'], (text: string) => read(text, asMap, (message) => new Map([['Error', message]])))],
  ['fromYamlArray', fixed(['string'], (text: string) => read(text, asList, (message) => [message]))],
])
