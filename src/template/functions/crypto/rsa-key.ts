import { createPrivateKey, type KeyObject } from 'node:crypto'
import { bytesOfNumber } from './probable-prime.ts'
import { randomPrime } from './random-prime.ts'

/** What every RSA key here has as its public exponent. */
const EXPONENT = 65_537n
/** The primes must differ in one of so many highest bits. */
const DIFFERING_BITS = 100

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a, b]
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller]
  return larger
}

/** The inverse of `value` modulo `modulus`, to which it has no common divisor. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [remainder, next] = [modulus, value % modulus]
  let [factor, nextFactor] = [0n, 1n]
  while (next !== 0n) {
    const quotient = remainder / next
    ;[remainder, next] = [next, remainder - quotient * next]
    ;[factor, nextFactor] = [nextFactor, factor - quotient * nextFactor]
  }
  return factor < 0n ? factor + modulus : factor
}

/** Two primes of `bits` each, the larger one first. */
function twoPrimes(bits: number): readonly [bigint, bigint] {
  // A prime, so it divides p - 1 or has no common divisor with it.
  const isWanted = (candidate: bigint): boolean => candidate % EXPONENT !== 1n
  const first = randomPrime(bits, isWanted)
  for (;;) {
    const second = randomPrime(bits, isWanted)
    const distance = first > second ? first - second : second - first
    if (distance >> BigInt(bits - DIFFERING_BITS) !== 0n) return first > second ? [first, second] : [second, first]
  }
}

/** The private exponent, unless it is so small that attacks on small ones come near it. */
function privateExponent(p: bigint, q: bigint, bits: number): bigint | undefined {
  const d = inverse(EXPONENT, ((p - 1n) * (q - 1n)) / greatestCommonDivisor(p - 1n, q - 1n))
  return d >> BigInt(bits) === 0n ? undefined : d
}

function keyOf(p: bigint, q: bigint, d: bigint): KeyObject {
  const parts = { n: p * q, e: EXPONENT, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) }
  const texts = Object.entries(parts).map(([name, value]) => [name, bytesOfNumber(value).toString('base64url')])
  return createPrivateKey({ key: { kty: 'RSA', ...Object.fromEntries(texts) }, format: 'jwk' })
}

/**
 * A new RSA key whose modulus has exactly `bits` bits (1024 to 6144, a multiple of 16), its exponent 65537.
 *
 * Source: FIPS 186-5, A.1.1 (conditions) and A.1.3 (probable primes); RFC 8017, 3.2
 */
export function rsaKey(bits: number): KeyObject {
  for (;;) {
    const [p, q] = twoPrimes(bits / 2)
    const d = privateExponent(p, q, bits / 2)
    if (d !== undefined) return keyOf(p, q, d)
  }
}
