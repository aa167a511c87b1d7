import { formatFloat } from '../../go/float.ts'
import { GoPanic } from '../../go/values.ts'

/** An exact decimal: `value * 10^exponent`. */
export interface Decimal {
  readonly value: bigint
  readonly exponent: number
}

/** Digits after the point that a division keeps. */
const DIVISION_PRECISION = 16

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value)

/** The decimal of a float's shortest digits. @throws GoPanic for NaN and infinities */
export function decimalFrom(value: number): Decimal {
  if (!Number.isFinite(value)) throw new GoPanic(`Cannot create a Decimal from ${formatFloat(value, 'g', -1)}`)
  const [digits, exponent] = value.toExponential().split('e') as [string, string]
  const [whole, fraction = ''] = digits.split('.') as [string, string?]
  return { value: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length }
}

/** The nearest float64. */
export function floatFrom(decimal: Decimal): number {
  return decimal.value === 0n ? 0 : Number(`${decimal.value}e${decimal.exponent}`)
}

function atExponent(decimal: Decimal, exponent: number): bigint {
  return decimal.value * 10n ** BigInt(decimal.exponent - exponent)
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent)
  return { value: atExponent(a, exponent) + atExponent(b, exponent), exponent }
}

export function subtractDecimals(a: Decimal, b: Decimal): Decimal {
  return addDecimals(a, { value: -b.value, exponent: b.exponent })
}

export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  return { value: a.value * b.value, exponent: a.exponent + b.exponent }
}

/**
 * A quotient of 16 digits after the point, halves rounded away from zero.
 *
 * @throws GoPanic when `b` is zero
 * Source: shopspring/decimal 1.4.0 DivRound
 */
export function divideDecimals(a: Decimal, b: Decimal): Decimal {
  if (b.value === 0n) throw new GoPanic('decimal division by 0')
  const shift = a.exponent - b.exponent + DIVISION_PRECISION
  const numerator = shift >= 0 ? a.value * 10n ** BigInt(shift) : a.value
  const denominator = shift >= 0 ? b.value : b.value * 10n ** BigInt(-shift)
  const quotient = numerator / denominator
  const twiceRest = 2n * magnitude(numerator % denominator)
  const away = numerator < 0n !== denominator < 0n ? -1n : 1n
  return { value: twiceRest >= magnitude(denominator) ? quotient + away : quotient, exponent: -DIVISION_PRECISION }
}
