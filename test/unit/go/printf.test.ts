import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { GoComplex } from '../../../src/go/complex.ts'
import { sprint, sprintf, sprintln } from '../../../src/go/printf.ts'
import { GoInt, type GoObject, GoTime, type GoValue, goDuration, goInt, withGoType } from '../../../src/go/values.ts'

const i = (value: number): GoInt => goInt(value)
const map = (entries: Record<string, GoValue>): GoValue => new Map(Object.entries(entries))
const version: GoObject = {
  goType: '*v.Version',
  goKind: 'ptr',
  field: () => undefined,
  method: () => undefined,
  goString: () => '1.2.3',
  structFields: () => [
    ['major', new GoInt(1n, 'uint64')],
    ['original', '1.2.3'],
  ],
}

const files: GoObject = { goType: 'engine.files', goKind: 'map', field: () => undefined, method: () => undefined, plain: () => map({ a: 'b' }) }

describe('sprintf', () => {
  const cases: readonly [format: string, args: readonly GoValue[], expected: string][] = [
    ['%s %d %v', ['a', i(1), true], 'a 1 true'],
    ['%5s|%-5s|%.2s', ['ab', 'ab', 'abc'], '   ab|ab   |ab'],
    ['%05d|%+d|% d|%x|%X|%o|%O|%b|%#x', [i(-42), i(5), i(5), i(255), i(255), i(8), i(8), i(5), i(255)], '-0042|+5| 5|ff|FF|10|0o10|101|0xff'],
    ['%8.3d|%-8d|%+08d', [i(7), i(7), i(7)], '     007|7       |+0000007'],
    ['%c%c%U%#U%q', [i(97), i(0x1f600), i(0x263a), i(0x263a), i(10)], "a😀U+263AU+263A '☺''\\n'"],
    ['%f %.1f %8.2f %e %g %G', [1.5, 2.25, 5.4321, 1234.5, 1e21, 1e-7], '1.500000 2.2     5.43 1.234500e+03 1e+21 1E-07'],
    ['%+.2f|%-8.1f|%08.1f|% f', [1.005, 1.5, -1.5, 1], '+1.00|1.5     |-00001.5| 1.000000'],
    ['%#g %#.3g %#v', [1, 1, 1], '1.00000 1.00 1'],
    ['%v %v %v', [1e6, 100, 0.000001], '1e+06 100 1e-06'],
    ['%t %5t', [true, false], 'true false'],
    ['%#v %#w %d', [Buffer.from('a'), Buffer.from('a'), Buffer.from('a')], '[]byte{0x61} []uint8{%!w(uint8=0x61)} [97]'],
    ['%q %#q %+q %x % x %X', ['a"é', 'ab', 'é', 'hi', 'hi', 'hi'], '"a\\"é" `ab` "\\u00e9" 6869 68 69 6869'],
    ['%v %v', [[i(1), 'a', null], map({ b: i(1), a: 'x' })], '[1 a <nil>] map[a:x b:1]'],
    ['%+v %#v', [map({ a: null }), [i(1), 'a', null, 2.5]], 'map[a:<nil>] []interface {}{1, "a", interface {}(nil), 2.5}'],
    ['%#v', [map({ a: 'x' })], 'map[string]interface {}{"a":"x"}'],
    ['%#v', [withGoType(['a'], '[]string')], '[]string{"a"}'],
    ['%#v %v', [withGoType([], '[]string', true), withGoType([], '[]string', true)], '[]string(nil) []'],
    ['%T %T %T %T %T %T', [i(1), 1.5, 'a', null, [], map({})], 'int float64 string <nil> []interface {} map[string]interface {}'],
    ['%s %d', [i(1), 'a'], '%!s(int=1) %!d(string=a)'],
    ['%d', [[i(1), 'a']], '[1 %!d(string=a)]'],
    ['%d %s', [i(1)], '1 %!s(MISSING)'],
    ['%d', [i(1), 'a', null], '1%!(EXTRA string=a, <nil>)'],
    ['%', [], '%!(NOVERB)'],
    ['%%|%5%', [], '%|%'],
    ['%z %!', [i(1), i(2)], '%!z(int=1) %!!(int=2)'],
    ['%[2]d %[1]d', [i(1), i(2)], '2 1'],
    ['%[3]d|%[x]d|%[1]', [i(1)], '%!d(BADINDEX)|%!d(BADINDEX)|%!(NOVERB)'],
    ['%*d|%-*d|%.*f|%*d', [i(4), i(7), i(-4), i(7), i(1), 2.55, 'x', i(1)], '   7|7   |2.5|%!(BADWIDTH)1'],
    ['%s %v %d', [null, null, null], '%!s(<nil>) <nil> %!d(<nil>)'],
    ['%v %s %d', [goDuration(90_000_000_000n), goDuration(1n), goDuration(5n)], '1m30s 1ns 5'],
    ['%v', [new GoTime(0n, 'UTC')], '1970-01-01 00:00:00 +0000 UTC'],
    ['%v %s %d %#v', [version, version, version, version], '1.2.3 1.2.3 &{1 %!d(string=1.2.3)} &v.Version{major:0x1, original:"1.2.3"}'],
    ['%#v', [[version]], '[]interface {}{(*v.Version)(0xc000012345)}'],
    ['%#v', [files], 'engine.files{"a":"b"}'],
    ['%v %.1f', [new GoComplex(1, -2), new GoComplex(1, 2)], '(1-2i) (1.0+2.0i)'],
    ['%s %x %v %d', ['ab', 'ab', 'ab', 'ab'].map((text) => Buffer.from(text)), 'ab 6162 [97 98] [97 98]'],
    ['%s', ['\udcff'], '\udcff'],
    ['%x', ['\udcff'], 'ff'],
    ['%6v|%-6v|%06v', [i(1), 'a', 1.5], '     1|a     |0001.5'],
    ['%3c|%-3c|', [i(97), i(97)], '  a|a  |'],
    ['%w', ['a'], '%!w(string=a)'],
  ]
  for (const [format, args, expected] of cases) it(`${format} → ${expected}`, () => assert.equal(sprintf(format, args), expected))
})

describe('sprint and sprintln', () => {
  const cases: readonly [args: readonly GoValue[], print: string, println: string][] = [
    [[], '', '\n'],
    [['a'], 'a', 'a\n'],
    [[i(1), i(2)], '1 2', '1 2\n'],
    [['a', i(1), 'b', 'c'], 'a1bc', 'a 1 b c\n'],
    [[null, null, true], '<nil> <nil> true', '<nil> <nil> true\n'],
  ]
  for (const [args, print, println] of cases) {
    it(JSON.stringify(print), () => assert.deepEqual([sprint(args), sprintln(args)], [print, println]))
  }
})
