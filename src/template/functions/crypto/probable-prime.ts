import { constants, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto'

const TWO = 2n

/** Bytes a whole number takes. */
function byteCount(value: bigint): number {
  return Math.ceil(value.toString(16).length / 2)
}

/** A number that is not negative as `length` bytes, the highest first. */
export function bytesOfNumber(value: bigint, length: number = byteCount(value)): Buffer {
  return Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex')
}

/** The number in `bytes`, the highest byte first. */
export function numberOfBytes(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
}

/**
 * Raises to a power modulo `modulus`: OpenSSL's bare RSA operation with the exponent as public key, many times faster than bigints.
 * Exponent and modulus are odd and at least 3, and the modulus has at most 3072 bits: OpenSSL allows no long exponents beyond.
 */
function modularPower(modulus: bigint, exponent: bigint): (base: bigint) => bigint {
  const length = byteCount(modulus)
  const jwk = { kty: 'RSA', n: bytesOfNumber(modulus).toString('base64url'), e: bytesOfNumber(exponent).toString('base64url') }
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  return (base) => numberOfBytes(publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, bytesOfNumber(base, length)))
}

/** A base from 2 to `n` - 2; the bits drawn in excess keep the remainder even. */
function randomBase(n: bigint): bigint {
  return TWO + (numberOfBytes(randomBytes(byteCount(n) + 8)) % (n - 3n))
}

/** Whether powers of a base, from the odd part of n - 1 upwards, look as a prime's do. */
function passesRound(n: bigint, firstPower: bigint, squarings: number): boolean {
  let power = firstPower
  if (power === 1n || power === n - 1n) return true
  for (let i = 1; i < squarings; i++) {
    power = (power * power) % n
    if (power === n - 1n) return true
  }
  return false
}

/**
 * Whether `n` passes `rounds` rounds of the Miller-Rabin test with random bases: primes always do; any one composite does with a
 * probability of at most 1/4 to the power of `rounds`, and large random ones far more rarely.
 *
 * @param n odd, above 4, no Fermat number, at most 3072 bits
 * Source: FIPS 186-5, B.3.1
 */
export function isProbablePrime(n: bigint, rounds: number): boolean {
  let squarings = 0
  let odd = n - 1n
  for (; (odd & 1n) === 0n; odd >>= 1n) squarings++
  const powerOf = modularPower(n, odd)
  for (let i = 0; i < rounds; i++) if (!passesRound(n, powerOf(randomBase(n)), squarings)) return false
  return true
}
