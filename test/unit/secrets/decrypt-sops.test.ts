import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { DiagnosticError, formatDiagnostic } from '../../../src/base/diagnostic.ts'
import { nodeHost } from '../../../src/base/host-node.ts'
import { ageIdentities } from '../../../src/secrets/age-identities.ts'
import { decryptSops, isEncrypted, type SopsFormat, sopsFormatOf } from '../../../src/secrets/decrypt-sops.ts'
import { decodeSecret, secretReader } from '../../../src/secrets/secret-reader.ts'
import { goldenFolder } from '../../support/golden.ts'

// The fixtures were made by sops 3.13.3 for the throw-away key beside them.
const folder = goldenFolder('secrets')
const host = nodeHost({ cwd: folder, env: { HOME: join(folder, 'nobody'), SOPS_AGE_KEY_FILE: 'key.txt' } })
const find = ageIdentities(host)

function fixture(name: string): string {
  return readFileSync(join(folder, name), 'utf8')
}

function decrypt(name: string, text: string = fixture(name)): Promise<string> {
  return decryptSops({ name, text }, sopsFormatOf(name) as SopsFormat, find)
}

const rules = 'user: alice\npassword: p-1\nlist:\n  - one\n  - two\nnested:\n  token: t-1\n  plain: n-1\n'

const plain: readonly (readonly [string, string])[] = [
  ['encrypted-regex.yaml', rules],
  ['unencrypted-regex.yaml', rules],
  ['encrypted-suffix.yaml', rules],
  ['unencrypted-suffix.yaml', rules],
  ['encrypted-comment.yaml', rules],
  ['unencrypted-comment.yaml', rules],
  ['mac-only.yaml', rules],
  ['two-recipients.yaml', rules],
  [
    'types.yaml',
    'text: \'a: b\'\nempty: ""\nint: 42\nbig: 9007199254740993\nfloat: 1.5\nwhole: 2\nsmall: 1e-07\n"yes": true\n"no": false\nnothing: null\n' +
      'date: 2001-12-14T21:59:43.1-05:00\ndigits: "0123"\nlines: |\n  one\n  two\nunicode: "é \\U0001F600"\nlist:\n  - a\n  - 2\n  - k: v\n    l:\n' +
      '      - 1\n      - []\nbase:\n  u: admin\ncopy:\n  u: admin\nmerged:\n  <<:\n    u: admin\n  p: x\nshown_unencrypted: seen\n',
  ],
  ['documents.yaml', 'a: one\n---\nb: two\n'],
  ['json-inside.yaml', 'a:\n  b:\n    - 1\n    - two\n'],
  [
    'values.json',
    '{\n  "b": "x",\n  "10": 1,\n  "2": [\n    1,\n    1000,\n    9007199254740993,\n    true,\n    null,\n    "\\u2028<&>\\u007f"\n  ],\n' +
      '  "a": {\n    "z": {},\n    "y": []\n  },\n  "__proto__": {\n    "x": 1\n  }\n}\n',
  ],
  ['vars.env', 'A=1\nB=two words\nC=\nD=line\\nbreak\nE=a=b\n'],
  ['blob.txt', 'binary \u0001 text\nmore\n'],
]

test('what sops encrypted comes back in order and type', async () => {
  for (const [name, expected] of plain) assert.ok((await decrypt(name)) === expected, `${name} differs`)
})

function codeOf(error: unknown): string | undefined {
  return error instanceof DiagnosticError ? error.diagnostics[0]?.code : undefined
}

const types = fixture('types.yaml')
const intLine = /^int: .*$/m
const wholeLine = /^whole: .*$/m

