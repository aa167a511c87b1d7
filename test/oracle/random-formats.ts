import fc, { type Arbitrary } from 'fast-check'
import { join, literal, repeated, words } from './random-grammar.ts'

const flags = fc.subarray([...'+-# 0'], { maxLength: 3 }).map((list) => list.join(''))
const widths = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  words('1 6 12 .2 8.3 .0 . * .* *.* [1] [2] [1]* [3] [x] [ [2]*[1] .[2]* 3. 1000001 *[1]'),
)
const verbs = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...'vvvvvsqdxXobcUeEfFgGtT') },
  fc.constantFrom('%', 'O', 'w', 'z', '!', 'é', 'i', 'b', 'n', '', ' '),
)
const operands = fc.constantFrom(
  ...[
    '1',
    '-1',
    '0',
    '255',
    '-9223372036854775808',
    '9223372036854775807',
    '128512',
    '1.5',
    '-0.0',
    '0.0',
    '1e21',
    '1e-7',
    '123456789.0',
    '3.0',
    '"a"',
    '""',
    '"é\\n"',
    '"\\x00\\xff"',
    '"\\u200b😀`"',
    'true',
    'false',
    'nil',
    "'x'",
    '1i',
    '(1.5+2i)',
    '(list)',
    '(list 1 "a" nil 2.5 true)',
    '(list (list 1) (dict "a" 1))',
    '(dict)',
    '(dict "b" 1 "a" (list 1 "x") "c" nil)',
    '(until 3)',
    '(splitList "," "a,b")',
    '(split "," "a,b")',
    '(semver "1.2.3-a+b")',
    '(mustToDuration "1h1.5s")',
    '(.Files.GetBytes "f.txt")',
    '.Chart.Name',
    '.Values.l',
    '.Values.m',
    '.Values.i',
    '.Values.f',
    '.Values.missing',
    '(chunk 1 (list 1 2))',
    '(int64 7)',
    '(int 7)',
    '(float64 2)',
    '(div 7 2)',
    '(.Files.Glob "*.txt")',
    '(urlParse "http://h")',
  ],
)

/** `printf` with one to three directives and any number of operands. */
export const formatTemplates: Arbitrary<string> = fc
  .tuple(repeated(join('%', flags, widths, verbs), 1, 3, '|'), fc.array(operands, { maxLength: 4 }))
  .map(([format, list]) => `{{ printf ${[literal(format), ...list].join(' ')} }}`)

/** Comparisons of anything. */
export const comparisonTemplates: Arbitrary<string> = fc
  .tuple(
    words(
      'eq ne lt le gt ge deepEqual has mustHas max min add sub div mod mul addf divf biggest maxf round ceil int int64 float64 toDecimal atoi toString kindOf typeOf empty default coalesce and or not ternary index len print cat quote squote toJson toYaml toStrings join first last uniq compact without concat append prepend reverse sortAlpha plural trunc',
    ),
    fc.array(operands, { minLength: 1, maxLength: 3 }),
  )
  .map(([name, list]) => `{{ ${[name, ...list].join(' ')} }}`)
