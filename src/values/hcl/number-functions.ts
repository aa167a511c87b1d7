import type { GoValue } from '../../go/values.ts'
import { HclError, toNumber, toText, toWhole } from './convert.ts'
import type { FunctionTable } from './function-table.ts'

const MANY = Number.POSITIVE_INFINITY
const MAX_RANGE = 1024

function range(...args: readonly GoValue[]): GoValue {
  const numbers = args.map(toNumber)
  const [first = 0, second, third] = numbers
  const [start, end] = second === undefined ? [0, first] : [first, second]
  const step = third ?? (end < start ? -1 : 1)
  if (step === 0 || end > start !== step > 0) {
    if (start === end) return []
    throw new HclError(
      step === 0
        ? 'step must not be zero'
        : `end must be ${end < start ? 'greater than start when step is positive' : 'less than start when step is negative'}`,
    )
  }
  const result: number[] = []
  for (let value = start; step > 0 ? value < end : value > end; value += step) {
    if (result.length >= MAX_RANGE)
      throw new HclError(`more than ${MAX_RANGE} values were generated; either decrease the difference between start and end or use a smaller step`)
    result.push(value)
  }
  return result
}

function parseWhole(text: string, base: number): number {
  if (base < 2 || base > 36) throw new HclError('base must be between 2 and 62 inclusive')
  const digits = text.replace(/^[+-]/, '').toLowerCase()
  const isValid = digits !== '' && [...digits].every((digit) => /[0-9a-z]/.test(digit) && Number.parseInt(digit, 36) < base)
  if (!isValid) throw new HclError(`cannot parse "${text}" as a base ${base} integer`)
  return Number.parseInt(text, base)
}

/** Source: github.com/zclconf/go-cty cty/function/stdlib/number.go */
export const NUMBER_FUNCTIONS: FunctionTable = {
  abs: [1, 1, (value = null) => Math.abs(toNumber(value))],
  ceil: [1, 1, (value = null) => Math.ceil(toNumber(value))],
  floor: [1, 1, (value = null) => Math.floor(toNumber(value))],
  int: [1, 1, (value = null) => Math.trunc(toNumber(value))],
  log: [2, 2, (value = null, base = null) => Math.log(toNumber(value)) / Math.log(toNumber(base))],
  max: [1, MANY, (...values) => Math.max(...values.map(toNumber))],
  min: [1, MANY, (...values) => Math.min(...values.map(toNumber))],
  parseint: [2, 2, (text = null, base = null) => parseWhole(toText(text), toWhole(base))],
  pow: [2, 2, (value = null, power = null) => toNumber(value) ** toNumber(power)],
  range: [1, 3, range],
  signum: [1, 1, (value = null) => Math.sign(toWhole(value))],
}
