const DECIMAL_SHORTEST = -1

/** Decimal digits of a positive number: 0.d1d2d3… × 10^point. */
interface Decimal {
  readonly digits: string
  readonly point: number
}

/** The fewest digits that read back as the same number; JavaScript and Go agree on them. */
function shortestDecimal(value: number): Decimal {
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string]
  const digits = mantissa.replace('.', '')
  return value === 0 ? { digits: '', point: 0 } : { digits, point: Number(exponent) + 1 }
}

const buffer = new DataView(new ArrayBuffer(8))

/** The binary form: value = mantissa × 2^exponent, with the sign left out. */
function binaryOf(value: number): { mantissa: bigint; exponent: number } {
  buffer.setFloat64(0, value)
  const bits = buffer.getBigUint64(0)
  const biased = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & 0xfffffffffffffn
  return biased === 0 ? { mantissa: fraction, exponent: -1074 } : { mantissa: fraction | (1n << 52n), exponent: biased - 1075 }
}

/** Every decimal digit of the number: binary fractions end. */
function exactDecimal(value: number): Decimal {
  const { mantissa, exponent } = binaryOf(value)
  if (mantissa === 0n) return { digits: '', point: 0 }
  const whole = exponent >= 0 ? mantissa << BigInt(exponent) : mantissa * 5n ** BigInt(-exponent)
  const digits = whole.toString()
  return { digits: digits.replace(/0+$/, ''), point: digits.length - (exponent >= 0 ? 0 : -exponent) }
}

/** Cuts to `count` digits, rounding half to even on the exact value. */
function roundDecimal(decimal: Decimal, count: number): Decimal {
  const { digits, point } = decimal
  if (count >= digits.length) return decimal
  if (count < 0) return { digits: '', point: 0 }
  const kept = digits.slice(0, count)
  if (!roundsUp(digits, count)) return { digits: kept.replace(/0+$/, ''), point }
  const raised = (BigInt(kept === '' ? '0' : kept) + 1n).toString().padStart(count, '0')
  return { digits: raised.replace(/0+$/, ''), point: point + (raised.length - Math.max(count, kept.length)) }
}

function roundsUp(digits: string, count: number): boolean {
  const next = digits.charCodeAt(count) - 48
  if (next === 5 && count + 1 === digits.length) return count > 0 && (digits.charCodeAt(count - 1) - 48) % 2 === 1
  return next >= 5
}

/**
 * A float64 as Go's `strconv.FormatFloat(value, format, precision, 64)` writes it.
 *
 * @param format one of `e E f F g G b x X`
 * @param precision digits after the point (`e f x`) or in all (`g`); -1 for the fewest that read back the same
 */
export function formatFloat(value: number, format: string, precision: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  return sign + formatMagnitude(Math.abs(value), format, precision)
}

function formatMagnitude(value: number, format: string, precision: number): string {
  switch (format) {
    case 'b':
      return formatBinary(value)
    case 'x':
      return formatHex(value, precision)
    case 'X':
      return formatHex(value, precision).toUpperCase()
    case 'f':
    case 'F':
      return formatFixed(value, precision)
    case 'e':
    case 'E':
      return formatExponent(value, format, precision)
    default:
      return formatGeneral(value, format, precision)
  }
}

function formatFixed(value: number, precision: number): string {
  if (precision === DECIMAL_SHORTEST) {
    const decimal = shortestDecimal(value)
    return fixedText(decimal, Math.max(decimal.digits.length - decimal.point, 0))
  }
  const exact = exactDecimal(value)
  return fixedText(roundDecimal(exact, exact.point + precision), precision)
}

function fixedText({ digits, point }: Decimal, precision: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0'
  if (precision <= 0) return whole
  const fraction = point >= 0 ? digits.slice(point) : '0'.repeat(Math.min(-point, precision)) + digits
  return `${whole}.${fraction.slice(0, precision).padEnd(precision, '0')}`
}

function formatExponent(value: number, format: string, precision: number): string {
  if (precision === DECIMAL_SHORTEST) {
    const decimal = shortestDecimal(value)
    return exponentText(decimal, format, Math.max(decimal.digits.length - 1, 0))
  }
  return exponentText(roundDecimal(exactDecimal(value), precision + 1), format, precision)
}

function exponentText({ digits, point }: Decimal, mark: string, precision: number): string {
  const first = digits === '' ? '0' : digits[0]
  const rest = precision > 0 ? `.${digits.slice(1, precision + 1).padEnd(precision, '0')}` : ''
  const exponent = digits === '' ? 0 : point - 1
  const size = Math.abs(exponent).toString().padStart(2, '0')
  return `${first}${rest}${mark}${exponent < 0 ? '-' : '+'}${size}`
}

/** The decimal exponent from which `g` without precision writes an exponent. */
const SHORTEST_EXPONENT_LIMIT = 6

function formatGeneral(value: number, format: string, precision: number): string {
  const isShortest = precision === DECIMAL_SHORTEST
  const wanted = precision === 0 ? 1 : precision
  const decimal = isShortest ? shortestDecimal(value) : roundDecimal(exactDecimal(value), wanted)
  const count = isShortest ? decimal.digits.length : wanted
  const limit = generalLimit(decimal, isShortest, count)
  const exponent = decimal.point - 1
  if (exponent < -4 || exponent >= limit) {
    const shown = Math.min(count, Math.max(decimal.digits.length, 1))
    return exponentText(decimal, format === 'G' ? 'E' : 'e', shown - 1)
  }
  return fixedText(decimal, Math.max(decimal.digits.length - decimal.point, 0))
}

function generalLimit(decimal: Decimal, isShortest: boolean, count: number): number {
  if (isShortest) return SHORTEST_EXPONENT_LIMIT
  if (count > decimal.digits.length && decimal.digits.length >= decimal.point) return decimal.digits.length
  return count
}

function formatBinary(value: number): string {
  const { mantissa, exponent } = binaryOf(value)
  return `${mantissa}p${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`
}

function formatHex(value: number, precision: number): string {
  let { mantissa, exponent } = binaryOf(value)
  exponent = mantissa === 0n ? 0 : exponent + 52
  mantissa <<= 8n
  while (mantissa !== 0n && (mantissa & (1n << 60n)) === 0n) {
    mantissa <<= 1n
    exponent--
  }
  ;({ mantissa, exponent } = roundHex(mantissa, exponent, precision))
  const digits = (mantissa & ((1n << 60n) - 1n)).toString(16).padStart(15, '0')
  const shown = precision < 0 ? digits.replace(/0+$/, '') : digits.slice(0, precision).padEnd(precision, '0')
  const size = Math.abs(exponent).toString().padStart(2, '0')
  return `0x${mantissa >> 60n}${shown === '' ? '' : `.${shown}`}p${exponent < 0 ? '-' : '+'}${size}`
}

function roundHex(mantissa: bigint, exponent: number, precision: number): { mantissa: bigint; exponent: number } {
  if (precision < 0 || precision >= 15) return { mantissa, exponent }
  const shift = BigInt(60 - precision * 4)
  const extra = mantissa & ((1n << shift) - 1n)
  let kept = mantissa >> shift
  const half = 1n << (shift - 1n)
  if (extra > half || (extra === half && (kept & 1n) === 1n)) kept++
  const rounded = kept << shift
  return rounded >> 61n ? { mantissa: rounded >> 1n, exponent: exponent + 1 } : { mantissa: rounded, exponent }
}
