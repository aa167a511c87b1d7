import assert from 'node:assert/strict'
import { test } from 'node:test'
import { overlaid } from '../../../src/plan/overlaid.ts'

test('desired fields lie over live ones; what the server filled in stays, elements that are not desired go', () => {
  const head = { apiVersion: 'apps/v1', kind: 'Deployment' }
  const live = {
    ...head,
    metadata: { name: 'web', uid: '1' },
    spec: {
      revisionHistoryLimit: 10,
      template: { spec: { restartPolicy: 'Always', containers: [{ name: 'old' }, { name: 'web', image: 'a:1', resources: {} }] } },
    },
  }
  const object = { ...head, metadata: { name: 'web' }, spec: { replicas: 2, template: { spec: { containers: [{ name: 'web', image: 'a:2' }] } } } }
  assert.deepEqual(overlaid(live, object), {
    ...head,
    metadata: { name: 'web', uid: '1' },
    spec: {
      revisionHistoryLimit: 10,
      replicas: 2,
      template: { spec: { restartPolicy: 'Always', containers: [{ name: 'web', image: 'a:2', resources: {} }] } },
    },
  })
})
