import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { formatTime, STRING_LAYOUT } from '../../../src/go/time-format.ts'
import { GoTime } from '../../../src/go/values.ts'
import { isZone, offsetOfName, zoneAt } from '../../../src/go/zone.ts'
import { repositoryRoot } from '../../support/paths.ts'

const STRIDE = 30 * 86_400
const FROM = -4_102_444_800
const TO = 2_461_449_600

function look(zone: string, seconds: number): string {
  const { offset, name } = zoneAt(zone, seconds)
  return `${offset} ${name}`
}

/** The first moment behind `low`, up to `high`, at which a zone says something else. */
function firstChange(zone: string, said: string, low: number, high: number): number {
  if (high - low === 1) return high
  const middle = low + Math.floor((high - low) / 2)
  return look(zone, middle) === said ? firstChange(zone, said, middle, high) : firstChange(zone, said, low, middle)
}

/** As test/generate/zones finds the changes of a zone. */
function changes(zone: string): string {
  let said = look(zone, FROM)
  const found = [said]
  for (let at = FROM; at < TO; at += STRIDE) {
    for (let low = at; look(zone, at + STRIDE) !== said; ) {
      low = firstChange(zone, said, low, at + STRIDE)
      said = look(zone, low)
      found.push(`${low} ${said}`)
    }
  }
  for (let year = 1; year < 8; year++) found.push(look(zone, TO * year * 16))
  return found.map((line) => `${line}\n`).join('')
}

describe('zones', () => {
  it('change when Go says, to what Go says', () => {
    const expected = readFileSync(join(repositoryRoot, 'test/golden/zones.txt'), 'utf8').trim().split('\n')
    const sum = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12)
    const ours = expected.map((line) => line.split(' ')[0] as string).map((zone) => `${zone} ${isZone(zone) ? sum(changes(zone)) : 'unknown'}`)
    assert.deepEqual(ours, expected)
  })

  it('are known by their own spelling only', () => {
    const names = ['', 'UTC', 'Local', 'Europe/Berlin', 'Factory', 'europe/berlin', 'Nope', '../etc', '+01:00', '__proto__']
    assert.deepEqual(names.filter(isZone), ['', 'UTC', 'Local', 'Europe/Berlin', 'Factory'])
  })

  const cases: readonly [seconds: number, zone: string, expected: string][] = [
    [-2_208_988_800, 'America/St_Johns', '1899-12-31 20:29:08 -0330 NST'],
    [-1_830_383_032, 'Africa/Lagos', '1912-01-01 00:29:43 +0013 LMT'],
    [-880_218_000, 'America/New_York', '1942-02-09 03:00:00 -0400 EWT'],
    [1_325_239_200, 'Pacific/Apia', '2011-12-31 00:00:00 +1400 +14'],
    [4_102_444_800, 'Asia/Gaza', '2100-01-01 02:00:00 +0200 EET'],
    [253_402_300_800, 'Australia/Lord_Howe', '10000-01-01 11:00:00 +1100 +11'],
    [4_118_083_200, 'Europe/Dublin', '2100-07-01 01:00:00 +0100 IST'],
  ]
  for (const [seconds, zone, expected] of cases)
    it(`${seconds} in ${zone}`, () => assert.equal(formatTime(new GoTime(BigInt(seconds) * 1_000_000_000n, zone), STRING_LAYOUT), expected))

  const named: readonly [zone: string, letters: string, seconds: number, expected: number | undefined][] = [
    ['America/New_York', 'EDT', 1_625_097_600, -14_400],
    ['America/New_York', 'EDT', 1_609_459_200, -14_400],
    ['America/New_York', 'CET', 1_609_459_200, undefined],
    ['Europe/Moscow', 'MSK', 1_325_376_000, 14_400],
    ['Europe/Moscow', 'MSK', 1_625_097_600, 10_800],
    ['Asia/Kathmandu', '+0545', 1_625_097_600, 20_700],
    ['Asia/Kathmandu', '+0530', 1_625_097_600, 19_800],
    ['Asia/Kathmandu', '+05', 1_625_097_600, undefined],
    ['UTC', 'UTC', 0, 0],
  ]
  for (const [zone, letters, seconds, expected] of named)
    it(`${letters} in ${zone} at ${seconds}`, () => assert.equal(offsetOfName(zone, letters, seconds), expected))
})
