const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E']
const FORM = /^([+-]?)(\d{1,60})?(?:\.(\d{0,60}))?(?:([KMGTPE]i)|([numkMGTPE])|[eE]([+-]?\d{1,2}))?$/

interface Parsed {
  /** In units of 10^-9. */
  readonly nanos: bigint
  readonly format: 'binary' | 'decimal' | 'exponent'
}

function parse(text: string): Parsed | undefined {
  const m = FORM.exec(text)
  if (!m || (m[2] === undefined && !m[3])) return undefined
  const [, sign, whole = '0', fraction = '', binary, decimal, exponent] = m
  const digits = BigInt(whole + fraction)
  const scale = binary ? 1024n ** BigInt(BINARY.indexOf(binary)) : 1n
  const power = (decimal ? (DECIMAL.indexOf(decimal) - 3) * 3 : exponent ? Number(exponent) : 0) - fraction.length + 9
  const scaled = digits * scale
  const divisor = power < 0 ? 10n ** BigInt(-power) : 1n
  // What is finer than a nano is rounded up, away from zero.
  const magnitude = power < 0 ? (scaled + divisor - 1n) / divisor : scaled * 10n ** BigInt(power)
  return { nanos: sign === '-' ? -magnitude : magnitude, format: binary ? 'binary' : exponent ? 'exponent' : 'decimal' }
}

/**
 * A quantity in the form an API server writes: `1000m` is `1`, `1024Mi` is `1Gi`, `0.5` is `500m`. Undefined when it is none.
 *
 * Source: apimachinery pkg/api/resource/quantity.go
 */
export function canonicalQuantity(text: string): string | undefined {
  const parsed = parse(text)
  if (!parsed) return undefined
  const { nanos } = parsed
  if (nanos === 0n) return '0'
  const whole = nanos % 1_000_000_000n === 0n ? nanos / 1_000_000_000n : undefined
  const isBinary = parsed.format === 'binary' && whole !== undefined && (whole >= 1024n || whole <= -1024n)
  if (isBinary) return withSuffix(whole, 1024n, BINARY)
  if (parsed.format === 'exponent') return withExponent(nanos)
  return withSuffix(nanos, 1000n, DECIMAL)
}

function withSuffix(value: bigint, base: bigint, suffixes: readonly string[]): string {
  let rest = value
  let at = 0
  while (at < suffixes.length - 1 && rest % base === 0n) {
    rest /= base
    at++
  }
  return `${rest}${suffixes[at]}`
}

function withExponent(nanos: bigint): string {
  let rest = nanos
  let exponent = -9
  while (rest % 1000n === 0n) {
    rest /= 1000n
    exponent += 3
  }
  return exponent === 0 ? String(rest) : `${rest}e${exponent}`
}

/** A quantity's value in units of 10^-9; undefined when it is none. */
export function quantityNanos(text: string): bigint | undefined {
  return parse(text)?.nanos
}
