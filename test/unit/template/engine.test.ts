import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { placeOf } from '../../../src/base/source.ts'
import { typeOf } from '../../../src/go/kind.ts'
import { GoError, type GoFunction, type GoObject, GoPanic, type GoValue, goInt, withGoMethods, withGoType } from '../../../src/go/values.ts'
import { compileTemplate, Engine, type EngineOptions, TemplateError } from '../../../src/template/engine.ts'

const ANY = 'interface {}'

function thrower(error: Error): GoFunction {
  return {
    params: [],
    call: () => {
      throw error
    },
  }
}

const FUNCTIONS = new Map<string, GoFunction>([
  ['up', { params: ['string'], call: (text: string) => text.toUpperCase() }],
  ['id', { params: [ANY], call: (value: GoValue) => value }],
  ['list', { params: [], variadic: ANY, call: (...items: GoValue[]) => items }],
  ['add', { params: ['int'], variadic: 'int', call: (first: bigint, ...rest: bigint[]) => goInt(rest.reduce((a, b) => a + b, first)) }],
  ['half', { params: ['float64'], call: (value: number) => value / 2 }],
  ['keys', { params: ['map[string]interface {}'], call: (map: Map<string, GoValue>) => goInt(map.size) }],
  ['fails', thrower(new GoError('it failed'))],
  ['panics', thrower(new GoPanic('runtime error: index out of range'))],
])

const OBJECT: GoObject = {
  goType: '*x.Thing',
  goKind: 'ptr',
  field: (name) => (name === 'Name' ? 'thing' : undefined),
  method: (name) => (name === 'Twice' ? { params: ['string'], call: (text: string) => text + text } : undefined),
  goString: () => 'a thing',
  structFields: () => [
    ['Name', 'thing'],
    ['hidden', 'x'],
  ],
}

const values = withGoMethods(withGoType(new Map<string, GoValue>([['k', 'v']]), 'x.Values'), (name) =>
  name === 'Count' ? { params: [], call: () => goInt(1) } : undefined,
)

const DATA = new Map<string, GoValue>([
  ['a', goInt(1)],
  ['s', 'str'],
  ['f', 1.5],
  ['nul', null],
  ['l', ['x', null, goInt(3)]],
  [
    'm',
    new Map<string, GoValue>([
      ['b', goInt(2)],
      ['a', 'one'],
    ]),
  ],
  ['strings', withGoType(new Map<string, GoValue>([['k', 'v']]), 'map[string]string')],
  ['o', OBJECT],
  ['v', values],
])

const ANY_NAME = { has: () => true, keys: () => [] }

function engineOf(text: string, options: Partial<EngineOptions> = {}): Engine {
  const engine = new Engine({ functions: FUNCTIONS, missingKey: 'zero', ...options })
  engine.add(compileTemplate({ name: 'x', text }, FUNCTIONS))
  return engine
}

