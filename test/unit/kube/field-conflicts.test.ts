import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KubeError } from '../../../src/kube/client.ts'
import { fieldConflicts, withoutFields } from '../../../src/kube/field-conflicts.ts'

const desired = {
  metadata: { annotations: { 'example.com/a': 'x', 'example.com': 'y' }, finalizers: ['a/b', 'c'] },
  spec: {
    list: [1, 2, 3],
    ports: [
      { port: 80, name: 'http' },
      { port: 80, protocol: 'UDP' },
    ],
    containers: [{ name: 'we]b', image: 'a' }],
  },
}
const live = {
  metadata: { annotations: { 'example.com/a': 'z', 'a.b.c': '1' }, finalizers: ['a/b'] },
  spec: { list: [3], ports: [{ port: 80, protocol: 'TCP', name: 'other' }], containers: [{ name: 'we]b', image: 'b' }] },
}

const cases: readonly [path: string, field: string, ours: unknown, theirs: unknown, without: string][] = [
  ['.spec.list', 'spec.list', [1, 2, 3], [3], '"spec":{"ports"'],
  ['.spec.list[1]', 'spec.list[1]', 2, undefined, '"list":[1,3]'],
  ['.metadata.annotations.example.com/a', 'metadata.annotations["example.com/a"]', 'x', 'z', '"annotations":{"example.com":"y"}'],
  ['.metadata.annotations.example.com', 'metadata.annotations["example.com"]', 'y', undefined, '"annotations":{"example.com/a":"x"}'],
  ['.metadata.annotations.a.b.c', 'metadata.annotations["a.b.c"]', undefined, '1', '"annotations":{"example.com/a":"x","example.com":"y"}'],
  ['.metadata.finalizers[="a/b"]', 'metadata.finalizers[a/b]', 'a/b', 'a/b', '"finalizers":["c"]'],
  ['.spec.containers[name="we]b"].image', 'spec.containers[we]b].image', 'a', 'b', '"containers":[{"name":"we]b"}]'],
  ['.spec.ports[port=80,protocol="TCP"].name', 'spec.ports[80/TCP].name', 'http', 'other', '"ports":[{"port":80},{'],
  ['.spec.unknown.deeper', 'spec.unknown.deeper', undefined, undefined, '"spec":{"list":[1,2,3]'],
]

test('conflicts are told by field, owner and both values, and can be taken out', () => {
  for (const [path, field, ours, theirs, without] of cases) {
    const causes = [{ reason: 'FieldManagerConflict', message: 'conflict with "some \\"one\\"" using v1', field: path }, { reason: 'Other' }]
    const [conflict, ...more] = fieldConflicts(new KubeError(409, 'Conflict', 'no', causes), desired, live)
    assert.ok(conflict && more.length === 0)
    assert.deepEqual([conflict.field, conflict.owner, conflict.ours, conflict.theirs], [field, 'some "one"', ours, theirs])
    const rest = JSON.stringify(withoutFields(desired, [conflict.steps]))
    assert.ok(rest.includes(without), `${path}: ${rest}`)
  }
})
