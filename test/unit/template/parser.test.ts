import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DiagnosticError } from '../../../src/base/diagnostic.ts'
import { positionAt } from '../../../src/base/source.ts'
import { withBuiltins } from '../../../src/template/builtins.ts'
import { nodeText } from '../../../src/template/node-text.ts'
import { parse } from '../../../src/template/parser.ts'

const FUNCTIONS = new Set(['f', 'g', 'printf'])
const parseText = (text: string) => parse({ name: 'x', text }, FUNCTIONS)

function rootText(text: string): string {
  const root = parseText(text).get('x')?.root
  assert.ok(root)
  return nodeText(root)
}

describe('texts that are too long to be kept', () => {
  const cases: readonly (readonly [name: string, text: string])[] = [
    ['actions', '{{ 1 }}'.repeat(300_000)],
    ['control actions', '{{ if 1 }}{{ end }}'.repeat(300_000)],
    ['operands', `{{ f ${'1 '.repeat(600_000)}}}`],
    ['operands behind one that is read slowly', `{{ f 0x1 ${'1 '.repeat(600_000)}}}`],
    ['commands', `{{ 1 ${'| f '.repeat(600_000)}}}`],
  ]
  for (const [name, text] of cases) it(name, () => assert.throws(() => parseText(text), { message: /the template has more than 500000 parts/ }))
  it('but not a long text', () => assert.equal(parseText('a'.repeat(3_000_000)).size, 1))
})

describe('parse', () => {
  const cases: readonly [text: string, printed: string][] = [
    ['a{{ .b.c }}d', 'a{{.b.c}}d'],
    ['{{f 1 "a" (g .x | f) .y}}', '{{f 1 "a" (g .x | f) .y}}'],
    ['{{ $x := f }}{{ $x = 1 }}{{ $x.y }}', '{{$x := f}}{{$x = 1}}{{$x.y}}'],
    ['{{if .a}}1{{else if .b}}2{{else}}3{{end}}', '{{if .a}}1{{else}}{{if .b}}2{{else}}3{{end}}{{end}}'],
    ['{{with .a}}1{{else with .b}}2{{end}}', '{{with .a}}1{{else}}{{with .b}}2{{end}}{{end}}'],
    ['{{range $i, $e := .l}}{{break}}{{continue}}{{else}}n{{end}}', '{{range $i, $e := .l}}{{break}}{{continue}}{{else}}n{{end}}'],
    ['{{template "t"}}{{template `u` .}}', '{{template "t"}}{{template "u" .}}'],
    ['{{block "b" .x}}y{{end}}', '{{template "b" .x}}'],
    ['{{define "d"}}z{{end}}a', 'a'],
    ['{{(f 1).a.b}} {{f.a}}', '{{(f 1).a.b}} {{f.a}}'],
    ['{{nil | f}}', '{{nil | f}}'],
    ['{{/* c */}}', ''],
    ['{{f |}}', '{{f}}'],
  ]
  for (const [text, printed] of cases) it(text, () => assert.equal(rootText(text), printed))

  it('collects defines and blocks, blank ones never in place of others', () => {
    const trees = parseText('{{define "a"}}1{{end}}{{define "a"}} {{end}}{{block "b" .}}2{{end}}{{define "c"}}{{/* */}}{{end}}{{define "c"}}3{{end}}')
    assert.deepEqual(
      [...trees].map(([name, { root }]) => `${name}=${nodeText(root)}`),
      ['a=1', 'b=2', 'c=3', 'x={{template "b" .}}'],
    )
  })
})

