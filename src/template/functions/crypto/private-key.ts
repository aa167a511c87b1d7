import { createPrivateKey, generateKeyPairSync, getFips, type KeyObject } from 'node:crypto'
import { GoError } from '../../../go/values.ts'
import { elementsOf, integer, integerIn, sequence } from './der.ts'
import { decodePem, encodePem } from './pem.ts'
import { rsaKey } from './rsa-key.ts'

/** A private key with its PEM form. DSA keys can be written and read but not sign certificates: in Go neither can they. */
export type PrivateKey = { readonly kind: 'key'; readonly key: KeyObject; readonly pem: string } | { readonly kind: 'dsa'; readonly pem: string }

const DSA_BITS = { modulusLength: 2048, divisorLength: 256 }

/** A new RSA key of `bits`; OpenSSL's own where it is held to approved operations only, for which ours could not be certified. */
export function newRsaKey(bits: number): PrivateKey {
  return keyFrom(getFips() === 1 ? generateKeyPairSync('rsa', { modulusLength: bits }).privateKey : rsaKey(bits))
}

/**
 * The PEM text of a new key, or what is wrong as a text: that is what the original gives.
 * Source: sprig 3.3.0 crypto.go (generatePrivateKey)
 */
export function generatePrivateKey(type: string): string {
  switch (type) {
    case '':
    case 'rsa':
      return newRsaKey(4096).pem
    case 'dsa':
      return dsaPem(generateKeyPairSync('dsa', DSA_BITS).privateKey)
    case 'ecdsa':
      return keyFrom(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey).pem
    case 'ed25519':
      return keyFrom(generateKeyPairSync('ed25519').privateKey).pem
    default:
      return `Unknown type ${type}`
  }
}

function keyFrom(key: KeyObject): PrivateKey {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return { kind: 'key', key, pem: encodePem({ type: 'RSA PRIVATE KEY', bytes: key.export({ type: 'pkcs1', format: 'der' }) }) }
    case 'ec':
      return { kind: 'key', key, pem: encodePem({ type: 'EC PRIVATE KEY', bytes: key.export({ type: 'sec1', format: 'der' }) }) }
    default:
      return { kind: 'key', key, pem: encodePem({ type: 'PRIVATE KEY', bytes: key.export({ type: 'pkcs8', format: 'der' }) }) }
  }
}

/** OpenSSL's old form: version, p, q, g, y, x. PKCS#8 holds all but y = g^x mod p. */
function dsaPem(key: KeyObject): string {
  const [, algorithm, octets] = elementsOf(bodyOf(key.export({ type: 'pkcs8', format: 'der' })))
  const [p, q, g] = elementsOf(elementsOf(algorithm?.content ?? new Uint8Array())[1]?.content ?? new Uint8Array()).map((e) => integerIn(e.content))
  const x = integerIn(elementsOf(octets?.content ?? new Uint8Array())[0]?.content ?? new Uint8Array())
  if (p === undefined || q === undefined || g === undefined) throw new Error('internal error: DSA key without parameters; please report this')
  return encodePem({ type: 'DSA PRIVATE KEY', bytes: sequence(...[0n, p, q, g, power(g, x, p), x].map(integer)) })
}

function bodyOf(der: Uint8Array): Uint8Array {
  return elementsOf(der)[0]?.content ?? new Uint8Array()
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  let square = base % modulus
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

/**
 * The private key in a PEM text.
 *
 * @throws GoError in the original's words
 * Source: sprig 3.3.0 crypto.go (parsePrivateKeyPEM)
 */
export function parsePrivateKey(text: string): PrivateKey {
  const block = decodePem(text)
  if (!block) throw new GoError('no PEM data in input')
  if (block.type === 'PRIVATE KEY') return parsed(block.bytes, 'pkcs8', 'decoding PEM as PKCS#8')
  if (!block.type.endsWith(' PRIVATE KEY')) throw new GoError(`no private key data in PEM block of type ${block.type}`)
  const type = block.type.slice(0, -' PRIVATE KEY'.length)
  switch (type) {
    case 'RSA':
      return parsed(block.bytes, 'pkcs1', 'parsing RSA private key from PEM')
    case 'EC':
      return parsed(block.bytes, 'sec1', 'parsing EC private key from PEM')
    case 'DSA':
      return parsedDsa(block.bytes)
    default:
      throw new GoError(`invalid private key type ${type}`)
  }
}

function parsed(bytes: Uint8Array, type: 'pkcs1' | 'pkcs8' | 'sec1', doing: string): PrivateKey {
  try {
    return keyFrom(createPrivateKey({ key: Buffer.from(bytes), format: 'der', type }))
  } catch {
    // OpenSSL's reason would be in other words than Go's, and must not quote the key.
    throw new GoError(`${doing}: asn1: structure error: malformed key`)
  }
}

function parsedDsa(bytes: Uint8Array): PrivateKey {
  try {
    const numbers = elementsOf(bodyOf(bytes)).map((element) => integerIn(element.content))
    if (numbers.length !== 6) throw new RangeError('not six numbers')
    return { kind: 'dsa', pem: encodePem({ type: 'DSA PRIVATE KEY', bytes: sequence(...numbers.map(integer)) }) }
  } catch (error) {
    if (error instanceof RangeError) throw new GoError('parsing DSA private key from PEM: asn1: structure error: malformed key')
    throw error
  }
}
