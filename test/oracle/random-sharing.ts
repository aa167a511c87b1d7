import fc, { type Arbitrary } from 'fast-check'
import { words } from './random-grammar.ts'

const entries = fc.letrec<{ value: string; map: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    words('1 0 "" "x" nil true false 1.5 (list) (dict) (list 1 2)'),
    { weight: 2, arbitrary: tie('map') },
    fc.constantFrom('$m.a', '$n', '$n.b', '$m.b'),
  ),
  map: fc
    .uniqueArray(words('a b c d'), { maxLength: 3 })
    .chain((names) => fc.tuple(...names.map(() => tie('value'))).map((list) => `(dict${names.map((name, i) => ` "${name}" ${list[i]}`).join('')})`)),
}))
const dictCalls = fc.constantFrom(
  'merge A B',
  'mergeOverwrite A B',
  'mustMerge A B $m',
  'mustMergeOverwrite A B $n',
  'merge $m A',
  'mergeOverwrite $n A',
  'merge $m A B',
  'deepCopy A',
  'set A "z" V',
  'unset A "a"',
  'pick A "a" "b"',
  'omit A "a"',
  'pluck "a" A B $m | toJson',
  'dig "a" "b" "d" A',
  'dig "a" V A',
  'get A "b"',
  'hasKey A "a"',
  'A.a',
  'keys A B | sortAlpha | uniq',
  'values A | len',
  'index A "a"',
  'index A "a" "b"',
  'deepEqual A B',
  'eq V V',
  'append (list V) V',
  'has V (list V V)',
  'without (list V V) V',
  'uniq (list V V V)',
  'concat (list V) (list V)',
  'coalesce V V',
  'default V V',
  'ternary V V true',
  'compact (list V V)',
  'first (list V)',
  'A | toString',
  'list A | printf "%v"',
)
const dictSteps = fc.tuple(dictCalls, entries.map, entries.map, entries.value, fc.integer({ min: 0, max: 2 })).map(([text, a, b, v, keep]) => {
  const call = text.replace(/\bA\b/g, a).replace(/\bB\b/g, b).replace(/\bV\b/g, v)
  return keep === 0 ? `{{ ${call} }}` : keep === 1 ? `{{ $_ := ${call} }}` : `{{ with ${call} }}{{ kindOf . }}{{ end }}`
})

/** A map inside itself ends Go's process. */
const isRing = (step: string): boolean => (step.match(/\$[mn]/g)?.length ?? 0) > 1

/** Maps merged, copied and changed while others hold them too. */
export const sharingTemplates: Arbitrary<string> = fc
  .tuple(entries.map, entries.map, fc.array(dictSteps, { minLength: 1, maxLength: 4 }))
  .filter(([m, n, steps]) => !`${m}${n}`.includes('$') && steps.every((step) => !isRing(step)))
  .map(([m, n, steps]) => `{{ $m := ${m} }}{{ $n := ${n} }}${steps.join('')}{{ $m | toJson }}{{ $n | toJson }}`)
