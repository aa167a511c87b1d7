import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodeJson } from '../../../src/go/json-encode.ts'
import { typeOf } from '../../../src/go/kind.ts'
import { methodOf } from '../../../src/go/methods.ts'
import { sprintf } from '../../../src/go/printf.ts'
import { formatTime, STRING_LAYOUT, timeGoString } from '../../../src/go/time-format.ts'
import { parseTime } from '../../../src/go/time-parse.ts'
import { type GoInt, GoPanic, GoTime, type GoValue, goInt } from '../../../src/go/values.ts'

const at = (seconds: number, zone = 'UTC', nanoseconds = 0): GoTime => new GoTime(BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds), zone)
/** 2021-07-04 05:06:07.089 UTC, a Sunday. */
const JULY = at(1625375167, 'UTC', 89_000_000)

describe('formatTime', () => {
  const cases: readonly [layout: string, expected: string][] = [
    ['2006-01-02T15:04:05Z07:00', '2021-07-04T05:06:07Z'],
    ['Mon Jan _2 15:04:05 2006', 'Sun Jul  4 05:06:07 2021'],
    ['Monday, 02-Jan-06 15:04:05 MST', 'Sunday, 04-Jul-21 05:06:07 UTC'],
    ['3:04PM 03:4:5 pm', '5:06AM 05:6:7 am'],
    ['.000 .999 ,00 .9', '.089 .089 ,08 '],
    ['__2 002 1 01', '185 185 7 07'],
    ['-0700 -07:00 -07 Z0700 Z07', '+0000 +00:00 +00 Z Z'],
    ['January Janet Month Monday_2006', 'July Janet Month Sunday_2021'],
    ['no elements', 'no elements'],
  ]
  for (const [layout, expected] of cases) it(layout, () => assert.equal(formatTime(JULY, layout), expected))
  const zoned: readonly [seconds: number, zone: string, expected: string][] = [
    [1609459200, 'Europe/Berlin', '2021-01-01 01:00:00 +0100 CET'],
    [1625097600, 'Europe/Berlin', '2021-07-01 02:00:00 +0200 CEST'],
    [1625097600, 'America/St_Johns', '2021-06-30 21:30:00 -0230 NDT'],
    [1625097600, 'America/Sao_Paulo', '2021-06-30 21:00:00 -0300 -03'],
    [1023738401, 'Europe/Moscow', '2002-06-10 23:46:41 +0400 MSD'],
    [1325376000, 'Europe/Moscow', '2012-01-01 04:00:00 +0400 MSK'],
    [-62135596800, 'UTC', '0001-01-01 00:00:00 +0000 UTC'],
    [-62135596801, 'America/New_York', '0000-12-31 19:03:57 -0456 LMT'],
    [253402300800, 'Asia/Kolkata', '10000-01-01 05:30:00 +0530 IST'],
  ]
  for (const [seconds, zone, expected] of zoned)
    it(`${seconds} in ${zone}`, () => assert.equal(formatTime(at(seconds, zone), STRING_LAYOUT), expected))
  it('writes Go source', () => assert.equal(timeGoString(JULY), 'time.Date(2021, time.July, 4, 5, 6, 7, 89000000, time.UTC)'))
})

