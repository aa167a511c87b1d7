import { castFloat64, castInt64 } from '../../go/cast.ts'
import { parseAtoi, parseInteger } from '../../go/parse-number.ts'
import { type GoFunction, GoPanic, type GoValue, goInt, goInt64, withGoType } from '../../go/values.ts'
import { addDecimals, type Decimal, decimalFrom, divideDecimals, floatFrom, multiplyDecimals, subtractDecimals } from './decimal.ts'
import { ANY, fixed, variadic } from './signature.ts'
import { shown } from './strval.ts'

/** Most items one call may count out; Go would use up the memory. */
const MAX_ITEMS = 1_000_000

const wrapped = (value: bigint): bigint => BigInt.asIntN(64, value)

/** Folds int64s; each step wraps. */
function foldInts(start: bigint, values: readonly GoValue[], step: (a: bigint, b: bigint) => bigint): GoValue {
  return goInt64(values.reduce<bigint>((total, value) => wrapped(step(total, castInt64(value))), start))
}

function nonZero(divisor: bigint): bigint {
  if (divisor === 0n) throw new GoPanic('runtime error: integer divide by zero')
  return divisor
}

function foldDecimals(start: GoValue, values: readonly GoValue[], step: (a: Decimal, b: Decimal) => Decimal): number {
  return floatFrom(values.reduce<Decimal>((total, value) => step(total, decimalFrom(castFloat64(value))), decimalFrom(castFloat64(start))))
}

/** Go's math.Max, where an infinity wins over NaN. */
function maxFloat(a: number, b: number): number {
  return a === Infinity || b === Infinity ? Infinity : Math.max(a, b)
}

function minFloat(a: number, b: number): number {
  return a === -Infinity || b === -Infinity ? -Infinity : Math.min(a, b)
}

function untilStep(start: bigint, stop: bigint, step: bigint): bigint[] {
  const down = stop < start
  if (down ? step >= 0n : step <= 0n) return []
  const distance = down ? start - stop : stop - start
  const stride = down ? -step : step
  const count = (distance + stride - 1n) / stride
  if (count > MAX_ITEMS) throw new GoPanic('runtime error: makeslice: len out of range')
  return Array.from({ length: Number(count) }, (_, i) => start + BigInt(i) * step)
}

function intList(items: readonly bigint[]): GoValue {
  return withGoType(items.map(goInt), '[]int')
}

/** sprig's `seq`, after the Unix program: LAST, FIRST LAST or FIRST STEP LAST, ends included. */
function seq(...params: bigint[]): string {
  if (params.length === 0 || params.length > 3) return ''
  const start = params.length === 1 ? 1n : (params[0] as bigint)
  const end = params.at(-1) as bigint
  const toEnd = end < start ? -1n : 1n
  const step = params.length === 3 ? (params[1] as bigint) : toEnd
  if (end < start && step > 0n) return ''
  return untilStep(start, wrapped(end + toEnd), step).join(' ')
}

/** Go's math.Pow(10, exponent) for whole exponents, with its rounding: squaring in fractions and powers of two. */
function powerOfTen(exponent: number): number {
  let fraction = 1
  let power = 0
  let base = 0.625
  let basePower = 4
  for (let i = Math.abs(exponent); i >= 1; i = Math.floor(i / 2)) {
    if (basePower > 4096) {
      power += basePower
      break
    }
    if (i % 2 === 1) {
      fraction *= base
      power += basePower
    }
    base *= base
    basePower *= 2
    if (base < 0.5) {
      base += base
      basePower--
    }
  }
  return exponent < 0 ? scaled(1 / fraction, -power) : scaled(fraction, power)
}

/** `fraction * 2^power` rounded once. */
function scaled(fraction: number, power: number): number {
  if (power > 1100) return Infinity
  if (power < -1200) return 0
  if (power > 1000) return fraction * 2 ** 1000 * 2 ** (power - 1000)
  return power < -1000 ? fraction * 2 ** (power + 200) * 2 ** -200 : fraction * 2 ** power
}

function round(value: GoValue, places: bigint, roundOn = 0.5): number {
  const power = powerOfTen(Number(places))
  const digit = power * castFloat64(value)
  const rest = digit - Math.trunc(digit)
  return (rest >= roundOn ? Math.ceil(digit) : Math.floor(digit)) / power
}

