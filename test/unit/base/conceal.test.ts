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
  ]
  for (const [values, text] of cases) assert.equal(hide(values, text), text)
})

test('of several lines each is hidden, and of secrets in one another the longest', () => {
  assert.equal(hide(['-----BEGIN KEY-----\nabcdefghij\n}'], '    -----BEGIN KEY-----\n    abcdefghij\n    }'), '    ***\n    ***\n    }')
  assert.equal(hide(['pass', 'password-long'], 'password-long pass'), '*** ***')
  assert.equal(hide(['with space  '], 'a with space b'), 'a *** b')
})

test('characters of patterns mean nothing', () => {
  assert.equal(hide(['a.c*[x]'], 'a.c*[x] abc'), '*** abc')
})
