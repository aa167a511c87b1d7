import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { lex } from '../../../src/template/lexer.ts'
import { pipelineOfTokens } from '../../../src/template/parse-pipeline.ts'
import { quickPipeline } from '../../../src/template/quick-pipeline.ts'
import { newTreeParser, next, type TreeParser } from '../../../src/template/tree-parser.ts'

const FUNCTIONS = new Set(['f', 'g', 'nindent'])

/** A parser inside the action that `text` is. */
function inAction(text: string): TreeParser {
  const p = newTreeParser({ source: { name: 'x', text }, lexer: lex(text), functions: FUNCTIONS, trees: new Map(), parts: 0 }, 'x')
  p.variables.push('$x')
  next(p)
  return p
}

const quick = (p: TreeParser, isRange: boolean) => quickPipeline(p, p.shared.lexer.at(), isRange)

describe('quickPipeline reads as the parser does', () => {
  const cases: readonly [text: string, context?: string][] = [
    ['{{.}}'],
    ['{{ .a }}'],
    ['{{- .a.b_1.C -}} x'],
    ['{{ $ }}'],
    ['{{ $x.a.b }}'],
    ['{{ $.a | f }}'],
    ['{{ f "a b" .c | g 1 | nindent 12 }}'],
    ['{{ f\n\t(g . | f "x").a.b\n  -}}'],
    ['{{f (f (g) true false) 0}}'],
    ['{{ $y := f $x }}'],
    ['{{ $y:=$y }}'],
    ['{{ $x = "" | f }}'],
    ['{{ $i, $v := .l }}', 'range'],
    ['{{ $i,$v = .l }}', 'range'],
    ['{{ $v := .l -}}', 'range'],
    ['{{ f ( .a ) }}'],
    ['{{ f | f }}'],
  ]
  for (const [text, context = 'command'] of cases)
    it(text, () => {
      const [p, slow] = [inAction(text), inAction(text)]
      const read = quick(p, context === 'range')
      assert.deepEqual(read?.pipe, pipelineOfTokens(slow, context, 'right delimiter'))
      assert.equal(read?.end, slow.tokens[0].start)
      assert.deepEqual(p.variables, slow.variables)
      assert.deepEqual(p.shared.lexer.leaveAction(read?.end ?? 0), slow.tokens[0])
      assert.deepEqual(p.shared.lexer.next(), slow.shared.lexer.next())
    })
})

describe('quickPipeline leaves to the parser', () => {
  const cases: readonly string[] = [
    ...['{{}}', '{{ nope }}', '{{ $y }}', '{{ f 1.5 }}', '{{ f -1 }}', '{{ f 010 }}', '{{ f `a` }}', '{{ f "\\n" }}', '{{ f "é" }}', "{{ f 'a' }}"],
    ...['{{ nil }}', '{{ if }}', '{{ f.a }}', '{{ .a..b }}', '{{ .1 }}', '{{ .é }}', '{{ "a".b }}', '{{ f | 1 }}', '{{ f | }}', '{{ f "a""b" }}'],
    ...['{{ (f }}', '{{ f) }}', '{{ () }}', '{{ f ($y := 1) }}', '{{ $y= 1 }}', '{{ $y, $z := f }}', '{{ .a-}}', '{{ .a', '{{ f "a', '{{ .a } }}'],
    `{{ ${'('.repeat(30)}f${')'.repeat(30)} }}`,
  ]
  for (const text of cases)
    it(text, () => {
      const p = inAction(text)
      assert.equal(quick(p, false), undefined)
      assert.deepEqual([p.variables, p.commands, p.operands], [['$', '$x'], [], []])
    })
})
