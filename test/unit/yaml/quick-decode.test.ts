import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { GoValue } from '../../../src/go/values.ts'
import { parseFirstDocument } from '../../../src/yaml/compose.ts'
import { decodeNode } from '../../../src/yaml/decode.ts'
import { quickDecode } from '../../../src/yaml/quick-decode.ts'

/** What the parser makes of a text. */
function parsed(text: string): GoValue {
  return decodeNode(parseFirstDocument({ name: 'x', text }, 'helm')?.root ?? null, 'helm')
}

describe('quickDecode takes', () => {
  const cases: readonly string[] = [
    'a: 1\nb: text\nc: true\nd: ~\ne:\nf: 1.5\ng: 0x1f\nh: -1\ni: no\nj: 1e3',
    '---\na: 1\n',
    '# c\n\n  a: 1 # d\n  b: x#y\n',
    'a:\n  b:\n    c: 1\n  d: 2\ne: 3\n',
    'a:\n- 1\n- b: 2\n  c:\n  - 3\nd:\n  - - x\n    - y\n  -\n  - z: 1\n',
    '- a\n- "b"\n- \'c\'\n-\n- d: 1\n',
    'a: "x\\ny\\"\\\\\\t"\nb: \'it\'\'s\'\nc: ""\n',
    'a: one\n  two\n\n  three: no\n'.replace(': no', ' - no'),
    'a: \'one  \n  two\n\n\n  three \'\nb: "x\n y"\n',
    'a:\n  plain\n  text\nb:\n  [x]\n',
    'a: |\n  one\n    two\n\n  three\n\nb: |-\n  x\nc: |+\n  y\n\nd: 1\n',
    'a: |\nb: |-\n\n\n  x\n   \n',
    'a: |\n \n\n  x\n\n  y',
    'a: |-\n  x\n  y\n  ',
    'a: |+\n  x\n    ',
    'a: |2-\n\n\n     x\n  y\nb: |1\n   z\n\nc:\n- |1\n  u\n',
    'a: |-\n  # x\nb: |\n\n\n',
    '{}',
    '{a: [1, b]} # c\n',
    '---\n[]\n\n',
    'a: :8080\nb: ::x\n',
    'a: []\nb: {}\nc: [x, "y", 1, [z]]\nd: {e: 1, "f": [g], h: {}}\n',
    '"a/b": 1\n\'c\': 2\nd.e/f-g_h: 3\n2xl: 4\n',
    'a: http://x:80/?q=1\nb: --flag=x\nc: a, b]\nd: $x(y)\n',
    'a: 1\na: 2\n',
    'url: "é ü – 中"\n',
    'a:\n  # c\n  - x\n# d\n  - y\n',
  ]
  for (const text of cases)
    it(JSON.stringify(text), () => {
      const value = quickDecode(text)
      assert.notEqual(value, undefined)
      assert.deepEqual(value, parsed(text))
    })
})

describe('quickDecode leaves to the parser', () => {
  const cases: readonly string[] = [
    '',
    '# nothing\n',
    'text',
    'a:\tb',
    'a: b\r\n',
    'a: &x 1\nb: *x\n',
    'a: !!str 1\n',
    '<<: {a: 1}\n',
    'a: >\n  x\n',
    'a: |\n     \n  x\n',
    'a: |+\n',
    '{a: 1}: b\n',
    '{a: 1}\n--- 2\n',
    'a: "\\x41"\n',
    'a: 2020-01-01\n',
    'a: .inf\n',
    'yes: 1\n',
    '1: a\n',
    '? a\n: b\n',
    'a: b: c\n',
    'a: 1\n---\nb: 2\n',
    'a: "x\ny"\n',
    'a: 1\n  b: 2\n',
    ' a: 1\nb: 2\n',
    'a: x # c\n  y\n',
    'a: [x,\n  y]\n',
    'a: {b: }\n',
    'a: @x\n',
    'a: \u2028\n',
    '\ufeffa: 1\n',
    `${'a:\n'
      .repeat(80)
      .split('\n')
      .map((line, i) => ' '.repeat(i) + line)
      .join('\n')}`,
  ]
  for (const text of cases) it(JSON.stringify(text), () => assert.equal(quickDecode(text), undefined))
})
