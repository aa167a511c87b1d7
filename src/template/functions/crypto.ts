import { createCipheriv, createDecipheriv } from 'node:crypto'
import { createRequire } from 'node:module'
import type { Host } from '../../base/host.ts'
import { decodeBase64 } from '../../go/base64.ts'
import { byteLength, bytesOfString, stringFromBytes } from '../../go/bytes.ts'
import { GoError, type GoFunction, type GoList, type GoObject, GoPanic, type GoValue, isGoObject } from '../../go/values.ts'
import { type CertificateRequest, createCertificate, parseDnsNames, parseIps, parseIssuer } from './crypto/certificate.ts'
import { derivePassword } from './crypto/derive-password.ts'
import { generatePrivateKey, newRsaKey, type PrivateKey, parsePrivateKey } from './crypto/private-key.ts'
import { fixed } from './signature.ts'

type Surroundings = Pick<Host, 'now' | 'randomBytes'>

const LIST = '[]interface {}'
const CERTIFICATE = 'sprig.certificate'
const CERTIFICATE_KEY_BITS = 2048
const DAY_NS = 24n * 3600n * 1_000_000_000n

let bcryptPackage: typeof import('bcryptjs') | undefined

/** Source: golang.org/x/crypto/bcrypt, cost 10 */
function bcrypt(host: Surroundings, password: string): string {
  if (byteLength(password) > 72) return 'failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes'
  bcryptPackage ??= createRequire(import.meta.url)('bcryptjs') as typeof import('bcryptjs')
  const salt = bcryptPackage.encodeBase64([...host.randomBytes(16)] as unknown as Uint8Array & number[], 16)
  return bcryptPackage.hashSync(password, `$2a$10$${salt}`)
}

function certificateObject(cert: string, key: string): GoObject {
  const fields: Readonly<Record<string, string>> = { Cert: cert, Key: key }
  return {
    goType: CERTIFICATE,
    goKind: 'struct',
    field: (name) => (Object.hasOwn(fields, name) ? fields[name] : undefined),
    method: () => undefined,
    goString: () => `{${cert} ${key}}`,
    plain: () => new Map(Object.entries(fields)),
  }
}

function requestFor(
  host: Surroundings,
  commonName: string,
  days: bigint,
  names: { readonly ips: GoList; readonly dns: GoList; readonly isAuthority: boolean },
): CertificateRequest {
  const now = host.now()
  const notAfter = new Date(now + Number(BigInt.asIntN(64, days * DAY_NS) / 1_000_000n))
  const { ips, dns, isAuthority } = names
  return {
    commonName,
    ips: parseIps(ips ?? []),
    dnsNames: parseDnsNames(dns ?? []),
    notBefore: new Date(now),
    notAfter,
    isAuthority,
    serial: host.randomBytes(16),
  }
}

function selfSigned(request: CertificateRequest, key: PrivateKey): GoObject {
  return certificateObject(createCertificate(request, key, key), key.pem)
}

function pemKey(text: string): PrivateKey {
  return within('parsing private key', () => parsePrivateKey(text))
}

/** Adds what was being done to an error, as the original words it. */
function within<T>(doing: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof GoError) throw new GoError(`${doing}: ${error.message}`)
    throw error
  }
}

function textField(object: GoObject, name: string): string {
  const value: GoValue | undefined = object.field(name)
  return typeof value === 'string' ? value : ''
}

function signed(request: () => CertificateRequest, authority: GoValue, key: PrivateKey): GoObject {
  if (!isGoObject(authority)) throw new GoPanic('runtime error: invalid memory address or nil pointer dereference')
  const issuer = parseIssuer(textField(authority, 'Cert'), 'decodedSignerCert.Bytes')
  const signer = within('error parsing private key', () => parsePrivateKey(textField(authority, 'Key')))
  return certificateObject(createCertificate(request(), key, signer, issuer), key.pem)
}

function decoded(text: string, what: string): string {
  try {
    return decodeBase64(text)
  } catch (error) {
    throw new GoError(`unable to decode base64 ${what}`, { cause: error })
  }
}

function buildCustomCert(b64cert: string, b64key: string): GoObject {
  const cert = decoded(b64cert, 'certificate')
  const key = decoded(b64key, 'private key')
  parseIssuer(cert, 'decodedCert.Bytes')
  within('error parsing private key', () => parsePrivateKey(key))
  return certificateObject(cert, key)
}

/** The first 32 bytes of a password, zeros where it is shorter. */
function aesKey(password: string): Buffer {
  const key = Buffer.alloc(32)
  key.set(bytesOfString(password).subarray(0, 32))
  return key
}

