import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isEmail, isRequestUrl, isWebAddress } from '../../../src/lint/address-forms.ts'

test('addresses, with what govalidator says of them', () => {
  const cases: readonly (readonly [(text: string) => boolean, readonly string[], readonly string[]])[] = [
    [isEmail, ['a@b.co', 'a.b+c@x-y.example', 'ü@münchen.de', '"a"@b.co', 'a@b.co.'], ['', 'a', 'a@b', 'a.@b.co', 'a@-b.co', 'a@b.c0', 'a b@c.de']],
    [
      isWebAddress,
      ['https://x.example/a?b#c', 'x.example', 'x.example:80', 'http://10.0.0.1', 'http://[::1]:80/', 'ftp://u:p@x.example'],
      ['', 'x', '.x.example', 'http://a b', 'http://', 'mailto:a@b.co:x', `http://${'a'.repeat(2100)}.de`],
    ],
    [isRequestUrl, ['https://x', 'mailto:x', 'data:image/png;base64,AA', 'git+ssh://git@x/y'], ['', 'x', '/x', '//x/y', 'http://a b', 'http://%zz']],
  ]
  for (const [fits, good, bad] of cases) {
    for (const text of good) assert.equal(fits(text), true, `${fits.name} ${text}`)
    for (const text of bad) assert.equal(fits(text), false, `${fits.name} ${text}`)
  }
})

test('long addresses are judged in time that grows with their length', () => {
  const long = `${'a.'.repeat(20_000)}@`
  assert.equal(isEmail(long), false)
  assert.equal(isWebAddress(`http://${'a-'.repeat(1000)}!`), false)
})
