import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { releaseBase } from '../../../src/plan/release-base.ts'
import { orderReleases } from '../../../src/plan/release-order.ts'
import { encodeRecord } from '../../../src/release/codec.ts'
import type { ReleaseStatus, Revision } from '../../../src/release/record.ts'
import { type StoredRecord, versionsToPrune } from '../../../src/release/storage.ts'
import { release } from '../../support/desired-release.ts'

function record(version: number, status: ReleaseStatus): StoredRecord {
  const info = { firstDeployed: '', lastDeployed: '', deleted: '', description: '', status }
  const revision: Revision = { name: 'web', namespace: 'shop', version, info, chart: undefined, config: {}, manifest: '', hooks: [], labels: {} }
  return { name: 'web', namespace: 'shop', version, status, object: encodeRecord(revision, { label: 'createdAt', seconds: 0 }) }
}

/** `1d 2f`: versions with the first letter of their status (`p` is pending-upgrade, `g` uninstalling). */
function history(text: string): readonly StoredRecord[] {
  const statuses: Readonly<Record<string, ReleaseStatus>> = {
    d: 'deployed',
    f: 'failed',
    s: 'superseded',
    p: 'pending-upgrade',
    u: 'uninstalled',
    g: 'uninstalling',
    i: 'pending-install',
  }
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => record(Number.parseInt(word, 10), statuses[word.slice(-1)] as ReleaseStatus))
}

describe('releaseBase', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['', 'install 1: not installed'],
    ['1s 2d', 'upgrade 3 from 2'],
    ['1d 2f', 'upgrade 3 from 1, after 2: revision 2 failed'],
    ['1d 2f 3f', 'upgrade 4 from 1, after 2 3: revision 3 failed'],
    ['1f', 'upgrade 2 from 1: revision 1 failed'],
    ['1d 2p', 'upgrade 3 from 1, after 2, settles 2 failed: revision 2 is stuck in pending-upgrade'],
    ['1i', 'upgrade 2 from 1, settles 1 failed: revision 1 is stuck in pending-install'],
    ['1s 2u', 'install 3, settles 2 superseded: not installed, its history was kept'],
    ['1s', 'upgrade 2 from 1: revision 1 is superseded'],
    ['1g', 'upgrade 2 from 1: revision 1 is uninstalling'],
  ]
  for (const [given, expected] of cases) {
    test(given === '' ? 'no history' : given, () => {
      const base = releaseBase(history(given))
      const after = base.unfinished.length > 0 ? `, after ${base.unfinished.map((revision) => revision.version).join(' ')}` : ''
      const settles = base.settle.map(({ version, info }) => `, settles ${version} ${info.status}`).join('')
      const from = base.current ? ` from ${base.current.version}` : ''
      assert.equal(
        `${base.current ? 'upgrade' : 'install'} ${base.version}${from}${after}${settles}${base.reason ? `: ${base.reason}` : ''}`,
        expected,
      )
    })
  }
})

describe('versionsToPrune', () => {
  const cases: readonly (readonly [string, number, readonly number[]])[] = [
    ['1s 2s 3d', 10, []],
    ['1s 2s 3d', 3, [1]],
    ['1s 2s 3d', 2, [1, 2]],
    ['1d 2f 3f', 2, [2, 3]],
    ['1s 2s 3d', 0, []],
    ['1f 2f', 1, [1, 2]],
  ]
  for (const [given, max, expected] of cases)
    test(`${given} with at most ${max}`, () => assert.deepEqual(versionsToPrune(history(given), max), expected))
})

describe('orderReleases', () => {
  /** `a<b !c`: a needs b; `!` marks what is removed. */
  const cases: readonly (readonly [string, string])[] = [
    ['a<b b<c c', 'c b(c) a(b)'],
    ['!a<b !b', 'a b(a)'],
    ['!a<b b', 'a b(a)'],
    ['a<x', 'a'],
    ['a<b,c b c<b', 'b c(b) a(b,c)'],
  ]
  for (const [given, expected] of cases) {
    test(given, () => {
      const words = given.split(' ').map((word) => word.replace('!', '').split('<') as [string, string?])
      const removed = new Set(
        given
          .split(' ')
          .filter((word) => word.startsWith('!'))
          .map((word) => word.slice(1).split('<')[0]),
      )
      const order = orderReleases(
        words.map(([id, needs]) => release(id, { needs: needs?.split(',') ?? [] })),
        ({ id }) => removed.has(id),
      )
      const shown = order.ids.map((id) => `${id}${order.after.get(id)?.length ? `(${order.after.get(id)?.join(',')})` : ''}`)
      assert.equal(shown.join(' '), expected)
    })
  }
})
