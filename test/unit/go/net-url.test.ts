import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkAddress } from '../../../src/go/net-address.ts'
import { hostName, parseUrl, urlString } from '../../../src/go/net-url.ts'

describe('parseUrl', () => {
  it('takes a URL apart', () => {
    assert.deepEqual(parseUrl('HTTPS://us%20er:p%40@h.com:80/a%2Fb?x=1?y#f%20g'), {
      scheme: 'https',
      opaque: '',
      user: { name: 'us er', password: 'p@' },
      host: 'h.com:80',
      path: '/a/b',
      rawPath: '/a%2Fb',
      query: 'x=1?y',
      fragment: 'f g',
    })
  })

  const refused: readonly (readonly [string, string])[] = [
    [':a', 'parse ":a": missing protocol scheme'],
    ['a:b/c:d', ''],
    ['1a:b', 'parse "1a:b": first path segment in URL cannot contain colon'],
    ['http://h/%zz', 'parse "http://h/%zz": invalid URL escape "%zz"'],
    ['http://u p@h', 'parse "http://u p@h": net/url: invalid userinfo'],
    ['http://h:x', 'parse "http://h:x": invalid port ":x" after host'],
    ['http://[::1', 'parse "http://[::1": missing \']\' in host'],
    ['http://a b', 'parse "http://a b": invalid character " " in host name'],
    ['http://h/\n', 'parse "http://h/\\n": net/url: invalid control character in URL'],
    ['http://[1.2.3.4]', 'parse "http://[1.2.3.4]": invalid IP-literal'],
  ]
  for (const [text, message] of refused) {
    it(message === '' ? `accepts ${text}` : `refuses ${JSON.stringify(text)}`, () => {
      if (message === '') assert.equal(parseUrl(text).opaque, 'b/c:d')
      else assert.throws(() => parseUrl(text), { message })
    })
  }
})

describe('hostName', () => {
  for (const [host, expected] of [
    ['h:80', 'h'],
    ['[::1]:8', '::1'],
    ['[::1]', '::1'],
    ['h', 'h'],
  ] as const) {
    it(host, () => assert.equal(hostName(host), expected))
  }
})

describe('urlString', () => {
  const empty = { scheme: '', opaque: '', user: undefined, host: '', path: '', query: '', fragment: '' }
  const cases: readonly (readonly [string, Partial<Parameters<typeof urlString>[0]>, string])[] = [
    [
      'all parts',
      { scheme: 'http', user: { name: 'u', password: 'p w' }, host: 'h', path: '/a b', query: 'q=1', fragment: 'f' },
      'http://u:p%20w@h/a%20b?q=1#f',
    ],
    ['a slash before a relative path', { host: 'h', path: 'p' }, '//h/p'],
    ['a dot before a colon', { path: 'a:b' }, './a:b'],
    ['opaque', { scheme: 'mailto', opaque: 'a@b' }, 'mailto:a@b'],
  ]
  for (const [name, parts, expected] of cases) it(name, () => assert.equal(urlString({ ...empty, ...parts }), expected))
})

describe('checkAddress', () => {
  for (const text of ['::', '::1', '1:2:3:4:5:6:7:8', '::ffff:1.2.3.4', 'fe80::1%eth0']) it(text, () => assert.equal(checkAddress(text), 'IPv6'))
  it('1.2.3.4', () => assert.equal(checkAddress('1.2.3.4'), 'IPv4'))
  const refused: readonly (readonly [string, string])[] = [
    ['', 'unable to parse IP'],
    ['1.2.3', 'IPv4 address too short'],
    ['1.2.3.256', 'IPv4 field has value >255'],
    ['1::2::3', 'multiple :: in address (at ":3")'],
    ['12345::', 'each group must have 4 or less digits (at "12345::")'],
    ['1:2:3', 'address string too short'],
    ['::1%', 'zone must be a non-empty string'],
  ]
  for (const [text, reason] of refused) {
    it(`refuses "${text}"`, () => assert.throws(() => checkAddress(text), { message: `ParseAddr(${JSON.stringify(text)}): ${reason}` }))
  }
})
