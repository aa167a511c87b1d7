import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubeObject } from '../../../src/kinds/kube-object.ts'
import { withOwnershipMarks } from '../../../src/release/ownership.ts'
import { parseManifest } from '../../../src/release/parse-manifest.ts'

const marks = { 'meta.helm.sh/release-name': 'web', 'meta.helm.sh/release-namespace': 'shop' }

/** Annotations as a chart writes them, and what is beside the marks then. */
const cases: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['', {}],
  ['annotations:', {}],
  ['annotations: null', {}],
  ['annotations: {}', {}],
  ['annotations: { a: }', { a: '' }],
  ['annotations: { a: b, c: null }', { a: 'b', c: '' }],
  ['annotations: { meta.helm.sh/release-name: other }', {}],
]

for (const [written, expected] of cases) {
  test(`marks beside ${written || 'nothing'}`, () => {
    const text = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  labels:\n  ${written}\n`
    const [object] = parseManifest(text)
    const { metadata } = withOwnershipMarks(object as KubeObject, { name: 'web', namespace: 'shop' })
    assert.deepEqual(metadata, { name: 'a', labels: { 'app.kubernetes.io/managed-by': 'Helm' }, annotations: { ...expected, ...marks } })
  })
}
