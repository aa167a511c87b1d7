import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PlanResult } from '../../../src/plan/events.ts'
import { formatNotes } from '../../../src/report/notes.ts'
import { commonWords, diffLineText } from '../../../src/report/plan-words.ts'

test('what objects hold steers no terminal where it is shown', () => {
  assert.equal(diffLineText({ kind: 'added', text: 'a: one\u001b[2Jtwo\u202e' }), '+a: one\u241b[2Jtwo\ufffd')
  const edit = { title: 'annotation \u202ea', edit: { before: 'x\u2066', after: 'z' }, objects: [], inTemplates: 0 }
  assert.equal(commonWords(edit as unknown as Parameters<typeof commonWords>[0]), '~ annotation \ufffda: x\ufffd → z')
})

test('what charts say after an install steers no terminal', () => {
  const release = { release: { name: 'web', namespace: 'shop' }, id: 'shop/web', result: 'done', notes: 'open\r\n\u001b]0;title\u0007' }
  const result = { releases: [release] } as unknown as PlanResult
  assert.match(formatNotes(result), /open\r?\n {2}\u241b\]0;title\u2407\n$/)
})
