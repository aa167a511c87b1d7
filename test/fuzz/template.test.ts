import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { DiagnosticError } from '../../src/base/diagnostic.ts'
import { durationString, parseDuration } from '../../src/go/duration.ts'
import { formatFloat } from '../../src/go/float.ts'
import { parseFloat64 } from '../../src/go/parse-number.ts'
import { fromPlain } from '../../src/go/plain.ts'
import { sprintf } from '../../src/go/printf.ts'
import { quote, quoteToAscii, unquote } from '../../src/go/quote.ts'
import { type GoValue, goInt } from '../../src/go/values.ts'
import { compileTemplate, Engine } from '../../src/template/engine.ts'
import { lex } from '../../src/template/lexer.ts'
import { nodeText } from '../../src/template/node-text.ts'
import { pipelineOfTokens } from '../../src/template/parse-pipeline.ts'
import { parse } from '../../src/template/parser.ts'
import { quickPipeline } from '../../src/template/quick-pipeline.ts'
import { newTreeParser, next, type TreeParser } from '../../src/template/tree-parser.ts'

const SETTINGS = { seed: 20_240_229, numRuns: 2000 } as const

const PIECES = [
  ...[
    '{{',
    '}}',
    '{{-',
    '-}}',
    ' ',
    '\n',
    '.',
    '.a',
    '$',
    '$x',
    ':=',
    '=',
    '|',
    ',',
    '(',
    ')',
    '"a"',
    '`b`',
    "'c'",
    '"',
    '`',
    "'",
    '\\',
    '/*',
    '*/',
    '1',
    '-',
    '0x',
    '1i',
    '+2i',
  ],
  ...[
    'if',
    'else',
    'end',
    'range',
    'with',
    'define "t"',
    'block "b" .',
    'template "t"',
    'break',
    'continue',
    'nil',
    'true',
    'print',
    'printf "%v"',
    'len',
    'index',
    'and',
    'eq',
    'é',
    '😀',
    '\udcff',
  ],
]
const templates = fc
  .array(fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...PIECES) }, { weight: 1, arbitrary: fc.string() }))
  .map((parts) => parts.join(''))

/** A well-formed template: a tree of statements over a few expressions. */
const expressions = fc.constantFrom(
  '.',
  '.a',
  '.a.b',
  '$',
  '$.l',
  '1',
  '"s"',
  'len .',
  'print .a 1',
  '(index .l 0)',
  'printf "%v" .',
  'and .a .l',
  '.a | print',
  '$x',
)
const statements = fc
  .letrec<{ list: string; one: string }>((tie) => ({
    one: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom('text', ' ', '\n', '{{/* c */}}'),
      expressions.map((e) => `{{ ${e} }}`),
      fc
        .tuple(fc.constantFrom('if', 'with', 'range'), expressions, tie('list'), tie('list'))
        .map(([word, e, a, b]) => `{{ ${word} ${e} }}${a}{{ else }}${b}{{ end }}`),
      fc.tuple(expressions, tie('list')).map(([e, body]) => `{{ range $i, $x := ${e} }}${body}{{ break }}{{ end }}`),
    ),
    list: fc.array(tie('one'), { maxLength: 4 }).map((parts) => parts.join('')),
  }))
  .list.map((body) => `{{ $x := .a }}${body}`)

/** Pipelines, some of them right. */
const operands = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('.', '.a', '.a.b.c', '$', '$.x.y', 'len', 'print', '(len .)', '(print "a" .b).c') },
  { weight: 1, arbitrary: fc.constantFrom('$z', '1', '0', '07', '1.5', '"s"', '"é"', '`r`', 'nil', 'true') },
)
const joints = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(' ', '  ', '\n', ' | ', '|') },
  { weight: 1, arbitrary: fc.constantFrom('', '.', ' (', ') ', ' := ', '=', ', ') },
)
const pipelines = fc.tuple(operands, fc.array(fc.tuple(joints, operands), { maxLength: 4 })).map((parts) => parts.flat(2).join(''))

const NO_FUNCTIONS: ReadonlySet<string> = new Set()
const SOME_FUNCTIONS: ReadonlySet<string> = new Set(['len', 'print', 'index', 'printf', 'and'])

/** Runs `work`; a diagnostic is a right answer to a wrong text, anything else thrown is a crash. */
function allowingDiagnostics(work: () => void): void {
  try {
    work()
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error
  }
}

