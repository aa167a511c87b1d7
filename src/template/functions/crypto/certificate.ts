import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { isIPv4, isIPv6 } from 'node:net'
import { sprint } from '../../../go/printf.ts'
import { GoError, type GoValue } from '../../../go/values.ts'
import { bitString, boolean, type DerElement, elementsOf, integer, octetString, oid, sequence, set, tagged, text, time } from './der.ts'
import { decodePem, encodePem } from './pem.ts'
import type { PrivateKey } from './private-key.ts'

/** What a certificate is to say. */
export interface CertificateRequest {
  readonly commonName: string
  readonly ips: readonly Uint8Array[]
  readonly dnsNames: readonly string[]
  readonly notBefore: Date
  readonly notAfter: Date
  readonly isAuthority: boolean
  /** 16 random bytes. */
  readonly serial: Uint8Array
}

/** Who signs: the subject and key identifier of a certificate, and the key. */
export interface Issuer {
  /** DER of the subject's name. */
  readonly name: Uint8Array
  readonly keyIdentifier: Uint8Array | undefined
  readonly publicKey: KeyObject
}

const OID = {
  commonName: '2.5.4.3',
  keyUsage: '2.5.29.15',
  extendedKeyUsage: '2.5.29.37',
  basicConstraints: '2.5.29.19',
  subjectKeyIdentifier: '2.5.29.14',
  authorityKeyIdentifier: '2.5.29.35',
  subjectAlternativeName: '2.5.29.17',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
}

const NULL = tagged(0x05)
const SHA256_RSA = sequence(oid('1.2.840.113549.1.1.11'), NULL)
const ED25519 = sequence(oid('1.3.101.112'))
/** By curve: Go hashes as wide as the curve is. */
const ECDSA: Readonly<Record<string, { readonly algorithm: Uint8Array; readonly hash: string }>> = {
  secp224r1: { algorithm: sequence(oid('1.2.840.10045.4.3.2')), hash: 'sha256' },
  prime256v1: { algorithm: sequence(oid('1.2.840.10045.4.3.2')), hash: 'sha256' },
  secp384r1: { algorithm: sequence(oid('1.2.840.10045.4.3.3')), hash: 'sha384' },
  secp521r1: { algorithm: sequence(oid('1.2.840.10045.4.3.4')), hash: 'sha512' },
}

function nameOf(commonName: string): Buffer {
  return commonName === '' ? sequence() : sequence(set(sequence(oid(OID.commonName), text(commonName))))
}

function extension(id: string, critical: boolean, value: Uint8Array): Buffer {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), octetString(value))
}

/** Digital signature and key encipherment; for authorities also signing certificates. Bits count from the left. */
function keyUsage(isAuthority: boolean): Buffer {
  return isAuthority ? bitString(Buffer.of(0b1010_0100), 2) : bitString(Buffer.of(0b1010_0000), 5)
}

function subjectPublicKey(key: KeyObject): Uint8Array {
  return createPublicKey(key).export({ type: 'spki', format: 'der' })
}

/** The first 20 bytes of the SHA-256 of the key's bits, as Go 1.25 and later take it (RFC 7093). */
function keyIdentifierOf(spki: Uint8Array): Uint8Array {
  const bits = elementsOf(elementsOf(spki)[0]?.content ?? new Uint8Array())[1]?.content ?? new Uint8Array()
  return createHash('sha256').update(bits.subarray(1)).digest().subarray(0, 20)
}

function extensionsOf(request: CertificateRequest, own: Uint8Array | undefined, authority: Uint8Array | undefined): Buffer {
  const names = [...request.dnsNames.map((name) => tagged(0x82, Buffer.from(name, 'utf8'))), ...request.ips.map((ip) => tagged(0x87, ip))]
  return sequence(
    extension(OID.keyUsage, true, keyUsage(request.isAuthority)),
    extension(OID.extendedKeyUsage, false, sequence(oid(OID.serverAuth), oid(OID.clientAuth))),
    extension(OID.basicConstraints, true, request.isAuthority ? sequence(boolean(true)) : sequence()),
    ...(own ? [extension(OID.subjectKeyIdentifier, false, octetString(own))] : []),
    ...(authority ? [extension(OID.authorityKeyIdentifier, false, sequence(tagged(0x80, authority)))] : []),
    ...(names.length > 0 ? [extension(OID.subjectAlternativeName, request.commonName === '', sequence(...names))] : []),
  )
}

function signatureOf(key: KeyObject, content: Uint8Array): Buffer {
  if (key.asymmetricKeyType === 'ed25519') return sign(null, content, key)
  if (key.asymmetricKeyType === 'ec') return sign(ECDSA[key.asymmetricKeyDetails?.namedCurve ?? '']?.hash ?? 'sha256', content, key)
  return sign('sha256', content, key)
}

function algorithmOf(key: KeyObject): Uint8Array {
  if (key.asymmetricKeyType === 'rsa') return SHA256_RSA
  if (key.asymmetricKeyType === 'ed25519') return ED25519
  const ecdsa = ECDSA[key.asymmetricKeyDetails?.namedCurve ?? '']
  if (!ecdsa) throw new GoError('error creating certificate: x509: unsupported elliptic curve')
  return ecdsa.algorithm
}

