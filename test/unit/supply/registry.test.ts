import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Host } from '../../../src/base/host.ts'
import type { RepositorySettings } from '../../../src/supply/chart-source.ts'
import { type ChartOrder, openSupply } from '../../../src/supply/chart-supply.ts'
import { plainChart, sha256 } from '../../support/chart-archive.ts'
import { emptyRegistry, publish, type RegistryAuth, type RegistryContent, registryListener } from '../../support/registry-server.ts'
import { scopeOf, supplyHost, versionsOf } from '../../support/supply-host.ts'
import { startWebServer, type WebServer } from '../../support/web-server.ts'

const VERSIONS = ['1.0.0', '1.2.0', '1.10.0', '2.0.0-rc.1', '1.3.0+build.5']
const USER = { username: 'ann', password: 's3cret-word' }

interface Yard extends WebServer {
  readonly content: RegistryContent
  /** `host:port`. */
  readonly registry: string
}

async function startYard(t: TestContext, auth?: RegistryAuth): Promise<Yard> {
  const content = emptyRegistry()
  for (const version of VERSIONS) publish(content, 'team/charts/web', version.replace('+', '_'), await plainChart('web', version))
  const server = await startWebServer(t, registryListener(content, auth))
  return { ...server, content, registry: server.url.slice('http://'.length) }
}

function yardSettings({ registry }: Yard, more: Partial<RepositorySettings> = {}): RepositorySettings {
  return { name: 'yard', url: `${registry}/team`, oci: true, plainHttp: true, ...more }
}

const chosen: readonly (readonly [what: string, order: Partial<ChartOrder>, version: string])[] = [
  ['the newest stable one', {}, '1.10.0'],
  ['an exact version', { version: '1.2.0' }, '1.2.0'],
  ['a range', { version: '~1.2' }, '1.2.0'],
  ['a version with build metadata', { version: '1.3.0+build.5' }, '1.3.0+build.5'],
  ['a pre-release', { devel: true }, '2.0.0-rc.1'],
]
for (const [what, order, version] of chosen) {
  test(`${what} of a repository with oci: true`, async (t) => {
    const yard = await startYard(t)
    const host = supplyHost(t)
    assert.deepEqual(await versionsOf(t, host, scopeOf(host, [yardSettings(yard)]), [{ chart: 'yard/charts/web', ...order }]), [version])
  })
}

test('oci:// with a tag, with a digest, with a version beside it', async (t) => {
  const yard = await startYard(t)
  const host = supplyHost(t)
  const digest = `sha256:${sha256(yard.content.manifests.get('team/charts/web:1.2.0')?.data as Buffer)}`
  const base = `oci://${yard.registry}/team/charts/web`
  const orders = [
    { chart: `${base}:1.0.0` },
    { chart: `${base}@${digest}` },
    { chart: base, version: '1.10.0' },
    { chart: base, version: `1.2.0@${digest}` },
  ]
  assert.deepEqual(
    await versionsOf(
      t,
      host,
      scopeOf(host, []),
      orders.map((order) => ({ ...order, plainHttp: true })),
    ),
    ['1.0.0', '1.2.0', '1.10.0', '1.2.0'],
  )
})

test('fifty charts from a registry whose tokens live for two seconds', async (t) => {
  let clock = 0
  const auth: RegistryAuth = { kind: 'token', ...USER, tokenSeconds: 2, now: () => clock }
  const yard = await startYard(t, auth)
  // Every request takes the registry a second, so that tokens run out in the middle of the run.
  yard.server.on('request', () => {
    clock += 1000
  })
  const names = Array.from({ length: 50 }, (_, i) => `app${i}`)
  for (const name of names) publish(yard.content, `team/charts/${name}`, '1.0.0', await plainChart(name, '1.0.0'))
  const host = supplyHost(t)
  const scope = scopeOf(host, [yardSettings(yard, USER)])
  const supply = openSupply(host)
  t.after(() => supply.close())
  for (const name of names) assert.equal((await supply.chart(scope, { chart: `yard/charts/${name}` })).metadata.name, name)
  const times = (pattern: RegExp): number => yard.log.filter((line) => pattern.test(line)).length
  assert.equal(times(/blobs.* 200$/), 50)
  assert.ok(times(/\/token.* 200$/) > 50, 'some tokens were renewed')
})

const lying: readonly (readonly [string, (host: Host, registry: string) => void])[] = [
  ['docker login', (host, registry) => host.fs.writeFile('.docker/config.json', config({ auths: { [registry]: { auth: packed(USER) } } }))],
  [
    'helm registry login',
    (host, registry) => host.fs.writeFile('.config/helm/registry/config.json', config({ auths: { [registry]: { auth: packed(USER) } } })),
  ],
  ['a credential helper of the registry', (host, registry) => withHelper(host, { credHelpers: { [registry]: 'test' } })],
  ['a credential helper for all', (host) => withHelper(host, { credsStore: 'test' })],
]

function config(content: object): string {
  return JSON.stringify(content)
}