function encryptAes(host: Surroundings, password: string, text: string): string {
  if (text === '') return ''
  const iv = host.randomBytes(16)
  const cipher = createCipheriv('aes-256-cbc', aesKey(password), iv)
  return Buffer.concat([iv, cipher.update(bytesOfString(text)), cipher.final()]).toString('base64')
}

/** The padding is cut by its last byte and not checked: a wrong password gives rubbish or a panic, as in the original. */
function decryptAes(password: string, text: string): string {
  if (text === '') return ''
  const bytes = bytesOfString(decodeBase64(text))
  if (bytes.length < 16) throw new GoPanic(`runtime error: slice bounds out of range [:16] with capacity ${bytes.length}`)
  const content = bytes.subarray(16)
  if (content.length % 16 !== 0) throw new GoPanic('crypto/cipher: input not full blocks')
  if (content.length === 0) throw new GoPanic('runtime error: index out of range [-1]')
  const decipher = createDecipheriv('aes-256-cbc', aesKey(password), bytes.subarray(0, 16)).setAutoPadding(false)
  const plain = Buffer.concat([decipher.update(content), decipher.final()])
  const end = plain.length - (plain.at(-1) as number)
  if (end < 0) throw new GoPanic(`runtime error: slice bounds out of range [:${end}]`)
  return stringFromBytes(plain.subarray(0, end))
}

/**
 * Keys, certificates, passwords and ciphers. Key material comes from the system's generator, everything else random from the host.
 *
 * Source: sprig 3.3.0 crypto.go
 */
export function cryptoFunctions(host: Surroundings): ReadonlyMap<string, GoFunction> {
  const authority = (name: string, days: bigint): CertificateRequest => requestFor(host, name, days, { ips: [], dns: [], isAuthority: true })
  const leaf = (name: string, ips: GoList, dns: GoList, days: bigint): CertificateRequest =>
    requestFor(host, name, days, { ips, dns, isAuthority: false })
  const names = ['string', LIST, LIST, 'int'] as const
  return new Map([
    ['bcrypt', fixed(['string'], (password: string) => bcrypt(host, password))],
    [
      'htpasswd',
      fixed(['string', 'string'], (user: string, password: string) =>
        user.includes(':') ? `invalid username: ${user}` : `${user}:${bcrypt(host, password)}`,
      ),
    ],
    [
      'derivePassword',
      fixed(['uint32', 'string', 'string', 'string', 'string'], (counter: bigint, type: string, password: string, user: string, site: string) =>
        derivePassword(Number(counter), type, password, user, site),
      ),
    ],
    ['genPrivateKey', fixed(['string'], (type: string) => generatePrivateKey(type))],
    ['genCA', fixed(['string', 'int'], (name: string, days: bigint) => selfSigned(authority(name, days), newRsaKey(CERTIFICATE_KEY_BITS)))],
    ['genCAWithKey', fixed(['string', 'int', 'string'], (name: string, days: bigint, key: string) => selfSigned(authority(name, days), pemKey(key)))],
    [
      'genSelfSignedCert',
      fixed(names, (name: string, ips: GoList, dns: GoList, days: bigint) => selfSigned(leaf(name, ips, dns, days), newRsaKey(CERTIFICATE_KEY_BITS))),
    ],
    [
      'genSelfSignedCertWithKey',
      fixed([...names, 'string'], (name: string, ips: GoList, dns: GoList, days: bigint, key: string) => {
        const parsed = pemKey(key)
        return selfSigned(leaf(name, ips, dns, days), parsed)
      }),
    ],
    [
      'genSignedCert',
      fixed([...names, CERTIFICATE], (name: string, ips: GoList, dns: GoList, days: bigint, by: GoValue) =>
        signed(() => leaf(name, ips, dns, days), by, newRsaKey(CERTIFICATE_KEY_BITS)),
      ),
    ],
    [
      'genSignedCertWithKey',
      fixed([...names, CERTIFICATE, 'string'], (name: string, ips: GoList, dns: GoList, days: bigint, by: GoValue, key: string) => {
        const parsed = pemKey(key)
        return signed(() => leaf(name, ips, dns, days), by, parsed)
      }),
    ],
    ['buildCustomCert', fixed(['string', 'string'], buildCustomCert)],
    ['encryptAES', fixed(['string', 'string'], (password: string, text: string) => encryptAes(host, password, text))],
    ['decryptAES', fixed(['string', 'string'], decryptAes)],
  ])
}
