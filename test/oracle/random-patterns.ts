import fc, { type Arbitrary } from 'fast-check'
import { join, literal, maybe, repeated, words } from './random-grammar.ts'

const classes = words(
  '\\d \\D \\w \\W \\s \\S \\pL \\p{Lu} \\P{Greek} \\p{^Greek} [[:alpha:]] [[:^digit:]] [a-c] [^a-c] [a\\-z] [-a] [a-] []a] [^]a] [\\d_] [[:word:]-] [a-z&&b] [\\pN] [z-a] [[:foo:]] \\pX \\p{Nope} [\\s\\S] [^\\n] [\\x41-\\x{43}]',
)
const atoms = fc.oneof(
  { weight: 4, arbitrary: words('a b c x o l 1 - _ é 日 , = / " . . .') },
  classes,
  words(
    '\\b \\B ^ $ \\A \\z \\. \\Qa.b\\E \\n \\t \\x41 \\x{1F600} \\101 \\C \\Z \\G \\e \\a \\f \\v \\/ \\- \\_ \\é \\1 (?#c) \\k<n> \\u0041 \\cA { } {a} {1 ] ) \\',
  ),
)
const quantifiers = words('* + ? *? +? ?? {2} {1,} {0,2} {1,3}? {,2} ** {2}{3} {1001} {2,1} {0} +*')
const regexes = fc.letrec<{ body: string; atom: string }>((tie) => ({
  atom: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 6, arbitrary: atoms },
    {
      weight: 1,
      arbitrary: join(words('( (?: (?i) (?P<n> (?<n> (?i: (?s-i: (?U: (?m: (?-s: (?= (?! (?<= (?<a-b> (?P<1> (?z: (?i-: (?'), tie('body'), ')'),
    },
  ),
  body: repeated(join(tie('atom'), maybe(quantifiers, 2)), 1, 4).chain((one) =>
    fc.oneof(
      { weight: 4, arbitrary: fc.constant(one) },
      tie('atom').map((other) => `${one}|${other}`),
      fc.constant(`|${one}`),
    ),
  ),
})).body
const subjects = repeated(words('a b c A x o ll 1 12 - _ é 日 , = / " . foo Bar\nbaz \n 😀 ab aab K ſ ß İ'), 0, 9)
const replacements = repeated(words('a $ $$ $0 $1 ${1} ${n} $n $1x ${1}x ${ ${} \\1 - $é $9'), 0, 3)

/** Regular expressions over what they may match. */
export const regexTemplates: Arbitrary<string> = fc
  .tuple(regexes, subjects, replacements, fc.integer({ min: -1, max: 3 }), fc.integer({ min: 0, max: 5 }))
  .map(([pattern, subject, replacement, count, which]) => {
    const p = literal(pattern)
    const s = literal(subject)
    return [
      `{{ mustRegexFindAll ${p} ${s} ${count} | toJson }}`,
      `{{ mustRegexReplaceAll ${p} ${s} ${literal(replacement)} | quote }}`,
      `{{ mustRegexSplit ${p} ${s} ${count} | toJson }}`,
      `{{ mustRegexMatch ${p} ${s} }} {{ regexFind ${p} ${s} | quote }}`,
      `{{ regexReplaceAllLiteral ${p} ${s} ${literal(replacement)} }}`,
      `{{ regexMatch ${p} ${s} }}`,
    ][which] as string
  })

const numbers = words(
  '0 1 2 3 10 20 01 1.2 1.2.3 0.0.3 0.2 1.0.0 1.2.3-rc.1 1.2.3-beta.2+b.1 v1.2 v2.0.0 1.2.3.4 99999999999999999999 1.2.3- 1.2.3+ 1.2.3-01 1.2.3-a_b 1.2.3-alpha.beta 2.0.0-0 1.2.3-a..b',
)
const wild = words('x X * 1.x 1.* 1.2.x 1.X.3 x.1 1.2.* 1.x-rc.1')
const operators = words('= != > < >= <= => =< ~ ~> ^ == >> !')
const simple = fc.oneof(
  {
    weight: 6,
    arbitrary: join(
      maybe(operators),
      words(' ').chain(() => fc.constantFrom('', '', ' ')),
      fc.oneof({ weight: 4, arbitrary: numbers }, wild),
    ),
  },
  join(numbers, fc.constantFrom(' - ', ' - ', '-', ' -'), fc.oneof(numbers, wild)),
)
const constraints = repeated(
  repeated(simple, 1, 3, ',').chain((text) => fc.constantFrom(text, text.replaceAll(',', ', '), text.replaceAll(',', ' '))),
  1,
  2,
  ' || ',
)

/** Constraints of versions. */
export const versionTemplates: Arbitrary<string> = fc.oneof(
  fc.tuple(constraints, numbers).map(([constraint, version]) => `{{ semverCompare ${literal(constraint)} ${literal(version)} }}`),
  fc
    .tuple(numbers, numbers)
    .map(
      ([a, b]) =>
        `{{ $a := semver ${literal(a)} }}{{ $b := semver ${literal(b)} }}{{ $a }} {{ $a.Compare $b }} {{ $a.IncPatch }} {{ $a.IncMinor }} {{ $a | toJson }} {{ $a.LessThan $b }} {{ $a.Original }} {{ $a.Metadata }}`,
    ),
)
