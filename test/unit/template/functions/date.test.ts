import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { GoTime, type GoValue, goInt64 } from '../../../../src/go/values.ts'
import { compileTemplate, Engine } from '../../../../src/template/engine.ts'
import { dateFunctions } from '../../../../src/template/functions/date.ts'

/** 2021-07-04 05:06:07 UTC. */
const NOW = 1_625_375_167_000
const functions = dateFunctions({ now: () => NOW })
const data = new Map<string, GoValue>([
  ['t', new GoTime(1_000_000_000n * 1_000_000_000n, 'UTC')],
  ['day', goInt64(86_400)],
])

function run(text: string): string {
  const engine = new Engine({ functions, missingKey: 'zero' })
  engine.add(compileTemplate({ name: 'x', text }, functions))
  return engine.execute('x', data)
}

describe('date functions', () => {
  const cases: readonly [text: string, output: string][] = [
    ['{{ dateInZone "2006-01-02 15:04 MST" .t "Europe/Berlin" }}', '2001-09-09 03:46 CEST'],
    ['{{ dateInZone "15:04 MST" .t "Nope/Nope" }}', '01:46 UTC'],
    ['{{ date_in_zone "2006" .day "UTC" }}', '1970'],
    ['{{ dateInZone "2006" "text means now" "UTC" }}', '2021'],
    ['{{ dateInZone "2006" 1.5 "UTC" }}', '2021'],
    ['{{ htmlDateInZone .t "Asia/Tokyo" }}', '2001-09-09'],
    ['{{ unixEpoch (dateModify "-1h30m" .t) }}', '999994600'],
    ['{{ unixEpoch (dateModify "bogus" .t) }}', '1000000000'],
    ['{{ unixEpoch (toDate "2006-01-02 MST" "2020-05-06 UTC") }}', '1588723200'],
    ['{{ toDate "2006" "x" }}', '0001-01-01 00:00:00 +0000 UTC'],
    ['{{ ago .t }}', '173715h19m27s'],
    ['{{ .t.Month.String }} {{ .t.Weekday.String | printf "%.3s" }}', 'September Sun'],
    [
      '{{ eq (toDate "15 -0700" "10 +0545") (toDate "15 -0700" "10 +0545") }} {{ eq (toDate "15 -07" "10 +05") (toDate "15 -07" "10 +05") }}',
      'false true',
    ],
    [
      '{{ $t := toDate "15 -0700" "10 +0545" }}{{ eq $t $t }} {{ eq ($t.AddDate 0 0 0) (dateModify "0s" $t) }} {{ eq $t.UTC $t.Local }}',
      'true true false',
    ],
    ['{{ duration "95" }} {{ duration .day }} {{ duration 60 }} {{ duration "x" }}', '1m35s 24h0m0s 0s 0s'],
    [
      '{{ durationRound "400h" }} {{ durationRound "24h" }} {{ durationRound "-2h" }} {{ durationRound "1s" }} {{ durationRound .t }}',
      '16d 24h 2h 0s 19y',
    ],
    [
      '{{ durationSeconds "1m30.5s" }} {{ durationMinutes 90 }} {{ durationHours "90m" }} {{ durationDays "36h" }} {{ durationWeeks "84h" }}',
      '90.5 1.5 1.5 1.5 0.5',
    ],
    [
      '{{ durationMilliseconds "2.5" }} {{ durationMicroseconds "1ms" }} {{ durationNanoseconds "1us" }} {{ durationSeconds "bogus" }}',
      '2500 1000 1000 0',
    ],
    [
      '{{ durationRoundTo "2h13m" "30m" }} {{ durationTruncateTo "2h29m" "1h" }} {{ durationRoundTo "1h" "x" }} {{ mustToDuration 90 }}',
      '2h0m0s 2h0m0s 1h0m0s 1m30s',
    ],
  ]
  for (const [text, output] of cases) {
    it(text, () => assert.equal(run(text), output))
  }
  const errors: readonly [text: string, cause: RegExp][] = [
    ['{{ mustToDate "2006" "x" }}', /error calling mustToDate: parsing time "x" as "2006": cannot parse "x" as "2006"/],
    ['{{ mustDateModify "1x" .t }}', /time: unknown unit "x" in duration "1x"/],
    ['{{ mustToDuration "x" }}', /error calling mustToDuration: could not parse duration "x"/],
    ['{{ mustToDuration nil }}', /invalid duration/],
    ['{{ unixEpoch 1 }}', /can't handle 1 for arg of type time.Time/],
  ]
  for (const [text, cause] of errors) it(`fails: ${text}`, () => assert.throws(() => run(text), cause))
})