function packed({ username, password }: typeof USER): string {
  return Buffer.from(`${username}:${password}`).toString('base64')
}

function withHelper(host: Host, content: object): void {
  host.fs.writeFile('.docker/config.json', config(content))
  mkdirSync(join(host.cwd, 'bin'))
  const path = join(host.cwd, 'bin', 'docker-credential-test')
  writeFileSync(
    path,
    `#!/bin/sh\nread -r server\ncase "$1 $server" in "get 127.0.0.1:"*) echo '{"Username":"ann","Secret":"s3cret-word"}';; *) echo "credentials not found in native keychain"; exit 1;; esac\n`,
  )
  chmodSync(path, 0o755)
}

for (const kind of ['basic', 'token'] as const) {
  for (const [what, login] of lying) {
    test(`${kind} authentication with what ${what} left`, async (t) => {
      const yard = await startYard(t, { kind, ...USER })
      const plain = supplyHost(t)
      const path = `${join(plain.cwd, 'bin')}:${plain.env['PATH']}`
      const host: Host = {
        ...plain,
        env: { ...plain.env, PATH: path },
        run: (command) => plain.run({ ...command, env: { ...command.env, PATH: path } }),
      }
      login(host, yard.registry)
      assert.deepEqual(await versionsOf(t, host, scopeOf(host, [yardSettings(yard)]), [{ chart: 'yard/charts/web' }]), ['1.10.0'])
    })
  }
}

test('a refusal names the registry and what to do, and no secret', async (t) => {
  const yard = await startYard(t, { kind: 'token', ...USER })
  const host = supplyHost(t)
  const scope = scopeOf(host, [yardSettings(yard, { username: 'ann', password: 'wr0ng-word' })])
  await assert.rejects(versionsOf(t, host, scope, [{ chart: 'yard/charts/web' }]), (error: Error) => {
    assert.match(error.message, /the registry 127\.0\.0\.1:\d+ denies access \[supply\/unauthorized\]/)
    assert.ok(!JSON.stringify(error, Object.getOwnPropertyNames(error)).includes('wr0ng-word'))
    return true
  })
})

test('a tag that was pushed again is caught', async (t) => {
  const yard = await startYard(t)
  const host = supplyHost(t)
  const repositories = [yardSettings(yard)]
  const order = { chart: 'yard/charts/web', version: '1.2.0' }
  const first = scopeOf(host, repositories)
  const supply = openSupply(host)
  await supply.chart(first, order)
  const pins = await supply.pinsOf(first)
  supply.close()
  const before = yard.content.manifests.get('team/charts/web:1.2.0')?.data as Buffer
  publish(yard.content, 'team/charts/web', '1.2.0', await plainChart('web', '1.2.0', { 'values.yaml': 'other: true\n' }))
  // What the lock names is still there, and comes, whatever the tag says now.
  const second = supplyHost(t)
  const again = openSupply(second)
  t.after(() => again.close())
  assert.equal((await again.chart(scopeOf(second, repositories, pins), order)).values.size, 0)
  // Once the registry has forgotten it, nothing takes its place.
  yard.content.manifests.delete(`team/charts/web@sha256:${sha256(before)}`)
  const third = supplyHost(t)
  await assert.rejects(
    versionsOf(t, third, scopeOf(third, repositories, pins), [order], { locked: true }),
    /manifests\/sha256:[0-9a-f]+ answered 404/,
  )
})

test('contents that are not what their digest says are refused', async (t) => {
  const yard = await startYard(t)
  const host = supplyHost(t)
  for (const digest of yard.content.blobs.keys()) yard.content.blobs.set(digest, Buffer.from('something else'))
  await assert.rejects(versionsOf(t, host, scopeOf(host, [yardSettings(yard)]), [{ chart: 'yard/charts/web' }]), /\[supply\/digest\]/)
})

test('what is no chart is refused', async (t) => {
  const yard = await startYard(t)
  const data = Buffer.from(
    JSON.stringify({ schemaVersion: 2, layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: `sha256:${'0'.repeat(64)}` }] }),
  )
  yard.content.manifests.set('team/charts/web:1.0.0', { type: 'application/vnd.oci.image.manifest.v1+json', data })
  const host = supplyHost(t)
  await assert.rejects(
    versionsOf(t, host, scopeOf(host, [yardSettings(yard)]), [{ chart: 'yard/charts/web', version: '1.0.0' }]),
    /is no chart.*\[supply\/not-a-chart\]/,
  )
})

test('dependencies in registries', async (t) => {
  const yard = await startYard(t)
  const host = supplyHost(t)
  host.fs.writeFile(
    'app/Chart.yaml',
    `apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies:\n- {name: web, version: ~1.2.0, repository: "oci://${yard.registry}/team/charts"}\n`,
  )
  const supply = openSupply(host)
  t.after(() => supply.close())
  const app = await supply.chart(scopeOf(host, []), { chart: './app', plainHttp: true })
  assert.equal(app.dependencies[0]?.metadata.version, '1.2.0')
})
