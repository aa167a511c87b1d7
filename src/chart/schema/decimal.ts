import { GoInt } from '../../go/values.ts'

/** Exponents beyond this count as this: no sum of them loses precision. */
const EXPONENT_LIMIT = 2 ** 50

/**
 * An exact decimal number, `mantissa × 10^exponent`, as JSON texts hold it. The mantissa has no trailing zeros, so that equal
 * numbers are equal in both parts. Comparing never expands large exponents.
 */
export class Decimal {
  readonly text: string
  readonly mantissa: bigint
  readonly exponent: number

  /** @param text a JSON number, or what JavaScript prints for one */
  constructor(text: string) {
    this.text = text
    const [digits, exponent] = text.toLowerCase().split('e') as [string, string | undefined]
    const [whole, fraction = ''] = digits.split('.') as [string, string | undefined]
    const all = `${whole}${fraction}`
    const kept = all.replace(/0+$/, '')
    this.mantissa = BigInt(/\d/.test(kept) ? kept : 0)
    const written = Math.max(-EXPONENT_LIMIT, Math.min(EXPONENT_LIMIT, Number(exponent ?? 0)))
    this.exponent = this.mantissa === 0n ? 0 : written - fraction.length + (all.length - kept.length)
  }

  get isInteger(): boolean {
    return this.exponent >= 0
  }
}

/** Digits before the decimal point would end, were the number written out: its order of magnitude. */
function magnitude(value: Decimal): number {
  return value.mantissa.toString().replace('-', '').length + value.exponent
}

function sign(value: Decimal): number {
  return value.mantissa < 0n ? -1 : value.mantissa > 0n ? 1 : 0
}

/** Negative, zero or positive, as `a` is less than, equal to or greater than `b`. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const signs = sign(a) - sign(b)
  if (signs !== 0 || sign(a) === 0) return signs
  const sizes = magnitude(a) - magnitude(b)
  if (sizes !== 0) return sizes * sign(a)
  // Equal magnitudes: the exponents differ by no more than the digits do.
  const shift = a.exponent - b.exponent
  const left = shift > 0 ? a.mantissa * 10n ** BigInt(shift) : a.mantissa
  const right = shift < 0 ? b.mantissa * 10n ** BigInt(-shift) : b.mantissa
  return left < right ? -1 : left > right ? 1 : 0
}

function powerOfTenModulo(exponent: number, modulus: bigint): bigint {
  let result = 1n % modulus
  let base = 10n % modulus
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = (result * base) % modulus
    base = (base * base) % modulus
  }
  return result
}

/** Whether `value` is a whole multiple of `factor`, which is not zero. */
export function isMultipleOf(value: Decimal, factor: Decimal): boolean {
  if (value.mantissa === 0n) return true
  const shift = value.exponent - factor.exponent
  const divisor = factor.mantissa < 0n ? -factor.mantissa : factor.mantissa
  if (shift >= 0) return (value.mantissa * powerOfTenModulo(shift, divisor)) % divisor === 0n
  // The value is smaller than its last digit must be: only trailing zeros, which it has none of, could make up for it.
  if (-shift > value.mantissa.toString().length) return false
  return value.mantissa % (divisor * 10n ** BigInt(-shift)) === 0n
}

/** The number in `value`, undefined when it is none (or not finite). */
export function decimalOf(value: unknown): Decimal | undefined {
  if (value instanceof Decimal) return value
  if (value instanceof GoInt) return new Decimal(String(value.value))
  return typeof value === 'number' && Number.isFinite(value) ? new Decimal(String(value)) : undefined
}
