import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseVersion, versionsOfTags } from '../../../src/supply/choose-version.ts'
import { helmfileLockName, helmfileLockText, lockableName, lockedVersionOf } from '../../../src/supply/helmfile-lock.ts'
import { parseOciReference } from '../../../src/supply/oci-reference.ts'
import { pinsText, readPins } from '../../../src/supply/pins.ts'
import { publicUrl } from '../../../src/supply/public-url.ts'
import { challengeOf } from '../../../src/supply/registry-auth.ts'
import { retryDelay } from '../../../src/supply/retry-delay.ts'
import { memoryHost } from '../../support/memory-host.ts'

const shown: readonly (readonly [string, string])[] = [
  ['git::https://ann:s3cret@h.test/r.git@x.yaml?ref=v1&token=abc', 'git::https://h.test/r.git@x.yaml?ref=v1&token=***'],
  ['hg::https://ann:s3cret@h.test/r', 'hg::https://h.test/r'],
  ['https://u:p@h/x', 'https://h/x'],
  ['https://h', 'https://h'],
  ['https://h/x?token=a&ref=b', 'https://h/x?token=***&ref=b'],
  ['ssh://git:p@h/x', 'ssh://git@h/x'],
  ['u:p@h/x', 'h/x'],
]
for (const [url, expected] of shown) test(`${url} is shown as ${expected}`, () => assert.equal(publicUrl(url), expected))

const VERSIONS = ['2.0.0-rc.1', '1.10.0', '1.2.0', '1.2.0+b'].map((version) => ({ version }))
const chosen: readonly (readonly [string | undefined, boolean, string | undefined])[] = [
  [undefined, false, '1.10.0'],
  [undefined, true, '2.0.0-rc.1'],
  ['1.2.0', false, '1.2.0'],
  ['1.2.0+b', false, '1.2.0+b'],
  ['~1.2', false, '1.2.0'],
  ['>1.10.0-0', false, '2.0.0-rc.1'],
  ['3', false, undefined],
]
for (const [version, devel, expected] of chosen) {
  test(`${version ?? (devel ? 'devel' : 'nothing')} chooses ${expected}`, () =>
    assert.equal(chooseVersion(VERSIONS, { version, devel })?.version, expected))
}

test('tags that are no strict versions do not count', () => {
  assert.deepEqual(
    versionsOfTags(['latest', 'v1.0.0', '1.0', '1.0.0_b.1', '1.1.0']).map(({ version }) => version),
    ['1.1.0', '1.0.0+b.1'],
  )
})

const DIGEST = `sha256:${'0a'.repeat(32)}`
const references: readonly (readonly [string, object])[] = [
  ['oci://h/a/b', { registry: 'h', repository: 'a/b' }],
  ['oci://h:5000/a:1.0.0+b', { registry: 'h:5000', repository: 'a', tag: '1.0.0+b' }],
  [`h/a:1@${DIGEST}`, { registry: 'h', repository: 'a', tag: '1', digest: DIGEST }],
]
for (const [text, expected] of references) test(`reference ${text}`, () => assert.deepEqual(parseOciReference(text), expected))
for (const text of ['oci://h', 'oci:///a', 'oci://h/../a', 'oci://h/A', 'oci://h/a@sha256:0', 'oci://h/a?x=y']) {
  test(`reference ${text} is refused`, () => assert.throws(() => parseOciReference(text), /\[supply\/bad-reference\]/))
}

test('challenges', () => {
  const { scheme, parameters } = challengeOf('Bearer realm="https://a/token",service="b c",scope="repository:x:pull,push"') ?? {}
  assert.deepEqual([scheme, ...(parameters ?? [])], ['bearer', ['realm', 'https://a/token'], ['service', 'b c'], ['scope', 'repository:x:pull,push']])
  assert.equal(challengeOf('Basic realm="x"')?.scheme, 'basic')
  assert.equal(challengeOf('Negotiate'), undefined)
})