/**
 * A certificate for the public half of `subject`, signed by `signer` (itself, where no `issuer` is given), as PEM.
 *
 * @throws GoError in the original's words
 * Source: sprig 3.3.0 crypto.go (getCertAndKey), Go 1.26 crypto/x509 CreateCertificate; RFC 5280
 */
export function createCertificate(request: CertificateRequest, subject: PrivateKey, signer: PrivateKey, issuer?: Issuer): string {
  if (signer.kind === 'dsa') throw new GoError('error creating certificate: x509: certificate private key does not implement crypto.Signer')
  if (subject.kind === 'dsa') throw new GoError('error creating certificate: x509: unsupported public key type: *dsa.PublicKey')
  const spki = subjectPublicKey(subject.key)
  if (issuer && !createPublicKey(signer.key).equals(issuer.publicKey)) {
    throw new GoError("error creating certificate: x509: provided PrivateKey doesn't match parent's PublicKey")
  }
  const name = nameOf(request.commonName)
  const issuerName = issuer?.name ?? name
  const ownIdentifier = request.isAuthority ? keyIdentifierOf(spki) : undefined
  const authority = issuer && !name.equals(issuerName) ? issuer.keyIdentifier : undefined
  const algorithm = algorithmOf(signer.key)
  const content = sequence(
    tagged(0xa0, integer(2n)),
    integer(BigInt(`0x${Buffer.from(request.serial).toString('hex')}`)),
    algorithm,
    issuerName,
    sequence(time(request.notBefore), time(request.notAfter)),
    name,
    spki,
    tagged(0xa3, extensionsOf(request, ownIdentifier, authority)),
  )
  return encodePem({ type: 'CERTIFICATE', bytes: sequence(content, algorithm, bitString(signatureOf(signer.key, content))) })
}

/**
 * What is needed of a certificate to sign others in its name.
 *
 * @throws GoError when the text is no PEM certificate; `what` names it as the original does
 */
export function parseIssuer(pem: string, what: string): Issuer {
  const block = decodePem(pem)
  if (!block) throw new GoError('unable to decode certificate')
  try {
    const [content] = elementsOf(elementsOf(block.bytes)[0]?.content ?? new Uint8Array())
    const fields = elementsOf(content?.content ?? new Uint8Array()).filter((element, i) => !(i === 0 && element.tag === 0xa0))
    const [, , , , subject, spki, ...rest] = fields
    if (!subject || !spki) throw new RangeError('too few fields')
    const publicKey = createPublicKey({ key: Buffer.from(spki.whole), format: 'der', type: 'spki' })
    return { name: subject.whole, publicKey, keyIdentifier: identifierIn(rest) }
  } catch {
    // Neither OpenSSL's nor our words are Go's; failing is what counts.
    throw new GoError(`error parsing certificate: ${what}: x509: malformed certificate`)
  }
}

function identifierIn(rest: readonly DerElement[]): Uint8Array | undefined {
  const list = rest.find((element) => element.tag === 0xa3)
  if (!list) return undefined
  const wanted = oid(OID.subjectKeyIdentifier)
  for (const item of elementsOf(elementsOf(list.content)[0]?.content ?? new Uint8Array())) {
    const parts = elementsOf(item.content)
    if (parts[0] && wanted.equals(parts[0].whole)) return elementsOf(parts.at(-1)?.content ?? new Uint8Array())[0]?.content
  }
  return undefined
}

/** IP addresses of a list as bytes. @throws GoError for what is not a text or no address */
export function parseIps(list: readonly GoValue[]): readonly Uint8Array[] {
  return list.map((item) => {
    if (typeof item !== 'string') throw new GoError(`error parsing ip: ${shown(item)} is not a string`)
    if (isIPv4(item)) return Buffer.from(item.split('.').map(Number))
    if (isIPv6(item) && !item.includes('%')) return ipv6Bytes(item)
    throw new GoError(`error parsing ip: ${item}`)
  })
}

function shown(item: GoValue): string {
  return item === null ? '<nil>' : sprint([item])
}

/** 16 bytes; 4 where it is an IPv4 address in IPv6 clothes, as Go's To4 has it. */
function ipv6Bytes(address: string): Uint8Array {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address)
  const hex = (high: string | undefined, low: string | undefined): string => (Number(high) * 256 + Number(low)).toString(16)
  const plain = dotted ? `${dotted[1]}${hex(dotted[2], dotted[3])}:${hex(dotted[4], dotted[5])}` : address
  const [head = '', tail] = plain.split('::')
  const groups = (part: string): number[] => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)))
  const left = groups(head)
  const right = tail === undefined ? [] : groups(tail)
  const all = [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right]
  const bytes = Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]))
  const isMapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff
  return isMapped ? bytes.subarray(12) : bytes
}

/** DNS names of a list. @throws GoError for what is not a text */
export function parseDnsNames(list: readonly GoValue[]): readonly string[] {
  return list.map((item) => {
    if (typeof item !== 'string') throw new GoError(`error processing alternate dns name: ${shown(item)} is not a string`)
    if (/[^\u0000-\u007f]/.test(item))
      throw new GoError(`error creating certificate: x509: ${JSON.stringify(item)} cannot be encoded as an IA5String`)
    return item
  })
}
