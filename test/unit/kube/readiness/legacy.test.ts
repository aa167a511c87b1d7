import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { KubeObject } from '../../../../src/kinds/kube-object.ts'
import { legacyCompletion, legacyReadiness, legacyWait } from '../../../../src/kube/readiness/legacy.ts'
import { goldenFolder } from '../../../support/golden.ts'

interface LegacyCase {
  readonly object: KubeObject
  readonly dependants: readonly KubeObject[] | null
  readonly jobs: boolean
  readonly ready: boolean
  readonly error?: string
}

test("what is ready is what Helm's legacy waiter takes for ready", () => {
  const lines = readFileSync(join(goldenFolder('kube'), 'legacy-readiness.jsonl'), 'utf8')
    .trim()
    .split('\n')
  assert.ok(lines.length >= 300)
  for (const line of lines) {
    const { object, dependants, jobs, ready, error } = JSON.parse(line) as LegacyCase
    const readiness = legacyReadiness(object, dependants ?? [], { jobs })
    assert.equal(readiness.state === 'ready', ready, `${line}\n${readiness.message}`)
    assert.equal(readiness.state === 'failed' ? readiness.message : undefined, error, line)
  }
})

const hook = (kind: string, status: object): KubeObject => ({ apiVersion: kind === 'Job' ? 'batch/v1' : 'v1', kind, metadata: { name: 'h' }, status })
const ended = (type: string, reason: string) => ({ conditions: [{ type, status: 'True', reason }] })

test('what Helm 3 says of hooks', () => {
  const cases: readonly [KubeObject, state: string, message: string][] = [
    [hook('Job', { active: 1 }), 'progressing', 'Job in progress'],
    [hook('Job', ended('Complete', 'CompletionsReached')), 'ready', 'job h succeeded'],
    [hook('Job', ended('Failed', 'BackoffLimitExceeded')), 'failed', 'job h failed: BackoffLimitExceeded'],
    [hook('Pod', { phase: 'Running' }), 'progressing', 'Pod in progress'],
    [hook('Pod', { phase: 'Succeeded' }), 'ready', 'pod h succeeded'],
    [hook('Pod', { phase: 'Failed' }), 'failed', 'pod h failed'],
  ]
  for (const [object, state, message] of cases) assert.deepEqual(legacyCompletion(object), { state, message })
})

test('Helm 3 waits for definitions and for nothing that it does not know', () => {
  const definition = (type: string, status: string): KubeObject => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {},
    status: { conditions: [{ type, status }] },
  })
  const stateOf = (object: KubeObject): string => legacyReadiness(object, [], { jobs: false }).state
  assert.deepEqual([definition('Established', 'True'), definition('Established', 'False'), definition('NamesAccepted', 'False')].map(stateOf), [
    'ready',
    'progressing',
    'ready',
  ])
  assert.equal(legacyWait({ apiVersion: 'example.com/v1', kind: 'Widget' }, { jobs: true }), undefined)
  assert.equal(legacyWait({ apiVersion: 'batch/v1', kind: 'Job' }, { jobs: false }), undefined)
  assert.deepEqual(legacyWait({ apiVersion: 'apps/v1', kind: 'Deployment' }, { jobs: false })?.dependants, {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
  })
})