describe('any template text', () => {
  it('is cut into tokens that follow one another to the end', () => {
    fc.assert(
      fc.property(templates, (text) => {
        const lexer = lex(text)
        let at = 0
        for (let token = lexer.next(); token.kind !== 'eof'; token = lexer.next()) {
          assert.ok(token.start >= at, `token at ${token.start} after ${at}`)
          if (token.kind === 'error') break
          assert.equal(text.slice(token.start, token.start + token.value.length), token.value)
          at = token.start + token.value.length
        }
        assert.equal(lexer.next().kind, 'eof')
      }),
      SETTINGS,
    )
  })

  it('compiles and runs, or fails with a diagnostic inside the text', () => {
    fc.assert(
      fc.property(templates, (text) => {
        const source = { name: 'x', text }
        allowingDiagnostics(() => {
          const engine = new Engine({ functions: new Map(), missingKey: 'zero', limits: { output: 100_000, iterations: 10_000, depth: 50 } })
          engine.add(compileTemplate(source, NO_FUNCTIONS))
          engine.execute('x', fromPlain({ a: { b: 1 }, l: [1, 'x', null] }))
        })
      }),
      SETTINGS,
    )
  })

  it('reads the same again when printed, where it is well formed', () => {
    fc.assert(
      fc.property(statements, (text) => {
        const printed = [...parse({ name: 'x', text }, SOME_FUNCTIONS).values()].map(({ root }) => nodeText(root)).join('')
        const again = [...parse({ name: 'x', text: printed }, SOME_FUNCTIONS).values()].map(({ root }) => nodeText(root)).join('')
        assert.equal(again, printed)
      }),
      SETTINGS,
    )
  })

  it('has pipelines that read alike as a whole and token by token', () => {
    let simple = 0
    fc.assert(
      fc.property(pipelines, fc.boolean(), fc.constantFrom('}}', ' }}', ' -}} '), (pipe, isRange, end) => {
        const text = `{{${pipe}${end}`
        const parser = (): TreeParser =>
          newTreeParser({ source: { name: 'x', text }, lexer: lex(text), functions: SOME_FUNCTIONS, trees: new Map(), parts: 0 }, 'x')
        const quick = quickPipeline(parser(), 2, isRange)
        if (!quick) return
        const p = parser()
        next(p)
        simple++
        assert.deepEqual(quick.pipe, pipelineOfTokens(p, isRange ? 'range' : 'command', 'right delimiter'))
        assert.equal(quick.end, p.tokens[0].start)
      }),
      SETTINGS,
    )
    assert.ok(simple > 500)
  })

  it('gives the same output from the same data', () => {
    fc.assert(
      fc.property(statements, fc.jsonValue({ maxDepth: 3 }), (text, value) => {
        const outcome = (): string => {
          const engine = new Engine({ functions: new Map(), missingKey: 'zero', limits: { output: 100_000, iterations: 10_000 } })
          engine.add(compileTemplate({ name: 'x', text }, NO_FUNCTIONS))
          try {
            return engine.execute('x', fromPlain({ a: value, l: [value, 1] }))
          } catch (error) {
            if (error instanceof DiagnosticError) return error.message
            throw error
          }
        }
        assert.equal(outcome(), outcome())
      }),
      { ...SETTINGS, numRuns: 1000 },
    )
  })
})

describe('round trips', () => {
  it('quote, unquote', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        assert.equal(unquote(quote(text)), text)
        assert.equal(unquote(quoteToAscii(text)), text)
      }),
      SETTINGS,
    )
  })

  it('numbers through their shortest texts', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.constantFrom('g', 'e', 'f', 'x'), (value, format) => {
        assert.equal(parseFloat64(formatFloat(value, format, -1)).value, value)
      }),
      SETTINGS,
    )
  })

  it('durations', () => {
    fc.assert(
      fc.property(fc.bigInt(-(1n << 62n), 1n << 62n), (nanoseconds) => {
        assert.equal(parseDuration(durationString(nanoseconds)), nanoseconds)
      }),
      SETTINGS,
    )
  })
})

it('any format over any arguments prints something', () => {
  const argument = fc.oneof(
    fc.jsonValue().map(fromPlain),
    fc.integer().map((value): GoValue => goInt(value)),
    fc.string().map((text): GoValue => Buffer.from(text)),
  )
  const format = fc
    .array(
      fc.constantFrom(
        '%',
        '+',
        '-',
        '#',
        ' ',
        '0',
        '5',
        '.',
        '*',
        '[',
        '1',
        ']',
        'v',
        'd',
        's',
        'q',
        'x',
        'f',
        'g',
        'e',
        'T',
        'U',
        'c',
        'p',
        'b',
        'é',
      ),
    )
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(format, fc.array(argument, { maxLength: 4 }), (text, args) => {
      assert.equal(typeof sprintf(text, args), 'string')
    }),
    SETTINGS,
  )
})
