import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { KubeObject } from '../../../../src/kinds/kube-object.ts'
import { completionOf, readinessOf } from '../../../../src/kube/readiness/judge.ts'
import { goldenFolder } from '../../../support/golden.ts'

const STATES: Readonly<Record<string, string>> = { Current: 'ready', InProgress: 'progressing', Failed: 'failed', Terminating: 'terminating' }

test('states and messages are those that kstatus computes', () => {
  const lines = readFileSync(join(goldenFolder('kube'), 'readiness.jsonl'), 'utf8')
    .trim()
    .split('\n')
  assert.ok(lines.length >= 100)
  for (const line of lines) {
    const { object, expected } = JSON.parse(line) as { object: KubeObject; expected: { status: string; message: string } }
    assert.deepEqual(readinessOf(object), { state: STATES[expected.status], message: expected.message }, line)
  }
})

const pod = (status: object): KubeObject => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, status })
const job = (status: object, spec: object = {}): KubeObject => ({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'j' }, spec, status })

test('where more or less is asked than kstatus does', () => {
  const running = job({ startTime: 't', active: 1 })
  const cases: readonly [name: string, state: string, expected: string][] = [
    ['a failed pod', readinessOf(pod({ phase: 'Failed' })).state, 'failed'],
    [
      'an unschedulable pod',
      readinessOf(pod({ phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] })).state,
      'progressing',
    ],
    ['a paused deployment', readinessOf({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: {}, spec: { paused: true } }).state, 'ready'],
    ['a running job', readinessOf(running).state, 'ready'],
    ['a running job that is waited for', readinessOf(running, { jobs: true }).state, 'progressing'],
    ['a running hook job', completionOf(running).state, 'progressing'],
    ['a completed hook job', completionOf(job({ conditions: [{ type: 'Complete', status: 'True' }] })).state, 'ready'],
    ['a failed hook job', completionOf(job({ conditions: [{ type: 'Failed', status: 'True' }] })).state, 'failed'],
    ['a running hook pod', completionOf(pod({ phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] })).state, 'progressing'],
    ['a succeeded hook pod', completionOf(pod({ phase: 'Succeeded' })).state, 'ready'],
    ['a failed hook pod', completionOf(pod({ phase: 'Failed' })).state, 'failed'],
    ['any other hook', completionOf({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: {}, spec: {} }).state, 'ready'],
  ]
  for (const [name, state, expected] of cases) assert.equal(state, expected, name)
})
