import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compileTemplate, Engine, TemplateError } from '../../../../src/template/engine.ts'
import { helmFunctions } from '../../../../src/template/functions/table.ts'
import type { TemplateLimits } from '../../../../src/template/limits.ts'
import { evaluate, fixedHost } from '../../../support/evaluate.ts'

/** A map whose printed form has 2^40 values. */
const DOUBLING = '{{ $m := dict "a" 1 }}{{ range until 40 }}{{ $m = dict "a" $m "b" $m }}{{ end }}'

/** Two such maps, `$n` and `$m`. */
const TWICE = `${DOUBLING}{{ $n := $m }}${DOUBLING}`

describe('values that a few lines make endless', () => {
  for (const call of ['print $m', 'toYaml $m', 'toJson $m', 'toToml $m', 'deepCopy $m', 'printf "%v" $m', 'quote $m', '$m'])
    it(`${call} is refused`, () =>
      assert.match(evaluate(`${DOUBLING}{{ $x := ${call} }}{{ ${call} }}`), /values hold more than 2000000 values or 16777216 characters$/))
  for (const call of ['merge $m $n', 'mergeOverwrite $m $n', 'mustMerge $m $n'])
    it(`${call} is refused`, () => assert.match(evaluate(`${TWICE}{{ ${call} }}`), /values hold more than 2000000 values or 16777216 characters$/))
  it('a map merged with itself, which it holds, is refused', () =>
    assert.match(evaluate('{{ $m := dict }}{{ $_ := set $m "m" $m }}{{ merge $m $m }}'), /maps nest deeper than 2000$/))
  for (const call of ['eq $m $m', 'dict $m 1'])
    it(`${call} is refused once it is printed`, () => assert.match(evaluate(`${DOUBLING}{{ ${call} }}`), /values hold more than 2000000 values/))
  for (const call of ['print $l', 'toYaml $l', 'toJson $l', 'deepCopy $l', 'fail (toString $l)', 'eq $l $l'])
    it(`${call} of much text is refused`, () =>
      assert.match(
        evaluate(`{{ $t := repeat 100000 "x" }}{{ $l := list }}{{ range until 1000 }}{{ $l = append $l (dict $t $t) }}{{ end }}{{ ${call} }}`),
        /values hold more than 2000000 values or 16777216 characters$/,
      ))
  it('doubled lists are refused', () =>
    assert.match(evaluate('{{ $l := list 1 }}{{ range until 60 }}{{ $l = concat $l $l }}{{ end }}'), /makeslice: len out of range$/))
  it('doubled texts are refused', () =>
    assert.match(evaluate('{{ $s := "a" }}{{ range until 60 }}{{ $s = printf "%s%s" $s $s }}{{ end }}'), /the result is too long$/))
})

/** What walks over no more than two values have in common, or over each pair once, is no matter of what they hold. */
describe('values without end where nothing walks over all of them', () => {
  const cases: readonly (readonly [call: string, expected: string])[] = [
    ['(merge (dict "c" 2) $m).c', '2'],
    ['(mergeOverwrite (dict "c" 2 "a" 3) $m).c', '2'],
    ['deepEqual $m $n', 'true'],
    ['deepEqual $m (set $n "c" 1)', 'false'],
    ['has $m (list 1 $n)', 'true'],
    ['without (list 1 $m) $n', '[1]'],
    ['len (uniq (list $m $n))', '1'],
    ['$_ := set $m "m" $m }}{{ $_ := set $n "m" $n }}{{ deepEqual $m $n', 'true'],
  ]
  for (const [call, expected] of cases) it(call, () => assert.equal(evaluate(`${TWICE}{{ ${call} }}`), expected))
})

describe('regular expressions that would search for minutes', () => {
  const long = '(repeat 400000 "ab")'
  const cases: readonly (readonly [call: string, expected: RegExp])[] = [
    [`regexMatch "(a?){900}(b|c){900}d" ${long}`, /regular expression "\(a\?\)\{900\}.*" of \d+ steps over 800000 characters may take more than/],
    [`regexFind "(a?){900}(b|c){900}d" ${long}`, /may take more than 400000000 steps$/],
    [`regexReplaceAll "(a?){900}(b|c){900}d" ${long} "x"`, /may take more than 400000000 steps$/],
    [`regexSplit "(a?){900}(b|c){900}d" ${long} -1`, /may take more than 400000000 steps$/],
    [`regexMatch "(a|b)*c" ${long}`, /^false$/],
    ['regexFindAll "a" (repeat 1100000 "a") -1', /regular expression "a" matches more than 1000000 times$/],
    ['regexReplaceAll "(a)" (repeat 20000 "a") (repeat 1000 "${1}")', /the result is too long$/],
  ]
  for (const [call, expected] of cases) it(call, () => assert.match(evaluate(`{{ ${call} }}`), expected))

  const quadratic = [
    'regexFindAll "a.*y|a" $text -1',
    'regexReplaceAll "a.*y|a" $text "x"',
    'regexReplaceAllLiteral "a.*y|a" $text "x"',
    'regexSplit "a.*y|a" $text -1',
  ]
  for (const call of quadratic)
    it(`${call} looks at the clock`, () => {
      let clock = 0
      const functions = helmFunctions({
        ...fixedHost,
        now: () => {
          clock += 4000
          return clock
        },
      })
      const engine = new Engine({ functions, missingKey: 'zero' })
      const template = compileTemplate({ name: 'x', text: `{{ $text := repeat 8000 "az" }}{{ ${call} }}` }, functions)
      assert.throws(() => engine.executeText(template, null), /error calling \w+: the search takes longer than 10 seconds/)
    })
})

describe('limits of one execution', () => {
  const run = (text: string, limits: Partial<TemplateLimits>): string => {
    let clock = 0
    const functions = helmFunctions(fixedHost)
    const engine = new Engine({ functions, missingKey: 'zero', limits, now: () => clock++ })
    return engine.executeText(compileTemplate({ name: 'x', text }, functions), null)
  }
  const cases: readonly (readonly [name: string, text: string, limits: Partial<TemplateLimits>, message: RegExp])[] = [
    ['calls of functions', '{{ range until 100 }}{{ $x := add1 . }}{{ end }}', { calls: 50 }, /calls exceed the limit of 50/],
    [
      'calls of templates',
      '{{ define "t" }}{{ end }}{{ range until 100 }}{{ template "t" }}{{ end }}',
      { calls: 50 },
      /calls exceed the limit of 50/,
    ],
    ['time', '{{ range until 100 }}{{ $x := add1 . }}{{ end }}', { milliseconds: 5 }, /rendering takes longer than 0.005 seconds/],
    ['turns', '{{ range until 100 }}{{ end }}', { iterations: 50 }, /range loops exceed the limit of 50 turns/],
    ['memory', '{{ range until 100000 }}{{ $x := add1 . }}{{ end }}', { memory: 1024 * 1024 }, /rendering needs more than 1 MB of memory/],
    ['output', '{{ range until 100 }}x{{ end }}', { output: 50 }, /output exceeds the limit of 50 characters/],
    ['depth', '{{ define "t" }}{{ template "t" }}{{ end }}{{ template "t" }}', { depth: 50 }, /exceeded maximum template depth \(50\)/],
  ]
  for (const [name, text, limits, message] of cases)
    it(name, () =>
      assert.throws(
        () => run(text, limits),
        (error: Error) => error instanceof TemplateError && message.test(error.message),
      ),
    )
})