/** A number written in octal, as in file modes. */
function toDecimal(value: GoValue): GoValue {
  const parsed = parseInteger(shown(value), 8, 64)
  return goInt64(parsed.error ? 0n : parsed.value)
}

const ONE = goInt(1)
const larger = (a: bigint, b: bigint): bigint => (b > a ? b : a)
const smaller = (a: bigint, b: bigint): bigint => (b < a ? b : a)
const max = (a: GoValue, ...rest: GoValue[]): GoValue => foldInts(castInt64(a), rest, larger)

/**
 * Arithmetic: integers as wrapping int64, `…f` functions in exact decimals between float64s.
 *
 * Source: sprig 3.3.0 numeric.go, functions.go; shopspring/decimal 1.4.0
 */
export const numberFunctions: ReadonlyMap<string, GoFunction> = new Map<string, GoFunction>([
  ['atoi', fixed(['string'], (text: string) => goInt(parseAtoi(text).value))],
  ['int', fixed([ANY], (value: GoValue) => goInt(castInt64(value)))],
  ['int64', fixed([ANY], (value: GoValue) => goInt64(castInt64(value)))],
  ['float64', fixed([ANY], castFloat64)],
  ['toDecimal', fixed([ANY], toDecimal)],
  ['seq', variadic([], 'int', seq)],
  ['until', fixed(['int'], (count: bigint) => intList(untilStep(0n, count, count < 0n ? -1n : 1n)))],
  ['untilStep', fixed(['int', 'int', 'int'], (start: bigint, stop: bigint, step: bigint) => intList(untilStep(start, stop, step)))],
  ['add1', fixed([ANY], (value: GoValue) => goInt64(castInt64(value) + 1n))],
  ['add', variadic([], ANY, (...values: GoValue[]) => foldInts(0n, values, (a, b) => a + b))],
  ['sub', fixed([ANY, ANY], (a: GoValue, b: GoValue) => goInt64(castInt64(a) - castInt64(b)))],
  ['div', fixed([ANY, ANY], (a: GoValue, b: GoValue) => goInt64(castInt64(a) / nonZero(castInt64(b))))],
  ['mod', fixed([ANY, ANY], (a: GoValue, b: GoValue) => goInt64(castInt64(a) % nonZero(castInt64(b))))],
  ['mul', variadic([ANY], ANY, (a: GoValue, ...rest: GoValue[]) => foldInts(castInt64(a), rest, (x, y) => x * y))],
  ['add1f', fixed([ANY], (value: GoValue) => foldDecimals(value, [ONE], addDecimals))],
  ['addf', variadic([], ANY, (...values: GoValue[]) => foldDecimals(0, values, addDecimals))],
  ['subf', variadic([ANY], ANY, (a: GoValue, ...rest: GoValue[]) => foldDecimals(a, rest, subtractDecimals))],
  ['divf', variadic([ANY], ANY, (a: GoValue, ...rest: GoValue[]) => foldDecimals(a, rest, divideDecimals))],
  ['mulf', variadic([ANY], ANY, (a: GoValue, ...rest: GoValue[]) => foldDecimals(a, rest, multiplyDecimals))],
  ['biggest', variadic([ANY], ANY, max)],
  ['max', variadic([ANY], ANY, max)],
  ['min', variadic([ANY], ANY, (a: GoValue, ...rest: GoValue[]) => foldInts(castInt64(a), rest, smaller))],
  ['maxf', variadic([ANY], ANY, (a: GoValue, ...rest: GoValue[]) => rest.map(castFloat64).reduce(maxFloat, castFloat64(a)))],
  ['minf', variadic([ANY], ANY, (a: GoValue, ...rest: GoValue[]) => rest.map(castFloat64).reduce(minFloat, castFloat64(a)))],
  ['ceil', fixed([ANY], (value: GoValue) => Math.ceil(castFloat64(value)))],
  ['floor', fixed([ANY], (value: GoValue) => Math.floor(castFloat64(value)))],
  ['round', variadic([ANY, 'int'], 'float64', round)],
])