// What was done to a file, its name, its text, the code of the error.
const tampered: readonly (readonly [string, string, string, string])[] = [
  ['a value removed', 'types.yaml', types.replace(/^int: .*\n/m, ''), 'secrets/mac-mismatch'],
  ['a plain value changed', 'types.yaml', types.replace('shown_unencrypted: seen', 'shown_unencrypted: other'), 'secrets/mac-mismatch'],
  ['a plain value added', 'types.yaml', `more_unencrypted: x\n${types}`, 'secrets/mac-mismatch'],
  ['two lists swapped', 'two-recipients.yaml', swapped(fixture('two-recipients.yaml')), 'secrets/mac-mismatch'],
  ['a value moved', 'types.yaml', types.replace(wholeLine, (intLine.exec(types) as RegExpExecArray)[0].replace('int', 'whole')), 'secrets/bad-value'],
  ['a value in plain text', 'types.yaml', types.replace(intLine, 'int: 1'), 'secrets/bad-value'],
  ['a cut tag', 'types.yaml', types.replace(/(int: .*tag:)[^,]*/, '$1AAAA'), 'secrets/bad-value'],
  ['an unknown type', 'types.yaml', types.replace(/(int: .*type:)int/, '$1thing'), 'secrets/bad-value'],
  ['the date of the checksum changed', 'types.yaml', types.replace(/lastmodified: "20/, 'lastmodified: "19'), 'secrets/mac-mismatch'],
  [
    'the rule weakened',
    'mac-only.yaml',
    fixture('mac-only.yaml').replace('mac_only_encrypted: true', 'mac_only_encrypted: false'),
    'secrets/mac-mismatch',
  ],
  ['no metadata', 'types.yaml', 'a: 1\n', 'secrets/not-encrypted'],
  ['no metadata in dotenv', 'vars.env', 'A=1\n', 'secrets/not-encrypted'],
  ['two rules', 'encrypted-regex.yaml', `${fixture('encrypted-regex.yaml')}    unencrypted_suffix: x\n`, 'secrets/bad-metadata'],
  ['no keys', 'types.yaml', types.replace(/^ {4}age:$/m, '    nobody:'), 'secrets/bad-metadata'],
  ['key groups', 'key-groups.yaml', fixture('key-groups.yaml'), 'secrets/key-groups'],
  ['another recipient', 'other-recipient.yaml', fixture('other-recipient.yaml'), 'secrets/no-identity'],
  ['keys of another kind', 'types.yaml', types.replace(/^ {4}age:$/m, '    pgp:'), 'secrets/no-age-key'],
  ['a list at the top', 'types.yaml', '- a\n', 'secrets/bad-file'],
  ['a broken JSON', 'values.json', '{"a": 1,}', 'secrets/bad-file'],
  ['a broken dotenv', 'vars.env', 'A\n', 'secrets/bad-file'],
]

/** The two items of `list` in the other order: each still decrypts, for list items share their path. */
function swapped(text: string): string {
  return text.replace(/^(list:\n(?: +- .*type:comment\]\n)?)( +- .*\n)( +- .*\n)/m, '$1$3$2')
}

test('files that were changed or cannot be opened are refused', async () => {
  const asTheyStand = ['key groups', 'another recipient']
  for (const [what, name, text, code] of tampered) {
    assert.equal(text === fixture(name), asTheyStand.includes(what), what)
    await assert.rejects(decrypt(name, text), (error) => {
      assert.equal(codeOf(error), code, what)
      return true
    })
  }
})

test('the error for a missing key names recipients and places, and no secret', async () => {
  const error = await decrypt('other-recipient.yaml').then(
    () => assert.fail('decrypted'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof DiagnosticError)
  const text = error.diagnostics.map(formatDiagnostic).join('\n')
  assert.match(text, /encrypted for: age1/)
  assert.match(text, /key\.txt \(SOPS_AGE_KEY_FILE\) holds age1/)
  assert.match(text, /no keys in: SOPS_AGE_KEY, .*nobody\/\.config\/sops\/age\/keys\.txt, SOPS_AGE_KEY_CMD/)
  assert.doesNotMatch(text, /AGE-SECRET-KEY/)
})

test('formats are known by the name, encrypted text by its checksum', () => {
  const names = { 'a.yaml': 'yaml', 'a.yml': 'yaml', 'a.json': 'json', '.env': 'dotenv', 'a.hcl': 'binary', 'a.ini': undefined }
  for (const [name, format] of Object.entries(names)) assert.equal(sopsFormatOf(name), format, name)
  for (const [name] of plain) assert.equal(isEncrypted(fixture(name)), true, name)
  assert.equal(isEncrypted('a: 1\nsops: {}\n'), false)
})

test('a reader decrypts each file once and decodes it without quoting it in errors', async () => {
  const reader = secretReader(host)
  const [first, second] = await Promise.all([reader.decryptFile('types.yaml'), reader.decryptFile(join(folder, 'types.yaml'))])
  assert.ok(first === second)
  assert.ok((decodeSecret(first, 'helm') as Map<string, unknown>).get('int') === 42)
  const blob = await reader.decryptFile('blob.txt')
  assert.throws(
    () => decodeSecret(blob, 'helm'),
    (error) => error instanceof DiagnosticError && error.diagnostics[0]?.code === 'secrets/bad-content' && !error.message.includes('more'),
  )
})