function failureOf(work: () => unknown): TemplateError {
  try {
    work()
  } catch (error) {
    if (error instanceof TemplateError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('execution', () => {
  const cases: readonly [text: string, output: string][] = [
    ['{{ .a }} {{ .s }} {{ .f }} {{ .l }} {{ .m }}', '1 str 1.5 [x <nil> 3] map[a:one b:2]'],
    ['{{ .missing }} {{ .nul }} {{ .strings.nope }}|', '<no value> <no value> |'],
    ['{{ if .missing }}a{{ else if .s }}b{{ else }}c{{ end }}', 'b'],
    ['{{ with .m }}{{ .a }}{{ $.s }}{{ end }}{{ with .missing }}x{{ else }}y{{ end }}', 'onestry'],
    ['{{ range .l }}[{{ . }}]{{ end }}', '[x][<no value>][3]'],
    ['{{ range $i, $e := .l }}{{ $i }}={{ $e }};{{ end }}', '0=x;1=<no value>;2=3;'],
    ['{{ range $k, $v := .m }}{{ $k }}={{ $v }};{{ end }}', 'a=one;b=2;'],
    ['{{ range 3 }}{{ . }}{{ end }}{{ range $i := 2 }}{{ $i }}{{ end }}{{ range -1 }}x{{ else }}n{{ end }}', '01201n'],
    ['{{ range list 1 2 3 }}{{ if eq . 3 }}{{ break }}{{ end }}{{ . }}{{ continue }}x{{ else }}e{{ end }}ok', '12ok'],
    ['{{ range list 1 2 }}{{ range list }}{{ else }}{{ break }}{{ end }}c{{ end }}', 'cc'],
    ['{{ range list 1 2 }}{{ range list }}{{ else }}{{ continue }}{{ end }}c{{ end }}n', 'n'],
    ['{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ $x := 3 }}{{ $x }}{{ end }}{{ $x }}', '32'],
    ['{{ $e := 0 }}{{ range $e = .l }}{{ end }}{{ $e }}', '3'],
    ['{{ and 1 0 2 }}{{ or 0 "" "z" }}{{ not 0 }}', '0ztrue'],
    ['{{ or 1 (fails) }}{{ and 0 (fails) }}', '10'],
    ['{{ "a" | printf "%s-%s" "b" }} {{ 1 | add 2 3 }}', 'b-a 6'],
    ['{{ len .s }} {{ len .l }} {{ len .m }} {{ index .l 0 }} {{ index .m "a" }} {{ index .m "q" }}|', '3 3 2 x one <no value>|'],
    ['{{ slice .s 1 }} {{ slice .s 0 2 }} {{ slice .l 0 1 }}', 'tr st [x]'],
    [
      '{{ eq 1 1 }} {{ eq "a" "b" "a" }} {{ ne 1 2 }} {{ lt 1 2 }} {{ ge "b" "a" }} {{ le 1.5 1.5 }} {{ eq nil .nul }}',
      'true true true true true true true',
    ],
    ['{{ html "<a&\'\\">" }} {{ js "<a\'\\n" }} {{ urlquery "a b&é" }}', "&lt;a&amp;&#39;&#34;&gt; \\u003Ca\\'\\u000A a+b%26%C3%A9"],
    ['{{ print nil }} {{ print 1 2 "a" 3 }} {{ println 1 "a" }}', '<nil> 1 2a3 1 a\n'],
    ['{{ .o }} {{ .o.Name }} {{ .o.Twice "q" }} {{ "w" | .o.Twice }}', 'a thing thing qq ww'],
    ['{{ .v.k }} {{ .v.Count }} {{ keys .v }}', 'v 1 1'],
    ['{{ half 3 }} {{ half 1.5 }} {{ up "a" }} {{ keys nil }}', '1.5 0.75 A 0'],
    ['{{ define "t" }}<{{ . }}{{ $ }}>{{ end }}{{ template "t" .s }}{{ template "t" }}', '<strstr><<no value><no value>>'],
    ['{{ block "b" .s }}[{{ . }}]{{ end }}', '[str]'],
    ['{{ (index .l 0) }} {{ (.m).a }} {{ $.m.a }} {{ $ := 5 }}{{ $ }}', 'x one one 5'],
    ["{{ 'a' }} {{ 0x1F }} {{ 1e3 }} {{ 1i }} {{ -0x1e }} {{ 1_000 }}", '97 31 1000 (0+1i) -30 1000'],
  ]
  for (const [text, output] of cases) {
    it(text, () => assert.equal(engineOf(text).execute('x', DATA), output))
  }
})

describe('execution errors', () => {
  const cases: readonly [text: string, place: string, node: string, reason: string][] = [
    ['{{ .s.x }}', 'x:1:5', '.s.x', "can't evaluate field x in type interface {}"],
    ['{{ .nul.x }}', 'x:1:7', '.nul.x', 'nil pointer evaluating interface {}.x'],
    ['{{ $y := "a" }}{{ $y.x }}', 'x:1:20', '$y.x', "can't evaluate field x in type string"],
    ['{{ range .l }}{{ .x }}{{ end }}', 'x:1:17', '.x', "can't evaluate field x in type interface {}"],
    ['{{ .o.Nope }}', 'x:1:5', '.o.Nope', "can't evaluate field Nope in type interface {}"],
    ['{{ .o.hidden }}', 'x:1:5', '.o.hidden', 'hidden is an unexported field of struct type interface {}'],
    ['{{ .o.Name "a" }}', 'x:1:5', '.o.Name', 'Name has arguments but cannot be invoked as function'],
    ['{{ .m.a 1 }}', 'x:1:5', '.m.a', 'a is not a method but has arguments'],
    ['é{{ up 1 }}', 'x:1:8', '1', 'expected string; found 1'],
    ['{{ up .a }}', 'x:1:6', '.a', 'wrong type for value; expected string; got int'],
    ['{{ up .nul }}', 'x:1:6', '.nul', 'wrong type for value; expected string; got interface {}'],
    ['{{ .nul | up }}', 'x:1:10', 'up', 'invalid value; expected string'],
    ['{{ up nil }}', 'x:1:6', 'nil', 'cannot assign nil to string'],
    ['{{ up }}', 'x:1:3', 'up', 'wrong number of args for up: want 1 got 0'],
    ['{{ add }}', 'x:1:3', 'add', 'wrong number of args for add: want at least 1 got 0'],
    ['{{ add 1.5 }}', 'x:1:7', '1.5', 'expected integer; found 1.5'],
    ['{{ keys "a" }}', 'x:1:8', '"a"', 'can\'t handle "a" for arg of type map[string]interface {}'],
    ['{{ half true }}', 'x:1:8', 'true', 'expected float; found true'],
    ['{{ 1 "a" }}', 'x:1:3', '1', "can't give argument to non-function 1"],
    ['{{ nil }}', 'x:1:3', 'nil', 'nil is not a command'],
    ['{{ 9223372036854775808 }}', 'x:1:3', '9223372036854775808', '9223372036854775808 overflows int'],
    ['\n  {{ fails }}', 'x:2:5', 'fails', 'error calling fails: it failed'],
    ['{{ panics | print }}', 'x:1:3', 'panics', 'error calling panics: runtime error: index out of range'],
    ['{{ eq 1 1.5 }}', 'x:1:3', 'eq 1 1.5', 'error calling eq: incompatible types for comparison: int and float64'],
    ['{{ eq .l .l }}', 'x:1:3', 'eq .l .l', 'error calling eq: non-comparable type [x <nil> %!s(int=3)]: []interface {}'],
    ['{{ lt true false }}', 'x:1:3', 'lt true false', 'error calling lt: invalid type for comparison'],
    ['{{ index .l 9 }}', 'x:1:3', 'index .l 9', 'error calling index: index out of range: 9'],
    ['{{ index .l 3 }}', 'x:1:3', 'index .l 3', 'error calling index: reflect: slice index out of range'],
    ['{{ index nil 1 }}', 'x:1:3', 'index nil 1', 'error calling index: index of untyped nil'],
    ['{{ len 3 }}', 'x:1:3', 'len 3', 'error calling len: len of type int'],
    ['{{ len nil }}', 'x:1:3', 'len nil', 'error calling len: reflect: call of reflect.Value.Type on zero Value'],
    ['{{ call .a }}', 'x:1:3', 'call .a', 'error calling call: non-function .a of type int'],
    ['{{ range .s }}{{ end }}', 'x:1:9', '.s', "range can't iterate over str"],
    ['{{ range $i, $e := 3 }}{{ end }}', 'x:1:19', '3', "can't use 3 to iterate over more than one variable"],
    ['{{ template "nope" }}', 'x:1:12', '{{template "nope"}}', 'template "nope" not defined'],
    ['{{ if false }}{{ $q := 1 }}{{ else }}{{ $q }}{{ end }}', 'x:1:40', '$q', 'undefined variable: $q'],
    ['{{ (1).x }}', 'x:1:4', '1', "can't evaluate field x in type int"],
  ]
  for (const [text, place, node, reason] of cases) {
    it(text, () => {
      const error = failureOf(() => engineOf(text).execute('x', DATA))
      assert.deepEqual([error.place?.location, error.place?.node, error.reason], [place, node, reason])
      assert.equal(error.goMessage, `template: ${place}: executing "x" at <${node}>: ${reason}`)
      assert.equal(error.diagnostics[0]?.summary, reason)
    })
  }

  it('reports missing keys where that is asked for', () => {
    const reason = (text: string): string => failureOf(() => engineOf(text, { missingKey: 'error' }).execute('x', DATA)).reason
    assert.equal(reason('{{ .missing }}'), 'map has no entry for key "missing"')
    assert.equal(reason('{{ $y := .nul }}{{ $y.x }}'), 'nil data; no entry for key "x"')
    assert.equal(engineOf('{{ .strings.nope }}', { missingKey: 'default' }).execute('x', DATA), '<no value>')
  })

  it('tells where a template was called', () => {
    const error = failureOf(() => engineOf('{{ define "t" }}\n{{ .x.y }}{{ end }}{{ template "t" .m }}').execute('x', DATA))
    assert.equal(error.place?.executing, 't')
    assert.deepEqual(
      error.diagnostics[0]?.notes?.map(({ text, at }) => `${text} ${at && placeOf(at)}`),
      ['called from template "x" x:2:32'],
    )
  })

  it('keeps the errors of templates executed by functions', () => {
    const engine = engineOf('{{ define "in" }}{{ fails }}{{ end }}')
    engine.setFunctions(new Map([['include', { params: ['string'], call: (name: string) => engine.execute(name, null) }]]))
    engine.add(compileTemplate({ name: 'y', text: ' {{ include "in" }}' }, ANY_NAME))
    const error = failureOf(() => engine.execute('y', DATA))
    const inner = 'template: x:1:20: executing "in" at <fails>: error calling fails: it failed'
    assert.equal(error.goMessage, `template: y:1:4: executing "y" at <include "in">: error calling include: ${inner}`)
    assert.equal((error.cause as TemplateError).goMessage, inner)
    const [diagnostic] = error.diagnostics
    assert.deepEqual([diagnostic?.summary, diagnostic?.at && placeOf(diagnostic.at)], ['error calling fails: it failed', 'x:1:21'])
    assert.deepEqual(
      diagnostic?.notes?.map((note) => note.text),
      ['called by <include "in"> in template "y"'],
    )
  })
})

describe('Engine', () => {
  it('lets later templates replace earlier ones, blank ones not', () => {
    const engine = engineOf('{{ define "d" }}1{{ end }}{{ template "d" }}')
    engine.add(compileTemplate({ name: 'y', text: '{{ define "d" }} {{ end }}' }, FUNCTIONS))
    assert.equal(engine.execute('x', null), '1')
    engine.add(compileTemplate({ name: 'z', text: '{{ define "d" }}2{{ end }}' }, FUNCTIONS))
    assert.equal(engine.execute('x', null), '2')
    assert.deepEqual(
      ['d', 'x', 'nope'].map((name) => engine.has(name)),
      [true, true, false],
    )
  })

  it('keeps what is added to a clone in the clone', () => {
    const engine = engineOf('{{ define "d" }}1{{ end }}{{ template "d" }}')
    const clone = engine.clone()
    clone.add(compileTemplate({ name: 'y', text: '{{ define "d" }}2{{ end }}' }, FUNCTIONS))
    assert.deepEqual([engine.execute('x', null), clone.execute('x', null)], ['1', '2'])
  })

  it('runs a blank text as itself', () => {
    const engine = engineOf('first')
    assert.equal(engine.executeText(compileTemplate({ name: 'x', text: ' ' }, FUNCTIONS), null), ' ')
    assert.equal(engine.execute('x', null), 'first')
  })

  it('says which template is missing', () => {
    const error = failureOf(() => engineOf('', { rootName: 'root' }).execute('nope', null))
    assert.deepEqual(
      [error.diagnostics[0]?.code, error.goMessage],
      ['template/missing', 'template: no template "nope" associated with template "root"'],
    )
  })

  it('hands a named map to functions as a plain one over the same entries', () => {
    const seen: string[] = []
    const own = withGoType(new Map<string, GoValue>(), 'x.Values')
    const put: GoFunction = {
      params: ['map[string]interface {}'],
      call: (map: Map<string, GoValue>) => {
        seen.push(typeOf(map))
        map.set('k', 'new')
        return map
      },
    }
    const engine = engineOf('', { functions: new Map([['put', put]]) })
    engine.add(compileTemplate({ name: 'y', text: '{{ (put .).k }} {{ .k }}' }, ANY_NAME))
    assert.equal(engine.execute('y', own), 'new new')
    assert.deepEqual([seen, typeOf(own)], [['map[string]interface {}'], 'x.Values'])
  })

  it('stops endless recursion, output and loops', () => {
    const endless = failureOf(() => engineOf('{{ define "r" }}{{ template "r" }}{{ end }}{{ template "r" }}').execute('x', null))
    assert.deepEqual([endless.diagnostics[0]?.code, endless.reason], ['template/too-deep', 'exceeded maximum template depth (100000)'])
    const bounded = failureOf(() =>
      engineOf('{{ define "r" }}{{ template "r" }}{{ end }}{{ template "r" }}', { limits: { depth: 5 } }).execute('x', null),
    )
    assert.equal(bounded.reason, 'exceeded maximum template depth (5)')
    const long = failureOf(() => engineOf('{{ range 100 }}0123456789{{ end }}', { limits: { output: 500 } }).execute('x', null))
    assert.deepEqual([long.diagnostics[0]?.code, long.reason], ['template/too-much', 'output exceeds the limit of 500 characters'])
    const loop = failureOf(() => engineOf('{{ range 9223372036854775807 }}{{ end }}', { limits: { iterations: 1000 } }).execute('x', null))
    assert.equal(loop.reason, 'range loops exceed the limit of 1000 turns')
  })

  it('lets the owner of a calling function end an endless recursion where its own bound would', () => {
    const refuseFourth = (names: Iterable<string>): string => {
      let count = 0
      for (const name of names) if (++count === 4) return `too many ${name}`
      return 'not reached'
    }
    const engine = engineOf('', { endlessCalls: refuseFourth })
    engine.setFunctions(new Map([['include', { params: ['string'], call: (name: string) => engine.execute(name, null) }]]))
    engine.add(compileTemplate({ name: 'y', text: '{{ include "r" }}' }, ANY_NAME))
    engine.add(
      compileTemplate({ name: 'z', text: '{{ define "r" }}{{ include "s" }}{{ end }}{{ define "s" }} {{ include "r" }}{{ end }}' }, ANY_NAME),
    )
    const error = failureOf(() => engine.execute('y', null))
    const inR = 'template: z:1:19: executing "r" at <include "s">: error calling include: '
    const inS = 'template: z:1:62: executing "s" at <include "r">: error calling include: '
    assert.equal(error.goMessage, `template: y:1:3: executing "y" at <include "r">: error calling include: ${inR}${inS}${inR}too many s`)
    const [diagnostic] = error.diagnostics
    assert.deepEqual([diagnostic?.code, diagnostic?.summary], ['template/too-deep', 'too many s'])
    assert.equal(diagnostic?.notes?.at(-1)?.text, 'running inside one another: r, s, r, s, r, s, r, s, …')
    assert.equal(engine.execute('z', null), '')
  })
})
