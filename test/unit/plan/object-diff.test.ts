import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { KubeObject } from '../../../src/kinds/kube-object.ts'
import { diffText, type ObjectDiffOptions, objectDiffer } from '../../../src/plan/object-diff.ts'
import type { ChangeAction, ObjectChange } from '../../../src/plan/plan.ts'

function change(before: object | undefined, after: object | undefined, kind = 'ConfigMap', action: ChangeAction = 'change'): ObjectChange {
  const whole = (body: object): KubeObject => ({ apiVersion: 'v1', kind, metadata: { name: 'a' }, ...body })
  return {
    ref: { apiVersion: 'v1', kind, namespace: 'shop', name: 'a' },
    action,
    origin: 'manifest',
    secret: kind === 'Secret',
    notes: [],
    ...(before ? { before: whole(before) } : {}),
    ...(after ? { after: whole(after) } : {}),
  }
}

function shown(what: ObjectChange, options: Partial<ObjectDiffOptions> = {}): string {
  return diffText(objectDiffer({ salt: 's', ...options })(what).lines())
}

const b64 = (text: string): string => Buffer.from(text).toString('base64')

describe('objectDiffer', () => {
  test('shows changed lines between unchanged ones', () => {
    assert.equal(
      shown(change({ data: { a: '1', b: '2' } }, { data: { a: '1', b: '3' } }), { context: 1 }),
      '@@ data.b @@\n   a: "1"\n-  b: "2"\n+  b: "3"\n kind: ConfigMap\n',
    )
  })

  const empty: readonly (readonly [string, ObjectChange, Partial<ObjectDiffOptions>])[] = [
    ['unchanged', change({}, {}, 'ConfigMap', 'none'), {}],
    ['kept', change({}, {}, 'ConfigMap', 'keep'), {}],
    ['a suppressed Secret', change({}, { data: { a: 'MQ==' } }, 'Secret'), { suppressSecrets: true }],
  ]
  for (const [name, what, options] of empty) test(`${name} is nothing`, () => assert.equal(shown(what, options), ''))

  test('creation and removal show the whole object', () => {
    assert.match(shown(change(undefined, { data: { a: 'x' } }, 'ConfigMap', 'create')), /^\+apiVersion: v1\n(\+.*\n)+$/)
    assert.match(shown(change({ data: { a: 'x' } }, undefined, 'ConfigMap', 'delete')), /^-apiVersion: v1\n(-.*\n)+$/)
  })

  test('a Secret shows keys, lengths and that a value changes, not values', () => {
    const text = shown(change({ data: { a: b64('old-1'), same: b64('kept') } }, { data: { a: b64('newer-2'), same: b64('kept') } }, 'Secret'))
    assert.match(
      text,
      /- {2}a: '\(secret: 5 bytes, [0-9a-f]{6}\)'\n\+ {2}a: '\(secret: 7 bytes, [0-9a-f]{6}\)'\n {3}same: '\(secret: 4 bytes, [0-9a-f]{6}\)'/,
    )
    for (const value of ['old-1', 'newer-2', 'kept']) assert.ok(!text.includes(value) && !text.includes(b64(value)), value)
  })

  test('marks are equal within a run, and worthless in the next', () => {
    const what = change(undefined, { data: { a: b64('pass'), b: b64('pass') } }, 'Secret', 'create')
    const marks = (salt: string): readonly string[] => [...shown(what, { salt }).matchAll(/bytes, ([0-9a-f]{6})/g)].map((found) => found[1] as string)
    assert.equal(marks('s')[0], marks('s')[1])
    assert.notEqual(marks('s')[0], marks('t')[0])
  })

  test('showSecrets shows them', () => {
    assert.match(
      shown(change(undefined, { stringData: { a: 'pass' } }, 'Secret', 'create'), { showSecrets: true, secretValues: ['pass'] }),
      /a: pass/,
    )
  })

  const secretValues = ['hunter2', 'two\nlines', '7%', 'x7%', '54321', 'true', '1']
  const hidden: readonly (readonly [string, unknown])[] = [
    ['as a whole value', 'hunter2'],
    ['inside a value', 'postgres://u:hunter2@db'],
    ['in base64', b64('hunter2')],
    ['inside what is base64', b64('user=me;password=hunter2;')],
    ['over several lines', 'a\ntwo\nlines\nb'],
    ['as a number', 54321],
    ['as a short value', 'x7%'],
    ['in a list', [{ value: 'x hunter2' }]],
  ]
  for (const [name, value] of hidden) {
    test(`a secret value is masked ${name}`, () => {
      const text = shown(change(undefined, { spec: { field: value } }, 'Widget', 'create'), { secretValues })
      assert.match(text, /\(secret [0-9a-f]{6}\)/)
      for (const secret of ['hunter2', 'two', '54321', b64('hunter2'), 'cGFzc3dvcmQ9']) assert.ok(!text.includes(secret), text)
    })
  }

  const former: readonly (readonly [string, object, object, RegExp])[] = [
    ['a value', { data: { a: 'old-pass' } }, { data: { a: 'hunter2' } }, /- {2}a: \(secret [0-9a-f]{6}\)\n\+ {2}a: \(secret/],
    ['a value that comes back', { data: { a: 'u:hunter2' } }, { data: { a: 'u:old-pass' } }, /- {2}a: u:\(secret [0-9a-f]{6}\)\n\+ {2}a: \(secret/],
    ['a line', { data: { a: 'x=1\np=old-pass\n' } }, { data: { a: 'x=1\np=hunter2\n' } }, /- {4}\(secret line [0-9a-f]{6}\)\n\+ {4}p=\(secret/],
  ]
  for (const [name, before, after, expected] of former) {
    test(`the former secret of ${name} is masked beside the new one`, () => {
      const text = shown(change(before, after), { secretValues })
      assert.match(text, expected)
      assert.doesNotMatch(text, /old-pass/)
    })
  }

  test('a text with a secret that stays shows what changes beside it', () => {
    const text = shown(change({ data: { a: 'p=hunter2\nx=1\n' } }, { data: { a: 'p=hunter2\nx=2\n' } }), { secretValues })
    assert.match(text, /- {4}x=1\n\+ {4}x=2/)
  })

  test('short and common secret values mask no unrelated text', () => {
    const spec = { version: 'v1.7.0', share: '17%', on: true, replicas: 1, flag: 'true', level: '1' }
    const text = shown(change(undefined, { spec }, 'Widget', 'create'), { secretValues })
    assert.doesNotMatch(text, /secret/)
  })

  test('text that YAML cannot hold is written out', () => {
    assert.match(shown(change(undefined, { data: { a: 'x\uffff' } }, 'ConfigMap', 'create')), /^\+ {2}a: "x\\uFFFF"$/m)
  })
})
