import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { DiagnosticError } from '../../../src/base/diagnostic.ts'
import type { KubeObject } from '../../../src/kinds/kube-object.ts'
import { decodeRecord, encodeRecord } from '../../../src/release/codec.ts'
import { encodeRevision } from '../../../src/release/encode-revision.ts'
import { encodeGoJson, OrderedFields } from '../../../src/release/go-json.ts'

function secret(release: string | undefined, labels: Record<string, string> = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'sh.helm.release.v1.web.v1', namespace: 'shop', labels },
    ...(release === undefined ? {} : { data: { release } }),
  }
}

const twice = (bytes: Buffer): string => Buffer.from(bytes.toString('base64')).toString('base64')
const minimal = { name: 'web', info: { status: 'deployed' }, version: 1 }

describe('decodeRecord', () => {
  const bad: readonly (readonly [string, string | undefined, RegExp])[] = [
    ['no payload', undefined, /has no data\.release/],
    ['no JSON', twice(Buffer.from('{')), /cannot be read/],
    ['torn gzip', twice(gzipSync('{"name":"web"}').subarray(0, 20)), /cannot be read/],
    ['a list', twice(Buffer.from('[]')), /not an object/],
    ['no info', twice(Buffer.from('{"name":"web"}')), /lacks a name or its info/],
    ['empty', '', /cannot be read/],
  ]
  for (const [name, release, message] of bad) {
    test(`${name} is a corrupt record`, () => {
      assert.throws(
        () => decodeRecord(secret(release)),
        (error: unknown) => {
          assert.ok(error instanceof DiagnosticError)
          assert.equal(error.diagnostics[0]?.code, 'release/corrupt-record')
          assert.equal(error.diagnostics[0]?.subject, 'Secret shop/sh.helm.release.v1.web.v1')
          assert.match(error.message, message)
          return true
        },
      )
    })
  }

  test('records from before compression are read', () => {
    assert.equal(decodeRecord(secret(twice(Buffer.from(JSON.stringify(minimal))))).info.status, 'deployed')
  })

  test("the user's labels come without Helm's own", () => {
    const labels = { name: 'web', owner: 'helm', status: 'deployed', version: '1', modifiedAt: '1', createdAt: '1', team: 'a' }
    assert.deepEqual(decodeRecord(secret(twice(gzipSync(JSON.stringify(minimal))), labels)).labels, { team: 'a' })
  })

  test('a key named __proto__ in values stays a key', () => {
    const record = { ...minimal, config: JSON.parse('{"__proto__":{"x":1}}') as unknown }
    const revision = decodeRecord(secret(twice(gzipSync(JSON.stringify(record)))))
    assert.ok(Object.hasOwn(revision.config, '__proto__'))
    assert.match(encodeRevision(revision), /"config":\{"__proto__":\{"x":1\}\}/)
  })
})

test('encodeRecord dates the object by label', () => {
  const revision = decodeRecord(secret(twice(Buffer.from(JSON.stringify(minimal))), { team: 'a' }))
  const labels = encodeRecord(revision, { label: 'createdAt', seconds: 7 }).metadata.labels
  assert.deepEqual(labels, { team: 'a', name: 'web', owner: 'helm', status: 'deployed', version: '1', createdAt: '7' })
})

describe('encodeGoJson', () => {
  const cases: readonly (readonly [string, unknown, string])[] = [
    ['sorts maps by bytes', { b: 1, a: 2, '10': 3, '9': 4, é: 5, B: 6 }, '{"10":3,"9":4,"B":6,"a":2,"b":1,"é":5}'],
    ['escapes for HTML', '<a href="x">&\u2028', '"\\u003ca href=\\"x\\"\\u003e\\u0026\\u2028"'],
    ['keeps a written backslash', 'a\\ud800b', '"a\\\\ud800b"'],
    ['replaces bytes that are no text', 'a\udcffb', '"a\\ufffdb"'],
    ['leaves astral characters', '😀', '"😀"'],
    [
      'writes structs in their order',
      new OrderedFields([
        ['z', 1],
        ['a', undefined],
        ['b', null],
      ]),
      '{"z":1,"b":null}',
    ],
    ['writes numbers as Go does', [1e21, 1e-7, 0.1, 1000000], '[1e+21,1e-7,0.1,1000000]'],
  ]
  for (const [name, value, expected] of cases) test(name, () => assert.equal(encodeGoJson(value), expected))
})
