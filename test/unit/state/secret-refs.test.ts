import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromPlain, toPlain } from '../../../src/go/plain.ts'
import { loadState } from '../../../src/state/load-state.ts'
import { expandSecretRefs } from '../../../src/state/secret-refs.ts'
import { memoryHost } from '../../support/memory-host.ts'

const FILES = { 's.yaml': 'a: {b: 5, t: text}\nlist: [1]\n', 'plain.txt': 'content\n' }
const host = memoryHost(FILES, { env: { NAME: 'world' } })

const cases: readonly (readonly [string, unknown, unknown])[] = [
  ['a whole string', 'ref+echo://foo/bar', 'foo/bar'],
  ['inside a text', 'x ref+echo://foo y', 'x foo y'],
  ['two in a text, ended by a plus', 'ref+echo://aa+-ref+echo://b1', 'aa-b1'],
  ['a secret reference', 'secretref+echo://foo', 'foo'],
  ['a value of a file keeps its type', 'ref+file://s.yaml#/a/b', 5],
  ['a value of a file in a text', 'n=ref+file://s.yaml#/a/b', 'n=5'],
  ['a whole file', 'ref+file://plain.txt', 'content\n'],
  ['a file as base64', 'ref+file://plain.txt?encode=base64', 'Y29udGVudAo='],
  ['a missing key is null', 'ref+file://s.yaml#/gone', null],
  ['variables', 'ref+envsubst://hello-$NAME', 'hello-world'],
  ['a variable with a default', 'ref+envsubst://${GONE:-x}', 'x'],
  ['one in another', 'ref+echo://ref+envsubst://$NAME/x', 'world/x'],
  ['in maps and lists', { a: ['ref+echo://foo', 1], b: { c: 'ref+echo://bar' } }, { a: ['foo', 1], b: { c: 'bar' } }],
  ['no reference at all', 'prefer+no://thing', 'prefer+no://thing'],
  ['too short to be one', 'ref+echo://', 'ref+echo://'],
  ['quotes end it', '"ref+echo://foo"', '"foo"'],
]

for (const [name, value, expected] of cases) {
  test(name, () => assert.deepEqual(toPlain(expandSecretRefs(host, fromPlain(value))), expected))
}

const failures: readonly (readonly [string, string, RegExp])[] = [
  ['a backend that there is none of', 'ref+oci://secret/x', /secrets of "oci" are not supported \[state\/secret-backend\]/],
  ['a name that every object has', 'ref+constructor://x/y', /secrets of "constructor" are not supported/],
  ['a file that is not there', 'ref+file://gone.yaml#/x', /open gone.yaml: no such file or directory \[state\/secret-ref\]/],
  ['an encrypted file where nothing can wait', 'ref+sops://s.yaml#/a', /cannot be fetched here/],
]

for (const [name, value, pattern] of failures) {
  test(name, () => assert.throws(() => expandSecretRefs(host, value), pattern))
}

test('a missing key is an error when asked for', () => {
  const strict = memoryHost(FILES, { env: { HELMFILE_VALS_FAIL_ON_MISSING_KEY_IN_MAP: 'true' } })
  assert.throws(() => expandSecretRefs(strict, 'ref+file://s.yaml#/gone'), /no value found for key gone/)
})

test('whoever masks is told of each value as soon as it is known, also when loading fails', async () => {
  const told: string[] = []
  const files = { 'helmfile.yaml.gotmpl': 'releases:\n- name: {{ fail (fetchSecretValue "ref+file://s.yaml#/a/t") }}\n', ...FILES }
  await assert.rejects(loadState(memoryHost(files), { onSecrets: (values) => void told.push(...values) }), /error calling fail: text/)
  assert.deepEqual(told, ['text'])
})
