import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { lex } from '../../../src/template/lexer.ts'
import type { Token } from '../../../src/template/token.ts'

function tokens(text: string): readonly Token[] {
  const lexer = lex(text)
  const all: Token[] = []
  for (let token = lexer.next(); token.kind !== 'eof'; token = lexer.next()) {
    all.push(token)
    if (token.kind === 'error') break
  }
  return all
}

/** `kind value` of each token; delimiters and spaces left out. */
function shown(text: string): readonly string[] {
  return tokens(text).flatMap(({ kind, value }) => (/delimiter|space/.test(kind) ? [] : [`${kind} ${value}`]))
}

describe('lex', () => {
  const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
    ['text', 'a { b', ['text a { b']],
    ['nothing', '', []],
    ['empty action', '{{}}', []],
    ['fields and variables', '{{.a.b $ $x.y .}}', ['field .a', 'field .b', 'variable $', 'variable $x', 'field .y', '. .']],
    ['keywords', '{{if range nil iff}}', ['if if', 'range range', 'nil nil', 'identifier iff']],
    ['booleans', '{{true false}}', ['bool true', 'bool false']],
    ['numbers', '{{1 -2 .5 0x1F 1e3 1_0 0b1}}', ['number 1', 'number -2', 'number .5', 'number 0x1F', 'number 1e3', 'number 1_0', 'number 0b1']],
    ['complex numbers', '{{1i 1+2i}}', ['number 1i', 'complex 1+2i']],
    ['strings', '{{"a\\"b" `c"\n` \'x\'}}', ['string "a\\"b"', 'raw string `c"\n`', "char constant 'x'"]],
    [
      'operators',
      '{{$x := 1 | f, (g) = }}',
      ['variable $x', 'declare :=', 'number 1', 'pipe |', 'identifier f', 'char ,', 'left paren (', 'identifier g', 'right paren )', 'assign ='],
    ],
    ['letters of any script', '{{é_1}}', ['identifier é_1']],
    ['trimming both sides', 'a \n {{- 1 -}} \n b', ['text a', 'number 1', 'text b']],
    ['trimming to nothing', ' {{- 1 -}} ', ['number 1']],
    ['a minus without blank is a sign', '{{-3}}', ['number -3']],
    ['only ASCII blanks are trimmed', 'a\u00a0{{- 1}}', ['text a\u00a0', 'number 1']],
    ['comments', 'a{{/* x */}}b{{- /* y\n*/ -}} c', ['text a', 'text b', 'text c']],
    ['a blank before a trimming end', '{{1  -}} x', ['number 1', 'text x']],
  ]
  for (const [name, text, expected] of cases) it(name, () => assert.deepEqual(shown(text), expected))

  const errors: readonly [text: string, message: string][] = [
    ['{{', 'unclosed action'],
    ['{{/* x', 'unclosed comment'],
    ['{{/* x */ 1}}', 'comment ends before closing delimiter'],
    ['{{"a', 'unterminated quoted string'],
    ['{{"a\n"}}', 'unterminated quoted string'],
    ['{{`a', 'unterminated raw quoted string'],
    ["{{'a", 'unterminated character constant'],
    ['{{(1}}', 'unclosed left paren'],
    ['{{1)}}', 'unexpected right paren'],
    ['{{:a}}', 'expected :='],
    ['{{a-b}}', "bad character U+002D '-'"],
    ['{{.a!}}', "bad character U+0021 '!'"],
    ['{{1a}}', 'bad number syntax: "1a"'],
    ['{{\u0001}}', 'unrecognized character in action: U+0001'],
    ['{{\udcff}}', "unrecognized character in action: U+FFFD '�'"],
  ]
  for (const [text, message] of errors) it(`fails on ${JSON.stringify(text)}`, () => assert.equal(shown(text).at(-1), `error ${message}`))

  it('keeps offsets', () => {
    const all = tokens('ab{{- .x | f -}} \n{{ "é" }}')
    assert.deepEqual(
      all.map(({ kind, start }) => `${kind}@${start}`),
      [
        'text@0',
        'left delimiter@2',
        'field@6',
        'space@8',
        'pipe@9',
        'space@10',
        'identifier@11',
        'right delimiter@14',
        'left delimiter@18',
        'space@20',
        'string@21',
        'space@24',
        'right delimiter@25',
      ],
    )
  })
})
