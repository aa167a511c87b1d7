import assert from 'node:assert/strict'
import { test } from 'node:test'
import { glob } from '../../../src/base/glob.ts'
import { memoryHost } from '../../support/memory-host.ts'

const { fs } = memoryHost(
  Object.fromEntries(
    ['a.yaml', 'b.yaml', 'b.yml', 'env/prod.yaml', 'env/test.yaml', 'env/sub/x.yaml', '.hidden.yaml', 'we[ird].yaml'].map((name) => [name, '']),
  ),
)

const cases: readonly (readonly [string, readonly string[]])[] = [
  ['a.yaml', ['a.yaml']],
  ['gone.yaml', []],
  ['?.yaml', ['a.yaml', 'b.yaml']],
  ['*.y*ml', ['.hidden.yaml', 'a.yaml', 'b.yaml', 'b.yml', 'we[ird].yaml']],
  ['env/*.yaml', ['env/prod.yaml', 'env/test.yaml']],
  ['*/sub/*.yaml', ['env/sub/x.yaml']],
  ['[ab].yaml', ['a.yaml', 'b.yaml']],
  ['[^a].yaml', ['b.yaml']],
  ['[a-c].yaml', ['a.yaml', 'b.yaml']],
  ['we\\[ird].yaml', ['we[ird].yaml']],
  ['{a,b}.yaml', []],
  ['/repo/env/p*.yaml', ['/repo/env/prod.yaml']],
]

for (const [pattern, expected] of cases) {
  test(`${pattern} gives ${expected.length} files`, () => assert.deepEqual(glob(fs, pattern), expected))
}

for (const bad of ['[a', '[', 'a[]', 'x\\']) {
  test(`${bad} is no pattern`, () => assert.throws(() => glob(fs, bad), /syntax error in pattern \[base\/bad-glob\]/))
}

test('many stars do not take many steps', () => {
  const long = memoryHost({ [`${'a'.repeat(200)}.yaml`]: '' })
  assert.deepEqual(glob(long.fs, `${'*a'.repeat(60)}b`), [])
})
