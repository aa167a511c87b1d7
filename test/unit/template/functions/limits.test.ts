import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { evaluate } from '../../../support/evaluate.ts'

describe('functions that could use up memory or stack', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['{{ repeat 9999999999 "abc" }}', /strings: Repeat output length overflow$/],
    ['{{ indent 9999999999 "a" }}', /strings: Repeat output length overflow$/],
    ['{{ replace "a" (repeat 100000 "b") (repeat 100000 "a") }}', /strings: Repeat output length overflow$/],
    ['{{ join (repeat 100000 "b") (splitList "" (repeat 100000 "a")) }}', /strings: Repeat output length overflow$/],
    ['{{ split "" (repeat 1100000 "a") }}', /the text has more than 1000000 parts$/],
    ['{{ until 99999999999 }}', /makeslice: len out of range$/],
    ['{{ seq 1 99999999999 }}', /makeslice: len out of range$/],
    ['{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ mustMerge $d $d }}', /maps nest deeper than 2000$/],
    ['{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ deepCopy $d }}', /values nest deeper than 1000$/],
    ['{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ mustToJson $d }}', /encountered a cycle via map\[string\]interface \{\}$/],
    ['{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ mustToToml $d }}', /nest deeper than 1000$/],
    ['{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ $e := dict "d" $d }}{{ deepEqual $d $e }}', /^true$/],
    ['{{ regexMatch "^(a|a)*$" (printf "%sb" (repeat 5000 "a")) }}', /^false$/],
  ]
  for (const [template, expected] of cases) it(template, () => assert.match(evaluate(template), expected))
})

describe('names that JavaScript objects have', () => {
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    it(name, () => {
      assert.equal(
        evaluate(`{{ $d := dict "${name}" 1 }}{{ hasKey $d "${name}" }}{{ get (dict) "${name}" }}{{ merge (dict) $d | toJson }}`),
        `true{"${name}":1}`,
      )
    })
  }
})
