import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findIndexBlock } from '../../../src/supply/index-block.ts'
import { entriesOf } from '../../../src/supply/index-entries.ts'

const LIST_AT_KEY =
  'apiVersion: v1\nentries:\n  a:\n  - version: 1.0.0\n    urls: [a.tgz]\n  ab:\n  - version: 2.0.0\n    description: |\n      ab:\n      a:\n    urls: [ab.tgz]\ngenerated: x\n'
const DEEPER =
  'entries:\n    a:\n        - version: 1.0.0\n          urls:\n              - a.tgz\n\n    # a:\n    "ab":\n        - version: 2.0.0\n          urls: [ab.tgz]\n'
const JSON_INDEX = '{"apiVersion":"v1","entries":{"a":[{"version":"1.0.0","urls":["a.tgz"]}],"ab":[{"version":"2.0.0","urls":["ab.tgz"]}]}}'
const FLOW = 'entries: {a: [{version: 1.0.0, urls: [a.tgz]}], ab: [{version: 2.0.0, urls: [ab.tgz]}]}\n'
const ODD_KEYS = 'entries:\n  ? a\n  : - {version: 1.0.0, urls: [a.tgz]}\n  ab:\n  - {version: 2.0.0, urls: [ab.tgz]}\n'
const CRLF = LIST_AT_KEY.replaceAll('\n', '\r\n')

const kinds: readonly (readonly [string, string, 'found' | 'unclear'])[] = [
  ['lists at their key', LIST_AT_KEY, 'found'],
  ['lists deeper than their key', DEEPER, 'found'],
  ['lines that end in CR LF', CRLF, 'found'],
  ['JSON', JSON_INDEX, 'unclear'],
  ['flow style', FLOW, 'unclear'],
  ['complex keys', ODD_KEYS, 'unclear'],
]
for (const [name, text, kind] of kinds) {
  test(`an index with ${name}`, () => {
    const index = Buffer.from(text)
    assert.equal(findIndexBlock(index, 'a').kind, kind)
    assert.deepEqual(entriesOf(index, 'a', 'index'), [{ version: '1.0.0', urls: ['a.tgz'] }])
    assert.deepEqual(entriesOf(index, 'ab', 'index'), [{ version: '2.0.0', urls: ['ab.tgz'] }])
    assert.equal(entriesOf(index, 'b', 'index'), undefined)
  })
}

test('entries come newest first; what is no version is left out, digests are told apart', () => {
  const digest = 'ab'.repeat(32)
  const versions = ['1.0.0', '1.10.0-rc.1', 'nonsense', '1.2.0', 'v1.10.0']
  const text = `entries:\n  a:\n${versions.map((version) => `  - version: ${version}\n    digest: ${version === '1.2.0' ? digest : 'odd'}\n`).join('')}`
  assert.deepEqual(entriesOf(Buffer.from(text), 'a', 'index'), [
    { version: 'v1.10.0', urls: [] },
    { version: '1.10.0-rc.1', urls: [] },
    { version: '1.2.0', urls: [], digest: `sha256:${digest}` },
    { version: '1.0.0', urls: [] },
  ])
})

test('what is no index is refused by name', () => {
  assert.throws(
    () => entriesOf(Buffer.from('entries:\n  a: {b: [}\n'), 'a', 'https://x/index.yaml'),
    /https:\/\/x\/index\.yaml is no index of a chart repository.*\[supply\/bad-index\]/,
  )
  assert.equal(entriesOf(Buffer.from('<html></html>'), 'a', 'index'), undefined)
})

test('keys that come twice are left to the parser', () =>
  assert.equal(findIndexBlock(Buffer.from('entries:\n  a: []\n  a: []\n'), 'a').kind, 'unclear'))
