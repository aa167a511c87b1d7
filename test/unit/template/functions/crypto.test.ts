import assert from 'node:assert/strict'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { nodeHost } from '../../../../src/base/host-node.ts'
import { GoError, type GoObject, GoPanic, type GoValue } from '../../../../src/go/values.ts'
import { cryptoFunctions } from '../../../../src/template/functions/crypto.ts'
import { bcryptMatches } from '../../../support/bcrypt.ts'

const functions = cryptoFunctions(nodeHost())

function call(name: string, ...args: readonly unknown[]): GoValue {
  const found = functions.get(name)
  assert.ok(found, `no function ${name}`)
  return found.call(...args)
}

function pems(value: GoValue): { readonly cert: X509Certificate; readonly certText: string; readonly key: string } {
  const object = value as GoObject
  const certText = String(object.field('Cert'))
  return { cert: new X509Certificate(certText), certText, key: String(object.field('Key')) }
}

test('derivePassword gives what Helm gives', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['long', 'ZedaFaxcZaso9*'],
    ['nonsense', 'cannot find password template nonsense'],
  ]
  for (const [type, expected] of cases) assert.equal(call('derivePassword', 1n, type, 'password', 'user', 'example.com'), expected)
})

test('an authority signs, and what it signed says so', () => {
  const authority = call('genCA', 'root', 10n)
  const ca = pems(authority)
  const leaf = pems(call('genSignedCert', 'leaf', ['10.0.0.1', '::1'], ['a.example'], 5n, authority))
  assert.equal(ca.cert.ca, true)
  assert.equal(ca.cert.subject, 'CN=root')
  assert.equal(leaf.cert.ca, false)
  assert.equal(leaf.cert.issuer, 'CN=root')
  assert.equal(leaf.cert.subjectAltName, 'DNS:a.example, IP Address:10.0.0.1, IP Address:0:0:0:0:0:0:0:1')
  assert.ok(leaf.cert.verify(ca.cert.publicKey))
  assert.ok(leaf.cert.checkIssued(ca.cert))
  assert.ok(leaf.cert.checkPrivateKey(createPrivateKey(leaf.key)))
  assert.equal(Date.parse(leaf.cert.validTo) - Date.parse(leaf.cert.validFrom), 5 * 24 * 3600 * 1000)
})

test('keys of each type sign for themselves, DSA keys cannot', () => {
  for (const type of ['ecdsa', 'ed25519']) {
    const { cert, key } = pems(call('genSelfSignedCertWithKey', 'self', [], [], 1n, call('genPrivateKey', type)))
    assert.ok(cert.verify(cert.publicKey), type)
    assert.ok(cert.checkPrivateKey(createPrivateKey(key)), type)
  }
  const dsa = call('genPrivateKey', 'dsa')
  assert.match(String(dsa), /^-----BEGIN DSA PRIVATE KEY-----\n/)
  assert.throws(() => call('genCAWithKey', 'x', 1n, dsa), /private key does not implement crypto\.Signer/)
})

test('what cannot be read is an error in the original words', () => {
  const cases: readonly (readonly [string, readonly unknown[], string])[] = [
    ['genCAWithKey', ['x', 1n, 'nonsense'], 'parsing private key: no PEM data in input'],
    ['genCAWithKey', ['x', 1n, '-----BEGIN X-----\nAAAA\n-----END X-----\n'], 'parsing private key: no private key data in PEM block of type X'],
    ['genSelfSignedCert', ['x', ['300.1.1.1'], [], 1n], 'error parsing ip: 300.1.1.1'],
    ['genSelfSignedCert', ['x', [1], [], 1n], 'error parsing ip: 1 is not a string'],
    ['genSelfSignedCert', ['x', [], [true], 1n], 'error processing alternate dns name: true is not a string'],
    ['buildCustomCert', ['%', ''], 'unable to decode base64 certificate'],
    ['buildCustomCert', ['', ''], 'unable to decode certificate'],
  ]
  for (const [name, args, message] of cases)
    assert.throws(
      () => call(name, ...args),
      (error) => error instanceof GoError && error.message === message,
      message,
    )
  assert.equal(call('genPrivateKey', 'bogus'), 'Unknown type bogus')
})

test('AES goes both ways; rubbish panics as Go does', () => {
  assert.equal(call('decryptAES', 'key', call('encryptAES', 'key', 'text ü')), 'text ü')
  assert.equal(call('encryptAES', 'key', ''), '')
  assert.throws(() => call('decryptAES', 'key', 'AAAA'), GoPanic)
})

test('bcrypt hashes verify', () => {
  assert.ok(bcryptMatches('pässword', String(call('bcrypt', 'pässword'))))
  assert.match(String(call('htpasswd', 'me', 'pw')), /^me:\$2a\$10\$/)
  assert.equal(call('htpasswd', 'a:b', 'pw'), 'invalid username: a:b')
  assert.match(String(call('bcrypt', 'x'.repeat(73))), /length exceeds 72 bytes/)
})