describe('parse errors', () => {
  const cases: readonly [text: string, summary: string, line: number][] = [
    ['{{nope 1}}', 'function "nope" not defined', 1],
    ['{{$x}}', 'undefined variable "$x"', 1],
    ['{{if .a}}{{$x := 1}}{{end}}{{$x}}', 'undefined variable "$x"', 1],
    ['{{if .a}}', 'unexpected EOF', 1],
    ['a\n{{end}}', 'unexpected {{end}}', 2],
    ['{{else}}', 'unexpected {{else}}', 1],
    ['{{if .a}}{{else}}{{else}}{{end}}', 'expected end; found {{else}}', 1],
    ['{{}}', 'missing value for command', 1],
    ['{{if}}{{end}}', 'missing value for if', 1],
    ['{{f | 1}}', 'non executable command in pipeline stage 2', 1],
    ['{{1.a}}', 'bad number syntax: "1.a"', 1],
    ['{{"a".b}}', 'unexpected . after term "\\"a\\""', 1],
    ['{{break}}', '{{break}} outside {{range}}', 1],
    ['{{range .l}}{{define "d"}}{{continue}}{{end}}{{end}}', 'unexpected <define> in command', 1],
    ['{{range .l}}{{block "d" .}}{{continue}}{{end}}{{end}}', '{{continue}} outside {{range}}', 1],
    ['{{range $a, $b, $c := .l}}{{end}}', 'too many declarations in range', 1],
    ['{{range $a, 1}}{{end}}', 'range can only initialize variables', 1],
    ['{{$a, $b := f}}', 'too many declarations in command', 1],
    ['{{define "a"}}1{{end}}{{define "a"}}2{{end}}', 'template: multiple definition of template "a"', 1],
    ['{{define a}}{{end}}', 'unexpected "a" in define clause', 1],
    ['{{template}}', 'unexpected "}}" in template clause', 1],
    ['{{f "abcdefghijklm" ]}}', 'unexpected "]" in operand', 1],
    ['{{"\\q"}}', 'invalid syntax', 1],
    ['{{089}}', 'integer overflow: "089"', 1],
    ['{{0x}}', 'illegal number syntax: "0x"', 1],
    ['{{f\n\n"a', 'unterminated quoted string in action started at x:1', 3],
    ['{{f\n', 'unclosed action started at x:1', 2],
    ['{{f 12345678901 := }}', 'unexpected ":=" in operand', 1],
  ]
  for (const [text, summary, line] of cases) {
    it(JSON.stringify(text), () => {
      assert.throws(
        () => parseText(text),
        (error) => {
          assert.ok(error instanceof DiagnosticError)
          const [d] = error.diagnostics
          assert.ok(d?.at)
          assert.deepEqual([d.code, d.summary, positionAt(d.at.source, d.at.start).line], ['template/syntax', summary, line])
          return true
        },
      )
    })
  }
  const functionHints: readonly [text: string, hint: string | undefined][] = [
    ['{{ pritnf "a" }}', 'did you mean printf?'],
    ['{{ .a | idnex 1 }}', 'did you mean index?'],
    ['{{ somethingElse }}', undefined],
    ['{{ Values.x }}', 'write .Values'],
    ['{{ if .a }}x{{ endif }}', 'write {{ end }}'],
    ['{{ x := 1 }}', 'names of variables begin with $: $x := VALUE'],
    ['{{ range $i in .a }}x{{ end }}', 'write {{ range $i := LIST }}'],
    ['{{ if .a == 1 }}x{{ end }}', 'compare with a function: eq A B'],
    ['{{ if .a && .b }}x{{ end }}', 'join conditions with a function: and A B'],
    ['{{ if !.a }}x{{ end }}', 'negate with a function: not A'],
    ['{{ .a - 1 }}', 'use a function: sub A B'],
    ['{{ print 1, 2 }}', 'arguments stand behind one another, without commas'],
    ['{{ .a.b-c }}', 'names with such signs need index: index .a "b-c"'],
    ['{{ $.a-c_2 }}', 'names with such signs need index: index $ "a-c_2"'],
    ['{{ $x-y }}', undefined],
    ['{{ .a.0 }}', 'take entries of a list with index LIST NUMBER'],
    ['{{ .a["b"] }}', 'take entries of a map with index MAP "KEY"'],
    ['{{ iif .a }}', 'did you mean if?'],
    ['{{ els }}', 'did you mean else?'],
    ['{{ deffine "a" }}', 'did you mean define?'],
    ['{{ .a[0] }}', 'take entries of a list with index LIST NUMBER'],
    ["{{ print 'ab' }}", 'texts stand in "double quotes" or `backquotes`'],
    ["{{ print '' }}", 'texts stand in "double quotes" or `backquotes`'],
    ['{{ .a }', 'an action ends with }}'],
    ['{{ /* c */ }}', 'a comment begins right behind the braces: {{/* … */}} or {{- /* … */ -}}'],
    ['{{ end }}', 'nothing is open here: look above for an {{ end }} too many'],
    ['{{-if .a }}x{{ end }}', 'a trim marker needs a blank behind it: {{- …'],
    ['{{-$x := 1 }}', 'a trim marker needs a blank behind it: {{- …'],
    ['{{ print (.a }}', 'a ) is missing before the action ends'],
    ['{{ print .a) }}', 'remove this ), or open it with (: mind where it belongs'],
    ['{{ print "a }}', 'the text has no end on its line: close it with "'],
    ['{{ print a" }}', 'a " is missing before this one'],
    ['{{ print “a” }}', 'texts stand in "double quotes" or `backquotes`'],
    ['{{\u00a0.a }}', 'this blank is no plain one: type it again'],
    ['{{/* a */ }}', 'nothing stands between */ and the braces: */}} or */ -}}'],
    ['{{ if }}x{{ end }}', 'something is missing here: an operand, or a function behind |'],
    ["{{ template 'a' . }}", 'names of templates stand in "double quotes"'],
    ['{{ template a.b . }}', 'names of templates stand in "double quotes"'],
    ['{{ template a-b . }}', 'names of templates stand in "double quotes"'],
    ['{{ $x }}', 'declare it before, outside of blocks that have ended: $x := VALUE'],
  ]
  for (const [text, hint] of functionHints)
    it(`hints at what to write: ${text}`, () => {
      const functions = withBuiltins(FUNCTIONS)
      assert.throws(
        () => parse({ name: 'x', text }, functions),
        (error) => error instanceof DiagnosticError && error.diagnostics[0]?.hint === hint,
      )
    })

  // The marks say where the mistake is told to be.
  const likely: readonly [text: string, hint: string][] = [
    ['{{ if .a }}\n«{{ .b »\n{{ end }}', 'close this action with }}'],
    ['«{{ .a »{{ .b }}', 'close this action with }}'],
    ['«{{ f "a . }}"»\nb {{ c }}', 'close the text in this action: a quote is missing'],
    ['{{ if .a }}\n  {{ «if» .b }}\n  {{ with .c }}\n  {{ end }}\n{{ end }}', 'close this if with {{ end }}'],
    ['{{ if .a }}\n  {{ range .b }}\n  {{ end }}\n  {{ «with» .c }}\n{{ else }}\n{{ end }}', 'close this with with {{ end }}'],
    ['{{ «if» .a }}\n{{ range .b }}\n{{ end }}', 'close this if, or what is open within it, with {{ end }}'],
    ['{{ «define» "a" }}x\n\n{{ define "b" }}{{ end }}', 'close this define with {{ end }}'],
    ['{{ if .a }}\n  {{ if .b }}\n  {{ end }}\n    {{ «end» }}\n  x\n{{ end }}', 'remove this {{ end }}, or open the block that it is to close'],
    ['a\n«{- if .a }}»\n{{ end }}', 'begin the action with {{'],
    ['{{ if .a }}\n«{ end }}»\n', 'begin the action with {{'],
  ]
  for (const [marked, hint] of likely)
    it(`tells where the mistake is likely to be: ${JSON.stringify(marked)}`, () => {
      const text = marked.replace(/[«»]/g, '')
      const span = { start: marked.indexOf('«'), end: marked.indexOf('»') - 1 }
      assert.throws(
        () => parse({ name: 'x', text }, withBuiltins(FUNCTIONS)),
        (error) => {
          assert.ok(error instanceof DiagnosticError)
          const [d] = error.diagnostics
          assert.deepEqual([d?.hint, d?.notes?.[0]?.at?.start, d?.notes?.[0]?.at?.end], [hint, span.start, span.end])
          return true
        },
      )
    })

  it('names the action that has no end', () => {
    assert.throws(
      () => parseText('a\n{{ with .b }}{{ if .a }}\n{{ end }}'),
      (error) => error instanceof DiagnosticError && error.diagnostics[0]?.notes?.[0]?.at?.start === 5,
    )
  })

  it('hints at a variable of a similar name', () => {
    assert.throws(
      () => parseText('{{ $value := 1 }}{{ $valeu }}'),
      (error) => error instanceof DiagnosticError && error.diagnostics[0]?.hint === 'declare $valeu first, or use $value',
    )
  })
  it('survives any depth of parentheses', () => {
    const deep = (depth: number): string => `{{${'('.repeat(depth)}1${')'.repeat(depth)}}}`
    assert.equal(parseText(deep(100)).size, 1)
    assert.throws(
      () => parseText(deep(50_000)),
      (error) => error instanceof DiagnosticError && error.diagnostics[0]?.summary === 'max expression depth exceeded',
    )
  })
})

describe('positions of nodes', () => {
  const cases: readonly [text: string, offsets: string][] = [
    ['{{ .a.b }}', 'action@3 pipe@3 command@3 field@5'],
    ['{{ $.a.b }}', 'action@3 pipe@3 command@3 variable@4'],
    ['x{{f (g 1).c}}', 'text@0 action@3 pipe@3 command@3 identifier@3 chain@10 pipe@6 command@6 identifier@6 number@8'],
    ['{{if .a}}b{{end}}', 'if@5 pipe@5 command@5 field@5 list@9 text@9'],
    ['{{template "t" .}}', 'template@11 pipe@15 command@15 dot@15'],
  ]
  for (const [text, offsets] of cases) {
    it(text, () => {
      const found: string[] = []
      const walk = (node: unknown): void => {
        if (Array.isArray(node)) for (const item of node) walk(item)
        else if (typeof node === 'object' && node !== null && 'kind' in node && 'at' in node) {
          found.push(`${node.kind}@${node.at}`)
          for (const part of Object.values(node)) walk(part)
        }
      }
      walk(parseText(text).get('x')?.root.items)
      assert.equal(found.join(' '), offsets)
    })
  }
})
