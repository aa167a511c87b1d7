import assert from 'node:assert/strict'
import { test } from 'node:test'
import { areCompatible, parseSelector, selects } from '../../../src/state/selectors.ts'

const LABELS: ReadonlyMap<string, string> = new Map([
  ['name', 'web'],
  ['tier', 'front'],
  ['app.k8s.io/part-of', 'shop'],
])

const matching: readonly (readonly [string, boolean])[] = [
  ['name=web', true],
  ['name=api', false],
  ['tier=front,name=web', true],
  ['tier=front,name=api', false],
  ['name!=api', true],
  ['name!=web', false],
  ['missing!=x', true],
  ['missing=x', false],
  ['app.k8s.io/part-of=shop', true],
]

for (const [selector, expected] of matching) {
  test(`${selector} ${expected ? 'selects' : 'leaves out'}`, () => assert.equal(selects(parseSelector(selector), LABELS), expected))
}

for (const bad of ['', 'name', 'name=', 'a==b', 'a = b', 'a in (b)', 'a=b,']) {
  test(`"${bad}" is refused`, () =>
    assert.throws(() => parseSelector(bad), /malformed label: .*Expected label in form k=v or k!=v \[state\/bad-selector\]/))
}

const compatible: readonly (readonly [readonly string[], readonly string[], boolean])[] = [
  [['name=a'], ['name=b'], false],
  [['name=a'], ['name=a,tier=x'], true],
  [['name=a', 'name=b'], ['name=b'], true],
  [['name!=a'], ['name=a'], true],
  [[], ['name=a'], true],
  [['broken'], ['name=a'], true],
]

for (const [left, right, expected] of compatible) {
  test(`[${left}] and [${right}] ${expected ? 'may meet' : 'contradict'}`, () => assert.equal(areCompatible(left, right), expected))
}
