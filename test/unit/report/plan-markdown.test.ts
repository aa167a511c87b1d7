import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ObjectChange, Plan, ReleasePlan } from '../../../src/plan/plan.ts'
import { formatPlanMarkdown } from '../../../src/report/plan-markdown.ts'

function created(name: string, text: string): ObjectChange {
  const after = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' }, data: { text } }
  return {
    ref: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name },
    action: 'create',
    origin: 'manifest',
    after,
    secret: false,
    notes: [],
  }
}

function release(name: string, changes: readonly ObjectChange[]): ReleasePlan {
  const facts = { needs: [], after: [], notes: [], blockers: [], kubeContext: undefined, suppressDiff: false }
  return { id: `shop/${name}`, name, namespace: 'shop', action: 'install', reason: 'not installed', toRevision: 1, changes, ...facts }
}

const markdown = (releases: readonly ReleasePlan[], site: 'github' | 'gitlab' = 'github'): string =>
  formatPlanMarkdown({ formatVersion: 1, environment: 'staging', releases } satisfies Plan, { site, diff: { salt: 's' } })

const lines = (count: number): string => Array.from({ length: count }, (_, index) => `line ${index}`).join('\n')

describe('a plan as a comment', () => {
  test('leaves out the largest differences first, and says so', () => {
    const text = markdown([
      release('small', [created('a', lines(3))]),
      release('huge', [created('b', lines(9000))]),
      release('large', [created('c', lines(3000))]),
    ])
    assert.ok(Buffer.byteLength(text) <= 65_536)
    assert.match(
      text,
      /line 2\n[\s\S]*90\d\d lines are left out for want of room; `flotilla -l namespace=shop,name=huge diff` shows them[\s\S]*line 2999\n/,
    )
  })

  test('holds more where more fits', () => {
    const releases = [release('huge', [created('b', lines(9000))])]
    assert.match(markdown(releases, 'gitlab'), /line 8999/)
  })

  test('fits with thousands of releases', () => {
    for (const count of [300, 3000]) {
      const text = markdown(Array.from({ length: count }, (_, index) => release(`release-${index}`, [created('a', lines(40))])))
      assert.ok(Buffer.byteLength(text) <= 65_536, String(count))
      assert.match(text, /left out for want of room/)
    }
  })

  test('fits whatever its characters', () => {
    const text = markdown([release('wide', [created('a', '€'.repeat(30_000).replace(/.{50}/g, '$&\n'))])])
    assert.ok(Buffer.byteLength(text) <= 65_536)
  })

  test('holds together whatever is in it', () => {
    const hostile = release('web', [created('a', '```\n</details>\n````\n<script>\n@everyone | `x`')])
    const text = markdown([{ ...hostile, reason: '<b>|*`', notes: ['`````'] }])
    assert.match(text, /\n``````diff\n/)
    assert.match(text, /\n``````\n\n<\/details>\n/)
    assert.match(text, /&#60;b&#62;\\\|\\\*\\`/)
  })

  test('names what is lost for good before anything is unfolded', () => {
    const gone = (index: number): ObjectChange => ({
      ...created(`data-${index}`, ''),
      action: 'delete',
      ref: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: 'shop', name: `data-${index}` },
    })
    const text = markdown([
      release(
        'db',
        Array.from({ length: 22 }, (_, index) => gone(index)),
      ),
    ])
    assert.match(
      text.slice(0, text.indexOf('<details>')),
      /- ⚠ `PersistentVolumeClaim shop\/data-0` will be deleted: its volume[\s\S]*data-19[\s\S]*and 2 more/,
    )
  })

  test('is short where nothing changes', () => assert.equal(markdown([]), '### Plan for `staging`\n\nno releases\n\n'))
})
