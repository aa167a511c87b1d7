import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concealer } from '../../../src/base/conceal.ts'

const hide = (values: readonly string[], text: string): string => concealer(values, () => '***')(text)
const base64 = (text: string): string => Buffer.from(text).toString('base64')

test('a secret is hidden in every form a text may hold it in', () => {
  const secret = 'p&ss wörd"1'
  const cases: readonly (readonly [string, string, string])[] = [
    ['as it is', `x ${secret} y`, 'x *** y'],
    ['as JSON', JSON.stringify({ a: secret }), '{"a":"***"}'],
    ['as JSON by Go', JSON.stringify({ a: secret }).replace('&', '\\u0026'), '{"a":"***"}'],
    ['as base64', `a: ${base64(secret)}`, 'a: ***'],
    ['inside of base64', `a: ${base64(`user:${secret}@db`)}`, 'a: ***'],
    ['inside of base64 for URLs', `a: ${Buffer.from(`user:${secret}@db`).toString('base64url')}`, 'a: ***'],
    ['in a URL', `pg://u:${encodeURIComponent(secret)}@db`, 'pg://u:***@db'],
    ['in a URL in lower case', `pg://u:${encodeURIComponent(secret).toLowerCase()}@db`, 'pg://u:***@db'],
    ['in JSON in JSON', JSON.stringify(JSON.stringify({ a: secret })), '"{\\"a\\":\\"***\\"}"'],
    ['in quotes of YAML', `a: '${secret}'`, "a: '***'"],
    ['in HTML', `<a>${secret.replace('&', '&amp;').replace('"', '&#34;')}</a>`, '<a>***</a>'],
    ['folded', `a: >-\n  p&ss\n  wörd"1`, 'a: >-\n  ***'],
    ['as base64 that begins elsewhere', `token-${base64(`user:${secret}@db`)}`, '***'],
    ['as base64 in several lines', `k: |\n  ${base64(`a long text before it, user:${secret}@db`).replace(/.{20}/g, '$&\n  ')}`, 'k: |\n  ***\n  '],
    ['as base64 in base64', base64(`{"a":"${base64(secret)}"}`), '***'],
    ['in JSON in base64', base64(JSON.stringify({ password: secret })), '***'],
    ['in a query', `?p=${encodeURIComponent(secret).replaceAll('%20', '+')}&x=1`, '?p=***&x=1'],
  ]
  for (const [name, text, expected] of cases) assert.equal(hide([secret], text), expected, name)
})

test('what is no secret stays', () => {
  const cases: readonly (readonly [readonly string[], string])[] = [
    [['one'], 'one by one'],
    [[''], 'text'],
    [['   \n'], 'a   \n b'],
    [['secret-value'], 'registry.example.com/some/long/path@sha256:0123456789abcdef'],
    [[], 'text'],
    [['true', 'admin', '5432', 'null', 'Default'], 'true: admin at 5432 is null by default'],
    [['1', 'no', 'abc'], '1 no abc'],
    [['prod', 'data1'], 'production metadata1 metadata12'],
    [['12345678'], 'a  12  34\nb  56  78'],
  ]
  for (const [values, text] of cases) assert.equal(hide(values, text), text)
})

test('of several lines each is hidden, and of secrets in one another the longest', () => {
  assert.equal(hide(['-----BEGIN KEY-----\nabcdefghij\n}'], '    -----BEGIN KEY-----\n    abcdefghij\n    }'), '    ***')
  assert.equal(hide(['pass', 'password-long'], 'password-long pass'), '*** ***')
  assert.equal(hide(['with space  '], 'a with space b'), 'a *** b')
})

test('characters of patterns mean nothing', () => {
  assert.equal(hide(['a.c*[x]'], 'a.c*[x] abc'), '*** abc')
})

test('what is short is found as a word', () => {
  assert.equal(hide(['prod!', 'data1'], 'a prod! b=data1;'), 'a *** b=***;')
})

test('a secret that is cut off at the end of a line is hidden up to there', () => {
  const secret = 'S3cr3t-0123456789-abcdefghijklmnopqrstuvwxyz'
  const before = 'x'.repeat(100)
  assert.equal(hide([secret], `   12 | ${before} ${secret.slice(0, 19)}\n`), `   12 | ${before} ***\n`)
  assert.equal(hide([secret], `   12 | ${secret.slice(9)} ${before}`), `   12 | *** ${before}`)
})

test('long texts take no longer than they must', () => {
  const run = concealer(['S3cr3t-0123456789'], () => '***')
  for (const text of [
    'A'.repeat(200_000),
    'AAAAAAAAAAAAAAAAAAAA\n'.repeat(10_000),
    '\\'.repeat(100_000),
    '%41'.repeat(60_000),
    '\\n'.repeat(60_000),
  ]) {
    assert.equal(run(text), text)
  }
})
