import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { RegistryPlace } from '../../../src/supply/registry-places/registry-place.ts'
import { registryPlaces } from '../../../src/supply/registry-places/registry-places.ts'
import { plainChart } from '../../support/chart-archive.ts'
import { memoryHost } from '../../support/memory-host.ts'
import { emptyRegistry, publish, type RegistryAuth, registryListener } from '../../support/registry-server.ts'
import { scopeOf, supplyHost, versionsOf } from '../../support/supply-host.ts'
import { startWebServer, type WebServer } from '../../support/web-server.ts'

/** A registry on this machine with chart `team/web` in these versions; `at` is `host:port`. */
async function startRegistry(t: TestContext, versions: readonly string[], auth?: RegistryAuth): Promise<WebServer & { readonly at: string }> {
  const content = emptyRegistry()
  for (const version of versions) publish(content, 'team/web', version, await plainChart('web', version))
  const server = await startWebServer(t, registryListener(content, auth))
  return { ...server, at: server.url.slice('http://'.length) }
}

const NOWHERE = '127.0.0.1:9'
const HUB_CHART = { chart: 'oci://docker.io/team/web' }

type Files = Readonly<Record<string, string>>

/** The version that comes, with settings that name `settings` among these files. */
async function versionFrom(
  t: TestContext,
  files: Files,
  settings: string,
  order: { readonly chart: string; readonly version?: string },
): Promise<string> {
  const host = supplyHost(t)
  for (const [path, text] of Object.entries(files)) host.fs.writeFile(path, text)
  const [version = ''] = await versionsOf(t, host, scopeOf(host, []), [order], { servers: { registries: join(host.cwd, settings) } })
  return version
}

const kinds: readonly (readonly [string, string, (mirror: string) => Files])[] = [
  ["containerd's hosts.toml", 'certs.d', (mirror) => ({ 'certs.d/docker.io/hosts.toml': `[host."http://${mirror}"]\n` })],
  ['a default hosts.toml', 'certs.d', (mirror) => ({ 'certs.d/_default/hosts.toml': `[host."http://${mirror}/v2"]\n` })],
  [
    'a registries.conf',
    'registries.conf',
    (mirror) => ({ 'registries.conf': `[[registry]]\nprefix = "docker.io"\n[[registry.mirror]]\nlocation = "${mirror}"\ninsecure = true\n` }),
  ],
  ["Docker's daemon.json", 'daemon.json', (mirror) => ({ 'daemon.json': JSON.stringify({ 'registry-mirrors': [`http://${mirror}`] }) })],
]
for (const [name, settings, files] of kinds) {
  test(`a mirror of ${name} stands in for its registry`, async (t) => {
    const mirror = await startRegistry(t, ['1.0.0', '1.1.0'])
    assert.equal(await versionFrom(t, files(mirror.at), settings, HUB_CHART), '1.1.0')
    assert.equal(await versionFrom(t, files(mirror.at), settings, { ...HUB_CHART, version: '1.0.0' }), '1.0.0')
  })
}

test('what a mirror lacks, or one that is not there, gives way to the next', async (t) => {
  const [poor, rich] = [await startRegistry(t, []), await startRegistry(t, ['1.0.0'])]
  const mirrors = [NOWHERE, poor.at, rich.at].map((at) => `[host."http://${at}"]\n`)
  assert.equal(await versionFrom(t, { 'certs.d/docker.io/hosts.toml': mirrors.join('') }, 'certs.d', HUB_CHART), '1.0.0')
  assert.ok(
    poor.log.every((line) => line.includes('ns=docker.io') && line.endsWith(' 404')),
    poor.log.join('\n'),
  )
})

test('a mirror that may not say what tags mean is asked for contents only', async (t) => {
  const [mirror, origin] = [await startRegistry(t, ['1.0.0']), await startRegistry(t, ['1.0.0'])]
  const text = `server = "${origin.url}"\n[host."${mirror.url}"]\ncapabilities = ["pull"]\n`
  assert.equal(await versionFrom(t, { 'certs.d/docker.io/hosts.toml': text }, 'certs.d', HUB_CHART), '1.0.0')
  assert.deepEqual([mirror.log.length, /blobs/.test(mirror.log[0] ?? ''), origin.log.some((line) => line.includes('/blobs/'))], [1, true, false])
})

