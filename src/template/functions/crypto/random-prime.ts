import { randomBytes } from 'node:crypto'
import { isProbablePrime, numberOfBytes } from './probable-prime.ts'

/** Small factors are looked for up to here: more costs as much as it saves. */
const LARGEST_FACTOR = 1 << 18
/** Odd numbers that are looked through from a random one on; with 2048 bits every 710th is a prime. */
const WINDOW = 8192
/** Fewer than one composite in 2^112 passes, the search from a random start taken into account: longer ones are rarer. */
function roundsFor(bits: number): number {
  return bits < 2048 ? 8 : 4
}

/** Odd primes and their product, which is exact as a float. */
interface FactorGroup {
  readonly product: bigint
  readonly primes: readonly number[]
}

let knownGroups: readonly FactorGroup[] | undefined

/** The odd primes up to `LARGEST_FACTOR`, bundled so that one division of a large number serves several. */
function factorGroups(): readonly FactorGroup[] {
  if (knownGroups) return knownGroups
  const groups: FactorGroup[] = []
  let primes: number[] = []
  let product = 1
  for (const prime of oddPrimes(LARGEST_FACTOR)) {
    if (product * prime > Number.MAX_SAFE_INTEGER) {
      groups.push({ product: BigInt(product), primes })
      primes = []
      product = 1
    }
    primes.push(prime)
    product *= prime
  }
  knownGroups = [...groups, { product: BigInt(product), primes }]
  return knownGroups
}

/** The sieve of Eratosthenes. */
function oddPrimes(limit: number): readonly number[] {
  const isComposite = new Uint8Array(limit + 1)
  const primes: number[] = []
  for (let n = 3; n <= limit; n += 2) {
    if (isComposite[n] === 1) continue
    primes.push(n)
    for (let multiple = n * n; multiple <= limit; multiple += 2 * n) isComposite[multiple] = 1
  }
  return primes
}

/** Marks each i below `WINDOW` for which `start` + 2i has a small factor. */
function smallFactors(start: bigint): Uint8Array {
  const marks = new Uint8Array(WINDOW)
  for (const { product, primes } of factorGroups()) {
    const remainder = Number(start % product)
    for (const prime of primes) markMultiples(marks, prime, remainder % prime)
  }
  return marks
}

function markMultiples(marks: Uint8Array, prime: number, remainder: number): void {
  const missing = remainder === 0 ? 0 : prime - remainder
  for (let i = missing % 2 === 0 ? missing / 2 : (missing + prime) / 2; i < WINDOW; i += prime) marks[i] = 1
}

/** A random odd number of exactly `bits` bits (a multiple of 8) with the highest two set. */
function randomStart(bits: number): bigint {
  const bytes = randomBytes(bits / 8)
  bytes[0] = (bytes[0] as number) | 0xc0
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) | 1
  return numberOfBytes(bytes)
}

function primeFrom(start: bigint, bits: number, isWanted: (candidate: bigint) => boolean): bigint | undefined {
  const marks = smallFactors(start)
  for (let i = 0; i < WINDOW; i++) {
    if (marks[i] === 1) continue
    const candidate = start + BigInt(2 * i)
    if (candidate >> BigInt(bits) !== 0n) return undefined
    if (isWanted(candidate) && isProbablePrime(candidate, roundsFor(bits))) return candidate
  }
  return undefined
}

/**
 * The first prime that `isWanted` behind a random number: of exactly `bits` bits (512 to 3072, a multiple of 8), the highest two set.
 *
 * OpenSSL's generator searches in the same way, but tests each prime with 64 rounds or 128 whatever its length.
 * Source: FIPS 186-5, A.1.3 and table B.1; J. Brandt, I. Damgård: On Generation of Probable Primes by Incremental Search
 */
export function randomPrime(bits: number, isWanted: (candidate: bigint) => boolean): bigint {
  for (;;) {
    const prime = primeFrom(randomStart(bits), bits, isWanted)
    if (prime !== undefined) return prime
  }
}