describe('parseTime', () => {
  const good: readonly [layout: string, value: string, zone: string, expected: string][] = [
    ['2006-01-02', '2020-02-29', 'UTC', '2020-02-29 00:00:00 +0000 UTC'],
    ['2006-01-02 15:04', '2021-07-01 12:00', 'Europe/Berlin', '2021-07-01 12:00:00 +0200 CEST'],
    ['2006-01-02T15:04:05Z07:00', '2021-07-01T12:00:00.25-03:30', 'UTC', '2021-07-01 12:00:00.25 -0330 -0330'],
    ['02 Jan 06 15:04 MST', '04 Jul 68 01:02 PST', 'UTC', '2068-07-04 01:02:00 +0000 PST'],
    ['3:04pm', '12:30am', 'UTC', '0000-01-01 00:30:00 +0000 UTC'],
    ['2006 002', '2020 366', 'UTC', '2020-12-31 00:00:00 +0000 UTC'],
    ['Mon  Jan   _2', 'sun JUL  4', 'UTC', '0000-07-04 00:00:00 +0000 UTC'],
    ['15:04 MST', '10:00 GMT+3', 'UTC', '0000-01-01 13:00:00 +0300 GMT+3'],
    ['15:04 MST', '10:00 GMT+0003', 'UTC', '0000-01-01 13:00:00 +0300 GMT+0003'],
    ['15:04 MST', '10:00 +0003', 'UTC', '0000-01-01 10:00:00 +0000 +0003'],
    ['.000', '.+05', 'UTC', '0000-01-01 00:00:00.005 +0000 UTC'],
    ['.000', '.-00', 'UTC', '0000-01-01 00:00:00 +0000 UTC'],
    ['.00000000000', '.12345678901', 'UTC', '0000-01-01 00:00:00.123456789 +0000 UTC'],
  ]
  for (const [layout, value, zone, expected] of good)
    it(`${value} as ${layout}`, () => assert.equal(formatTime(parseTime(layout, value, zone), STRING_LAYOUT), expected))
  const bad: readonly [layout: string, value: string, message: string][] = [
    ['2006-01-02', '2021-13-01', 'parsing time "2021-13-01": month out of range'],
    ['2006-01-02', '2021-02-29', 'parsing time "2021-02-29": day out of range'],
    ['2006-01-02', 'x', 'parsing time "x" as "2006-01-02": cannot parse "x" as "2006"'],
    ['2006-01-02', '2021-01-01x', 'parsing time "2021-01-01x": extra text: "x"'],
    ['15:04', '25:00', 'parsing time "25:00": hour out of range'],
    ['.000', '.-05', 'parsing time ".-05": fractional second out of range'],
    ['-0700', 'x0199', 'parsing time "x0199": time zone offset minute out of range'],
    ['-0700', '+x099', 'parsing time "+x099" as "-0700": cannot parse "+x099" as "-0700"'],
    ['2006/01', '2021-01', 'parsing time "2021-01" as "2006/01": cannot parse "-01" as "/"'],
  ]
  for (const [layout, value, message] of bad) it(`refuses ${value}`, () => assert.throws(() => parseTime(layout, value, 'UTC'), { message }))
})

describe('time methods', () => {
  const call = (name: string, ...args: unknown[]): unknown => methodOf(JULY, name)?.call(...args)
  it('answers as Go does', () => {
    assert.deepEqual(
      ['Year', 'Day', 'Hour', 'YearDay', 'Nanosecond'].map((name) => call(name)),
      [2021, 4, 5, 185, 89_000_000].map(goInt),
    )
    assert.equal(call('Format', '02.01.'), '04.07.')
    assert.equal(formatTime(call('AddDate', 0n, 8n, 0n) as GoTime, '2006-01-02'), '2022-03-04')
    assert.equal(formatTime(call('Truncate', 3_600_000_000_000n) as GoTime, '15:04:05.000'), '05:00:00.000')
    assert.equal(methodOf(call('Month') as GoInt, 'String')?.call(), 'July')
    assert.equal(methodOf(call('Weekday') as GoInt, 'Nope'), undefined)
    assert.equal(methodOf(JULY, 'Nope'), undefined)
  })
})

describe('time locations', () => {
  const berlin = methodOf(at(0, 'Europe/Berlin'), 'Location')?.call() as GoValue
  it('are pointers that print as their names', () => {
    assert.equal(typeOf(berlin), '*time.Location')
    assert.equal(sprintf('%v %s', [berlin, berlin]), 'Europe/Berlin Europe/Berlin')
    assert.equal(methodOf(berlin, 'String')?.call(), 'Europe/Berlin')
    assert.equal(encodeJson(berlin), '{}')
  })
  it('show other times', () => {
    const shown = methodOf(JULY, 'In')?.call(berlin) as GoTime
    assert.equal(formatTime(shown, STRING_LAYOUT), '2021-07-04 07:06:07.089 +0200 CEST')
    assert.throws(() => methodOf(JULY, 'In')?.call(null), GoPanic)
  })
  it('are their own for times that were read with an offset', () => {
    const time = new GoTime(0n, '', 20_700)
    const shown = methodOf(time, 'In')?.call(methodOf(time, 'Location')?.call() as GoValue) as GoTime
    assert.equal(shown.location, time.location)
  })
})
