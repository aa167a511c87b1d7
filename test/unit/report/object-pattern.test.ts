import assert from 'node:assert/strict'
import { test } from 'node:test'
import { objectMatcher } from '../../../src/report/object-pattern.ts'
import { xmlElement, xmlText } from '../../../src/report/xml.ts'

const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web-api-1' }

for (const [pattern, expected] of [
  ['deployment', true],
  ['Deployment/web-api-1', true],
  ['deploy*/web-*', true],
  ['*/*-api-*', true],
  ['shop/deployment/*', true],
  ['*', true],
  ['prod/deployment/*', false],
  ['deployment/web', false],
  ['deployment/*-api', false],
  ['deployment/web-api-1*-1', false],
  ['a/b/c/d', false],
  ['', false],
] as const) {
  test(`"${pattern}" ${expected ? 'names' : 'does not name'} Deployment shop/web-api-1`, () => assert.equal(objectMatcher([pattern])(ref), expected))
}

test('XML holds what it can', () => {
  assert.equal(xmlText('a<b>&"\u0000\u001b\ud800x\ud83d\ude00'), 'a&lt;b&gt;&amp;&quot;???x\ud83d\ude00')
  assert.equal(xmlElement('a', { b: '1\n2', c: undefined }, []), '<a b="1&#10;2"/>\n')
})
