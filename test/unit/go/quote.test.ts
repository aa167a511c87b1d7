import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { canBackquote, quote, quoteRune, quoteToAscii, unquote } from '../../../src/go/quote.ts'

const BYTE_FF = '\udcff'

describe('quote', () => {
  const cases: readonly [text: string, quoted: string, ascii: string][] = [
    ['', '""', '""'],
    ['a"b\\c', '"a\\"b\\\\c"', '"a\\"b\\\\c"'],
    ['\n\t\r\x07\b\f\v', '"\\n\\t\\r\\a\\b\\f\\v"', '"\\n\\t\\r\\a\\b\\f\\v"'],
    ['\0\x7f', '"\\x00\\x7f"', '"\\x00\\x7f"'],
    ['é😀', '"é😀"', '"\\u00e9\\U0001f600"'],
    ['\u00a0\u200b\ufeff', '"\\u00a0\\u200b\\ufeff"', '"\\u00a0\\u200b\\ufeff"'],
    [`x${BYTE_FF}`, '"x\\xff"', '"x\\xff"'],
    ["'`", '"\'`"', '"\'`"'],
  ]
  for (const [text, quoted, ascii] of cases) {
    it(quoted, () => {
      assert.equal(quote(text), quoted)
      assert.equal(quoteToAscii(text), ascii)
    })
  }
  it('writes characters', () => {
    assert.deepEqual(
      [quoteRune(97), quoteRune(39), quoteRune(0xe9, true), quoteRune(-1), quoteRune(0x110000)],
      ["'a'", "'\\''", "'\\u00e9'", "'�'", "'�'"],
    )
  })
  it('knows what back quotes can hold', () => {
    assert.deepEqual(['a\tb', 'a`', 'a\n', '\ufeff', BYTE_FF, 'é'].map(canBackquote), [true, false, false, false, false, true])
  })
})

describe('unquote', () => {
  const good: readonly [literal: string, value: string][] = [
    ['"a\\nb"', 'a\nb'],
    ['"\\x41\\101\\u00e9\\U0001F600"', 'AAé😀'],
    ['"\\xc3\\xa9"', 'é'],
    ['"\\xff"', BYTE_FF],
    [`"${BYTE_FF}"`, '�'],
    ["'a'", 'a'],
    ["'\\''", "'"],
    ['`a\r\n\\n`', 'a\n\\n'],
    ['"\\""', '"'],
  ]
  for (const [literal, value] of good) it(literal, () => assert.equal(unquote(literal), value))
  const bad = ['', '"', 'a', '"a', '"\\q"', '"\\\'"', '"\\400"', '"\\ud800"', '"\\U00110000"', '"a\nb"', "''", "'ab'", '`a`b`', '"a"b"']
  for (const literal of bad) it(`refuses ${JSON.stringify(literal)}`, () => assert.throws(() => unquote(literal), { message: 'invalid syntax' }))
})