test('user and password of a repository do not go to its mirror', async (t) => {
  const secret = { username: 'ann', password: 's3cret-word' }
  const mirror = await startRegistry(t, ['1.0.0'], { kind: 'basic', ...secret })
  const origin = await startRegistry(t, ['1.0.0'], { kind: 'basic', ...secret })
  const host = supplyHost(t)
  host.fs.writeFile(`certs.d/${origin.at.replace(/:(.*)$/, '_$1_')}/hosts.toml`, `server = "${origin.url}"\n[host."${mirror.url}"]\n`)
  const seen: (string | undefined)[] = []
  mirror.server.on('request', ({ headers }) => seen.push(headers.authorization))
  const repository = { name: 'yard', url: `${origin.at}/team`, oci: true, ...secret }
  const servers = { registries: join(host.cwd, 'certs.d') }
  assert.deepEqual(await versionsOf(t, host, scopeOf(host, [repository]), [{ chart: 'yard/web' }], { servers }), ['1.0.0'])
  assert.deepEqual([...new Set(seen)], [undefined])
})

test('when nobody has it, the error names all who were asked', async (t) => {
  const poor = await startRegistry(t, [])
  const text = `server = "http://${NOWHERE}"\n[host."${poor.url}"]\n`
  await assert.rejects(versionFrom(t, { 'certs.d/docker.io/hosts.toml': text }, 'certs.d', HUB_CHART), (error: Error & { diagnostics: object }) => {
    assert.match(JSON.stringify(error.diagnostics), /127\.0\.0\.1:9\/.* cannot be fetched.*before that: .*answered 404/)
    return true
  })
})

const CONF = `
[[registry]]
prefix = "example.test/team"
location = "other.test/squad"
[[registry.mirror]]
location = "near.test/copy"
pull-from-mirror = "digest-only"
[[registry]]
prefix = "example.test"
blocked = true
[[registry]]
prefix = "*.wide.test"
[[registry.mirror]]
location = "near.test/wide"
`
const HOSTS = `
server = "https://up.test"
ca = "ca.pem"
[host."https://near.test/proxy"]
override_path = true
capabilities = ["pull", "resolve"]
client = [["cert.pem", "key.pem"]]
skip_verify = true
[host."https://near.test/proxy".header]
X-Team = "charts"
`
const host = memoryHost({ 'registries.conf': CONF, 'certs.d/example.test_5000_/hosts.toml': HOSTS })

function shown({ registry, root, repository, tags, digests, ...rest }: RegistryPlace): string {
  const { trust = {}, headers = {}, namespace = '' } = rest
  const more = [...Object.entries({ ...trust, ...headers }).map(([name, value]) => `${name}=${value}`), ...(namespace ? [`ns=${namespace}`] : [])]
  return [`${registry}${root}${repository}`, tags ? 'tags' : '', digests ? 'digests' : '', ...more].filter((part) => part !== '').join(' ')
}

const places: readonly (readonly [file: string, registry: string, repository: string, expected: readonly string[]])[] = [
  ['registries.conf', 'example.test', 'team/web', ['near.test/v2/copy/web digests', 'other.test/v2/squad/web tags digests']],
  ['registries.conf', 'a.wide.test', 'x/web', ['near.test/v2/wide/x/web tags digests', 'a.wide.test/v2/x/web tags digests']],
  ['registries.conf', 'else.test', 'web', []],
  [
    'certs.d',
    'example.test:5000',
    'web',
    [
      'near.test/proxy/web tags digests certFile=/repo/certs.d/example.test_5000_/cert.pem keyFile=/repo/certs.d/example.test_5000_/key.pem skipTlsVerify=true x-team=charts ns=example.test:5000',
      'up.test/v2/web tags digests caFile=/repo/certs.d/example.test_5000_/ca.pem ns=example.test:5000',
    ],
  ],
  ['certs.d', 'else.test', 'web', []],
]
for (const [file, registry, repository, expected] of places) {
  test(`${file}: where ${registry}/${repository} is looked for`, () =>
    assert.deepEqual(registryPlaces(host, `/repo/${file}`)({ registry, repository }).map(shown), expected))
}

test('what is blocked, what is no configuration', () => {
  const find = registryPlaces(host, '/repo/registries.conf')
  assert.throws(
    () => find({ registry: 'example.test', repository: 'teams/web' }),
    /oci:\/\/example\.test\/teams\/web is blocked .*\[supply\/not-allowed\]/,
  )
  assert.throws(() => registryPlaces(host, '/repo/nothing'), /\/repo\/nothing does not exist \[supply\/bad-config\]/)
  const broken = memoryHost({ 'a.conf': '[[registry]\n', 'b.conf': '[[registry]]\n', 'c.json': '{' })
  for (const file of ['a.conf', 'b.conf', 'c.json']) assert.throws(() => registryPlaces(broken, `/repo/${file}`), /\[supply\/bad-config\]/)
})
