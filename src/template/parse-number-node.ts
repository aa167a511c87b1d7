import { parseFloat64, parseInteger, parseUint } from '../go/parse-number.ts'
import { quote, unquoteCharacter } from '../go/quote.ts'
import { GoError } from '../go/values.ts'
import type { NumberNode } from './ast.ts'

type Numbers = Pick<NumberNode, 'int' | 'uint' | 'float' | 'complex'>

/**
 * A number token as a node that knows every type it can stand for.
 *
 * @throws GoError with Go's cause, `integer overflow: "…"` or `illegal number syntax: "…"`
 * Source: Go 1.26 text/template/parse/node.go, newNumber.
 */
export function numberNode(at: number, text: string, kind: 'number' | 'complex' | 'char constant'): NumberNode {
  return { kind: 'number', at, text, ...readNumber(text, kind) }
}

function readNumber(text: string, kind: 'number' | 'complex' | 'char constant'): Numbers {
  if (kind === 'char constant') return characterNumbers(text)
  if (kind === 'complex') return complexNumbers(text)
  if (text.endsWith('i')) {
    const imaginary = parseFloat64(text.slice(0, -1))
    if (!imaginary.error) return fromComplex(0, imaginary.value)
  }
  return realNumbers(text)
}

function characterNumbers(text: string): Numbers {
  const character = unquoteCharacter(text.slice(1), "'")
  if (text.slice(1 + character.length) !== "'") throw new GoError(`malformed character constant: ${text}`)
  const value = BigInt(character.value)
  return { int: value, uint: value, float: character.value, complex: undefined }
}

/** `1+2i`: the sign that separates the parts is the last one not belonging to an exponent. */
function complexNumbers(text: string): Numbers {
  const split = /^([+-]?.*[^eEpP+-])([+-].*)i$/s.exec(text)
  const real = parseFloat64(split?.[1] ?? '')
  const imaginary = parseFloat64(split?.[2] ?? '')
  if (real.error || imaginary.error) throw new GoError('syntax error scanning complex number')
  return fromComplex(real.value, imaginary.value)
}

function fromComplex(real: number, imaginary: number): Numbers {
  const complex = { real, imaginary }
  if (imaginary !== 0) return { int: undefined, uint: undefined, float: undefined, complex }
  return { int: wholeInt(real), uint: wholeUint(real), float: real, complex }
}

function wholeInt(value: number): bigint | undefined {
  return Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63 ? BigInt(value) : undefined
}

function wholeUint(value: number): bigint | undefined {
  return Number.isInteger(value) && value >= 0 && value < 2 ** 64 ? BigInt(value) : undefined
}

/** Small decimal numbers, which nearly all are. */
const SMALL = /^(?:0|[1-9][0-9]{0,14})$/

function realNumbers(text: string): Numbers {
  if (SMALL.test(text)) return { int: BigInt(text), uint: BigInt(text), float: Number(text), complex: undefined }
  const unsigned = parseUint(text, 0, 64)
  const signed = parseInteger(text, 0, 64)
  const int = signed.error ? undefined : signed.value
  const uint = unsigned.error ? (int === 0n ? 0n : undefined) : unsigned.value
  const whole = int ?? uint
  if (whole !== undefined) return { int, uint, float: Number(whole), complex: undefined }
  const { value, error } = parseFloat64(text)
  if (error) throw new GoError(`illegal number syntax: ${quote(text)}`)
  if (!/[.eEpP]/.test(text)) throw new GoError(`integer overflow: ${quote(text)}`)
  return { int: wholeInt(value), uint: wholeUint(value), float: value, complex: undefined }
}
