import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import type { GoFunction, GoInt } from '../../../../src/go/values.ts'
import { randomFunctions } from '../../../../src/template/functions/random.ts'
import { evaluate, fixedHost } from '../../../support/evaluate.ts'

describe('random functions', () => {
  const shapes: readonly (readonly [string, RegExp])[] = [
    ['{{ randAlphaNum 40 }}', /^[0-9A-Za-z]{40}$/],
    ['{{ randAlpha 40 }}', /^[A-Za-z]{40}$/],
    ['{{ randNumeric 40 }}', /^[0-9]{40}$/],
    ['{{ randAscii 40 }}', /^[ -~]{40}$/],
    ['{{ randAlpha -1 }}', /^$/],
    ['{{ randBytes 16 }}', /^[A-Za-z0-9+/]{22}==$/],
    ['{{ uuidv4 }}', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/],
    ['{{ randInt 5 6 }}', /^5$/],
    ['{{ shuffle "aaa" }}', /^aaa$/],
    ['{{ randInt 6 5 }}', /error calling randInt: invalid argument to Intn$/],
    ['{{ randAlpha 99999999999 }}', /makeslice: len out of range$/],
  ]
  for (const [template, shape] of shapes) it(template, () => assert.match(evaluate(template), shape))

  it('come from the host alone', () => assert.equal(evaluate('{{ uuidv4 }}{{ randAlphaNum 20 }}'), evaluate('{{ uuidv4 }}{{ randAlphaNum 20 }}')))

  it('draw every number of a range about equally often', () => {
    const randInt = randomFunctions({ ...fixedHost, randomBytes }).get('randInt') as GoFunction
    const counts = new Map<string, number>()
    for (let i = 0; i < 6_000; i++) {
      const drawn = String((randInt.call(10n, 16n) as GoInt).value)
      counts.set(drawn, (counts.get(drawn) ?? 0) + 1)
    }
    assert.deepEqual([...counts.keys()].sort(), ['10', '11', '12', '13', '14', '15'])
    for (const count of counts.values()) assert.ok(count > 700 && count < 1_300, `${count} of 6000`)
  })
})
