import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PlanEvent, ReleaseResult } from '../../../src/plan/events.ts'
import type { Plan, ReleasePlan } from '../../../src/plan/plan.ts'
import { progressLines } from '../../../src/report/progress-lines.ts'
import { progressTree } from '../../../src/report/progress-tree.ts'

function release(id: string): ReleasePlan {
  const chart = { name: 'app', version: '1.0.0' }
  const facts = { kubeContext: undefined, needs: [], after: [], reason: '', changes: [], notes: [], blockers: [], suppressDiff: false }
  return { id, name: id, namespace: 'shop', action: 'install', chart, ...facts }
}

const plan: Plan = { formatVersion: 1, environment: 'default', releases: ['a', 'long-name', 'c'].map(release) }

function done(id: string): ReleaseResult {
  return {
    id,
    name: id,
    namespace: 'shop',
    kubeContext: undefined,
    action: 'install',
    result: 'done',
    revision: 1,
    durationMs: 1200,
    diagnostics: [],
  }
}

const waitingOn = (name: string, message: string) => ({
  type: 'waiting-on' as const,
  objects: [{ ref: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name }, message }],
})

const events: readonly PlanEvent[] = [
  { at: 0, release: 'a', type: 'release-started', action: 'install' },
  { at: 0, release: 'a', type: 'phase', phase: 'checking' },
  { at: 0, release: 'long-name', type: 'release-started', action: 'install' },
  { at: 0, release: 'a', type: 'phase', phase: 'applying' },
  { at: 0, release: 'long-name', ...waitingOn('long-name', 'Available: 0/1 because of a secret-value\nand more') },
  { at: 0, release: 'a', type: 'note', severity: 'warning', text: 'odd' },
  { at: 0, release: 'a', type: 'log', pod: 'p', container: 'c', text: 'one\ntwo' },
  { at: 0, release: 'a', type: 'release-finished', result: done('a') },
]

/** What a terminal of `columns` shows after all of `writes`: it knows only what a live region uses. */
function screen(writes: string, columns: number): string[] {
  const lines: string[] = ['']
  let row = 0
  for (const [part] of writes.matchAll(/\u001b\[\d*[A-Za-z]|\n|[^\u001b\n]+/g)) {
    const up = /^\u001b\[(\d+)A$/.exec(part)
    if (up) row -= Number(up[1])
    else if (part === '\u001b[J') lines.splice(row, lines.length, '')
    else if (part === '\n') lines[++row] ??= ''
    else if (part !== '\u001b[K') {
      assert.ok(part.length < columns, `too wide: ${part}`)
      lines[row] = part
    }
  }
  return lines
}

describe('live tree', () => {
  const draw = (columns: number, upTo = events.length, rows = 24): string[] => {
    let written = ''
    const options = {
      columns: () => columns,
      rows: () => rows,
      color: false,
      monotonic: () => 0,
      conceal: (text: string) => text.replace('secret-value', '***'),
    }
    const tree = progressTree(plan, (text) => (written += text), options)
    for (const event of events.slice(0, upTo)) tree.event(event)
    const shown = screen(written, columns)
    tree.close()
    return shown
  }

  test('shows each running release with phase, elapsed time and what it waits for', () => {
    assert.deepEqual(draw(80, 6), [
      'shop/a warning: odd',
      '⠋ shop/a           0.0s  applying objects',
      '⠋ shop/long-name   0.0s  waiting on Deployment long-name: Available: 0/1 becau…',
      '  1 waiting for others',
      '',
    ])
  })

  test('keeps what is finished above', () => {
    assert.deepEqual(draw(100), [
      'shop/a warning: odd',
      'shop/a p one',
      'shop/a p two',
      '✓ installed shop/a, revision 1 (1.2s)',
      '⠋ shop/long-name   0.0s  waiting on Deployment long-name: Available: 0/1 because of a *** and more',
      '  1 waiting for others',
      '',
    ])
  })

  test('fits into narrow and low terminals', () => {
    assert.deepEqual(draw(40, 6).slice(1), [
      '⠋ shop/a           0.0s  applying obje…',
      '⠋ shop/long-name   0.0s  waiting on De…',
      '  1 waiting for others',
      '',
    ])
    assert.deepEqual(draw(80, 6, 4).slice(1), ['⠋ shop/a   0.0s  applying objects', '  1 more running, 1 waiting for others', ''])
  })

  test('leaves nothing behind', () => {
    let written = ''
    const tree = progressTree(plan, (text) => (written += text), {
      columns: () => 80,
      rows: () => 24,
      color: false,
      monotonic: () => 0,
      conceal: (text) => text,
    })
    for (const event of events.slice(0, 4)) tree.event(event)
    tree.close()
    assert.deepEqual(screen(written, 80), [''])
  })
})

test('lines: one per change of state, none for what only passes', () => {
  let written = ''
  const lines = progressLines(plan, (text) => (written += text))
  for (const event of events) lines.event(event)
  lines.close()
  assert.deepEqual(written.split('\n'), [
    'installing shop/a (chart app 1.0.0)',
    'installing shop/long-name (chart app 1.0.0)',
    'shop/a: applying objects',
    'shop/a: warning: odd',
    'shop/a: p: one',
    'shop/a: p: two',
    'installed shop/a, revision 1 (1.2s)',
    '',
  ])
})
