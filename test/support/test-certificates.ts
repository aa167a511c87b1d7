import { randomBytes } from 'node:crypto'
import { createCertificate, parseIssuer } from '../../src/template/functions/crypto/certificate.ts'
import { generatePrivateKey, type PrivateKey, parsePrivateKey } from '../../src/template/functions/crypto/private-key.ts'

/** PEM texts of an authority and of whom it vouches for, 127.0.0.1 among the names. */
export interface TestCertificates {
  readonly ca: string
  readonly server: { readonly cert: string; readonly key: string }
  readonly client: { readonly cert: string; readonly key: string }
}

const DAY_MS = 24 * 60 * 60 * 1000

export function testCertificates(): TestCertificates {
  const newKey = (): PrivateKey => parsePrivateKey(generatePrivateKey('ecdsa'))
  const now = Date.now()
  const request = (commonName: string, isAuthority: boolean) => ({
    commonName,
    ips: isAuthority ? [] : [Uint8Array.of(127, 0, 0, 1)],
    dnsNames: isAuthority ? [] : ['charts.example.test'],
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + DAY_MS),
    isAuthority,
    serial: randomBytes(16),
  })
  const caKey = newKey()
  const ca = createCertificate(request('Test authority', true), caKey, caKey)
  const issued = (name: string): { cert: string; key: string } => {
    const key = newKey()
    return { cert: createCertificate(request(name, false), key, caKey, parseIssuer(ca, 'authority')), key: key.pem }
  }
  return { ca, server: issued('server'), client: issued('client') }
}
