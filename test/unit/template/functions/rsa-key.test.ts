import assert from 'node:assert/strict'
import { checkPrimeSync, constants, createPrivateKey, createPublicKey, privateDecrypt, publicEncrypt, sign, verify } from 'node:crypto'
import { test } from 'node:test'
import { isProbablePrime, numberOfBytes } from '../../../../src/template/functions/crypto/probable-prime.ts'
import { randomPrime } from '../../../../src/template/functions/crypto/random-prime.ts'
import { rsaKey } from '../../../../src/template/functions/crypto/rsa-key.ts'

const ROUNDS = 40
const MERSENNE_EXPONENTS = [13n, 17n, 19n, 31n, 61n, 89n, 107n, 127n, 521n, 607n, 1279n, 2203n]

test('primes pass, whatever their form', () => {
  const primes = [
    5n,
    7n,
    11n,
    65_539n,
    (1n << 61n) - 1n,
    (1n << 255n) - 19n,
    (1n << 448n) - (1n << 224n) - 1n,
    2n ** 224n - 2n ** 96n + 1n,
    ...MERSENNE_EXPONENTS.map((exponent) => (1n << exponent) - 1n),
  ]
  for (const prime of primes) assert.ok(isProbablePrime(prime, ROUNDS), String(prime))
})

test('composites fail, those that fool single bases too', () => {
  const composites = [
    9n,
    15n,
    561n,
    1729n,
    62_745n,
    825_265n,
    9_746_347_772_161n,
    // Strong pseudoprimes to the first primes as bases: OEIS A014233.
    2047n,
    3_215_031_751n,
    341_550_071_728_321n,
    3_825_123_056_546_413_051n,
    318_665_857_834_031_151_167_461n,
    3_317_044_064_679_887_385_961_981n,
    // Arnault's, to all bases below 307: p (313(p - 1) + 1)(353(p - 1) + 1).
    arnault(
      29_674_495_668_685_510_550_154_174_642_905_332_730_771_991_799_853_043_350_995_075_531_276_838_753_171_770_199_594_238_596_428_121_188_033_664_754_218_345_562_493_168_782_883n,
    ),
    ...MERSENNE_EXPONENTS.map((exponent) => (1n << (exponent + 2n)) - 1n).filter((n) => !checkPrimeSync(n)),
    ((1n << 521n) - 1n) * ((1n << 607n) - 1n),
    ((1n << 521n) - 1n) ** 2n,
  ]
  for (const composite of composites) assert.equal(isProbablePrime(composite, ROUNDS), false, String(composite))
})

function arnault(p: bigint): bigint {
  return p * (313n * (p - 1n) + 1n) * (353n * (p - 1n) + 1n)
}

test('odd numbers are told apart as OpenSSL tells them apart', () => {
  for (let n = 7n; n < 3000n; n += 2n) {
    if (((n - 1n) & (n - 2n)) === 0n) continue
    assert.equal(isProbablePrime(n, ROUNDS), checkPrimeSync(n), String(n))
  }
})

test('random primes are prime, of the length asked for, with the two highest bits set', () => {
  const seen = new Set<bigint>()
  for (let i = 0; i < 12; i++) {
    const prime = randomPrime(512, (candidate) => candidate % 65_537n !== 1n)
    assert.equal(prime >> 510n, 3n)
    assert.ok(checkPrimeSync(prime))
    seen.add(prime)
  }
  assert.equal(seen.size, 12)
})

test('a prime that is not wanted is passed over', () => {
  for (let i = 0; i < 4; i++) assert.equal(randomPrime(512, (candidate) => candidate % 4n === 3n) % 4n, 3n)
})

function partsOf(bits: number): Readonly<Record<'n' | 'e' | 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qi', bigint>> {
  const { kty: _kind, ...parts } = rsaKey(bits).export({ format: 'jwk' })
  const numbers = Object.entries(parts).map(([name, text]) => [name, numberOfBytes(Buffer.from(String(text), 'base64url'))])
  return Object.fromEntries(numbers)
}

test('the numbers of a key belong together', () => {
  for (const bits of [1024, 1024, 1024, 1024, 2048]) {
    const { n, e, d, p, q, dp, dq, qi } = partsOf(bits)
    assert.equal(n, p * q)
    assert.equal(n.toString(2).length, bits)
    assert.ok(checkPrimeSync(p) && checkPrimeSync(q))
    assert.ok(p > q && (p - q).toString(2).length > bits / 2 - 100)
    assert.equal(e, 65_537n)
    assert.deepEqual([(e * d) % (p - 1n), (e * d) % (q - 1n), (q * qi) % p], [1n, 1n, 1n])
    assert.deepEqual([dp, dq], [d % (p - 1n), d % (q - 1n)])
    assert.ok(d.toString(2).length > bits / 2)
  }
})

test('a key signs and decrypts, also after a trip through its text', () => {
  const pem = rsaKey(2048).export({ type: 'pkcs1', format: 'pem' })
  const key = createPrivateKey(pem)
  const text = Buffer.from('text')
  assert.ok(verify('sha256', text, createPublicKey(pem), sign('sha256', text, key)))
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  assert.deepEqual(privateDecrypt({ key, padding }, publicEncrypt({ key: createPublicKey(pem), padding }, text)), text)
})
