import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { KubeObject } from '../../../src/kinds/kube-object.ts'
import { converted } from '../../../src/release/converted-kinds.ts'
import { goldenFolder } from '../../support/golden.ts'

test('objects of removed versions become what Kubernetes made of them', () => {
  const lines = readFileSync(join(goldenFolder('kube'), 'converted-kinds.jsonl'), 'utf8')
    .trim()
    .split('\n')
  assert.ok(lines.length >= 15)
  for (const line of lines) {
    const { object, converted: expected } = JSON.parse(line) as { readonly object: KubeObject; readonly converted: KubeObject }
    const { status: _status, ...wanted } = expected
    assert.deepEqual(converted(object, expected.apiVersion), wanted, line)
  }
})