const delays: readonly (readonly [string, Parameters<typeof retryDelay>, number | undefined])[] = [
  ['a first failure', [1, { status: 503, retryAfter: undefined }, 0, 0], 100],
  ['a later one', [4, { status: 503, retryAfter: undefined }, 0, 0], 800],
  ['Retry-After in seconds', [1, { status: 429, retryAfter: '7' }, 0, 0], 7000],
  ['Retry-After as a date', [1, { status: 429, retryAfter: 'Thu, 01 Jan 1970 00:00:09 GMT' }, 2000, 0], 7000],
  ['a wait that is too long', [1, { status: 429, retryAfter: '3600' }, 0, 0], undefined],
  ['the end of patience', [7, { status: 503, retryAfter: undefined }, 0, 0], undefined],
  ['throttling, with more patience', [7, { status: 429, retryAfter: undefined }, 0, 0], 5000],
  ['what is not there', [1, { status: 404, retryAfter: undefined }, 0, 0], undefined],
  ['a certificate that is wrong', [1, { code: 'CERT_HAS_EXPIRED' }, 0, 0], undefined],
]
for (const [name, args, expected] of delays) test(`delay after ${name}`, () => assert.equal(retryDelay(...args), expected))

test('names of lock files and of charts in them', () => {
  assert.deepEqual(['helmfile.yaml', 'a/b.yaml.gotmpl', 'x.yml', '-'].map(helmfileLockName), ['helmfile.lock', 'b.lock', 'x.lock', '-.lock'])
  assert.deepEqual(lockableName({ url: 'h/team', oci: true }, 'a/b/web'), { name: 'web', repository: 'oci://h/team/a/b' })
  assert.deepEqual(lockableName({ url: 'https://h' }, 'a/web'), { name: 'a/web', repository: 'https://h' })
})

// Recorded: what `helmfile deps` 1.8.0 writes for the same releases, but for version and date.
test("Helmfile's lock file", () => {
  const repository = 'http://localhost:18099'
  const entries = [
    { name: 'web', repository, version: '1.2.0', constraint: '^1.0.0', alias: '-b' },
    { name: 'web', repository, version: '1.0.0', constraint: '1.0.0', alias: 'x-a' },
  ]
  const text = helmfileLockText(entries, entries, { now: 0 })
  const digest = 'sha256:30708082a101f1c407356062f1c15f917c7760257bfeb758f68756b22fbe6b27'
  const item = (version: string): string => `  - name: web\n    repository: ${repository}\n    version: ${version}\n`
  assert.equal(text, `version: 1.8.0\ndependencies:\n${item('1.2.0')}${item('1.0.0')}digest: ${digest}\ngenerated: "1970-01-01T00:00:00.000Z"\n`)
  assert.equal(helmfileLockText(entries, entries, { now: 5, before: text }), text, 'nothing changed, not even the date')
  assert.equal(lockedVersionOf(entries, 'web', '1.0.0'), '1.0.0')
  assert.throws(() => lockedVersionOf(entries, 'web', '^2'), /no resolved dependency found for "web", running "helmfile deps" may resolve the issue/)
})

test('our lock is read as it was written, and a damaged one is refused', () => {
  const pins = [
    { source: 'https://h web', wanted: '^1', pin: { version: '1.2.0', url: 'https://h/web.tgz', digest: DIGEST }, subcharts: ['common 1.0.0'] },
  ]
  assert.deepEqual(readPins(memoryHost({ 'a.lock': pinsText(pins) }), 'a.lock'), pins)
  assert.equal(readPins(memoryHost({}), 'a.lock'), undefined)
  for (const text of ['formatVersion: 2\n', 'formatVersion: 1\nsources: [{source: x, digest: "../../x"}]\n', '{'])
    assert.throws(() => readPins(memoryHost({ 'a.lock': text }), 'a.lock'), /\[supply\/bad-lock\]/)
})
