const FORM = /^([+-]?)(\d{0,30})(?:\.(\d{0,30}))?(?:[eE]([+-]?\d{1,3})|(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E))?$/

const DECIMAL_EXPONENT: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }
const BINARY_POWER: Readonly<Record<string, number>> = { Ki: 1, Mi: 2, Gi: 3, Ti: 4, Pi: 5, Ei: 6 }
/** Exponents this far from zero are no amounts of anything. */
const MAX_EXPONENT = 60

/** An exact amount: `digits` times ten to the power of `exponent`. */
interface Amount {
  readonly digits: bigint
  readonly exponent: number
}

/** Source: k8s.io/apimachinery 0.37 pkg/api/resource/quantity.go */
function parseQuantity(value: unknown): Amount | undefined {
  const found = typeof value === 'number' || typeof value === 'string' ? FORM.exec(String(value)) : null
  if (!found) return undefined
  const [, sign, whole = '', fraction = '', exponent = '0', suffix = ''] = found
  if (whole === '' && fraction === '') return undefined
  const digits = BigInt(`${whole}${fraction}`) * 1024n ** BigInt(BINARY_POWER[suffix] ?? 0) * (sign === '-' ? -1n : 1n)
  return { digits, exponent: Number(exponent) + (DECIMAL_EXPONENT[suffix] ?? 0) - fraction.length }
}

/** True when both are Kubernetes quantities (`1000m`, `1`, `0.5Gi`) of the same amount, however written. */
export function isSameQuantity(a: unknown, b: unknown): boolean {
  const [x, y] = [parseQuantity(a), parseQuantity(b)]
  if (!x || !y) return false
  const low = Math.min(x.exponent, y.exponent)
  if (Math.max(x.exponent, y.exponent) - low > MAX_EXPONENT) return false
  return x.digits * 10n ** BigInt(x.exponent - low) === y.digits * 10n ** BigInt(y.exponent - low)
}
