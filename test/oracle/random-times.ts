import { readFileSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import fc, { type Arbitrary } from 'fast-check'
import { repositoryRoot } from '../support/paths.ts'
import { join, literal, maybe, repeated, words } from './random-grammar.ts'

const layouts = repeated(
  fc.constantFrom(
    ...'2006 06 01 1 Jan January 02 2 _2 002 __2 15 03 3 04 4 05 5 .000 .999 ,000 ,999999 .0 PM pm MST Z07:00 Z0700 Z07 Z07:00:00 -07:00 -0700 -07 -07:00:00 -070000 Mon Monday T Z'.split(
      ' ',
    ),
    ...[' ', '-', ':', '/', 'x', '_', '.', '200', 'Janet', '20060102', '_2006', '.00x'],
  ),
  0,
  6,
)
const moments = words(
  '2024-02-29T15:04:05Z 1999-12-31T23:59:59.987654321+05:45 0001-01-01T00:00:00Z 2024-07-01T12:00:00-07:00 9999-12-31T00:00:00Z 1969-12-31T23:59:59.5Z 2024-01-05T00:00:00Z 2024-03-10T02:30:00-08:00 1900-01-01T00:00:00Z',
)
const zones = words(
  'UTC Local America/New_York Asia/Kathmandu Europe/London Australia/Lord_Howe America/St_Johns Africa/Monrovia Pacific/Apia Etc/GMT+5 EST CET Nowhere/At utc Asia/Pyongyang Europe/Dublin',
)
const allZones = fc.constantFrom(...(readFileSync(joinPath(repositoryRoot, 'test/golden/zones.txt'), 'utf8').match(/^\S+/gm) as string[]))
/** From 1840 to 2400. */
const seconds = fc.integer({ min: -4_100_000_000, max: 13_570_000_000 })
const spans = repeated(join(maybe(words('- + .')), words('0 1 1.5 90 24 .5 1. 100000 9223372036854775807 1e3'), words('h m s ms us µs ns d w')), 1, 3)

/** Times in zones and layouts, and durations. */
export const timeTemplates: Arbitrary<string> = fc.oneof(
  fc
    .tuple(layouts, moments, zones)
    .map(
      ([layout, moment, zone]) =>
        `{{ dateInZone ${literal(layout)} (toDate "2006-01-02T15:04:05.999999999Z07:00" ${literal(moment)}) ${literal(zone)} }}`,
    ),
  fc.tuple(seconds, allZones).map(([moment, zone]) => `{{ dateInZone "2006-01-02 15:04:05 -07:00:00 MST" (int64 ${moment}) ${literal(zone)} }}`),
  fc.tuple(layouts, moments).map(([layout, moment]) => {
    const time = `(toDate "2006-01-02T15:04:05.999999999Z07:00" ${literal(moment)})`
    return `{{ $t := ${time}.Format ${literal(layout)} }}{{ $t }} {{ mustToDate ${literal(layout)} $t | toJson }}`
  }),
  fc
    .tuple(layouts, layouts, moments)
    .map(
      ([layout, other, moment]) =>
        `{{ mustToDate ${literal(layout)} ((toDate "2006-01-02T15:04:05Z07:00" ${literal(moment)}).Format ${literal(other)}) }}`,
    ),
  fc.tuple(spans, moments).map(([span, moment]) => `{{ mustDateModify ${literal(span)} (toDate "2006-01-02T15:04:05Z07:00" ${literal(moment)}) }}`),
  fc
    .tuple(
      spans,
      words(
        'mustToDuration durationSeconds durationHours durationMinutes durationDays durationWeeks durationNanoseconds durationMilliseconds durationMicroseconds duration durationRound',
      ),
    )
    .map(([span, name]) => `{{ ${name} ${literal(span)} }}`),
  fc
    .tuple(spans, spans, words('durationRoundTo durationTruncateTo'))
    .map(([span, other, name]) => `{{ ${name} ${literal(span)} ${literal(other)} }}`),
  fc
    .tuple(fc.integer({ min: -1e15, max: 1e15 }), words('duration durationRound mustToDuration durationSeconds'))
    .map(([n, name]) => `{{ ${name} ${n} }}`),
)
