import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { openSupply, type SupplyScope } from '../../../src/supply/chart-supply.ts'
import { plainChart } from '../../support/chart-archive.ts'
import { authorizationAt, type DockerRegistryAuth, pushChart, startDockerRegistry, whyNoDockerRegistry } from '../../support/docker-registry.ts'
import { findHelm } from '../../support/helm.ts'
import { emptyRegistry, registryListener } from '../../support/registry-server.ts'
import { scopeOf, supplyHost, versionsOf } from '../../support/supply-host.ts'
import { startWebServer } from '../../support/web-server.ts'

const USER = { username: 'ann', password: 's3cret-word' }
const noRegistry = whyNoDockerRegistry()
const helm = findHelm()

/** The same tests against two registries, so that the one of the tests cannot drift from a real one. */
const registries: readonly (readonly [string, string | false, (t: TestContext, auth?: DockerRegistryAuth) => Promise<string>])[] = [
  ['the registry of Debian', noRegistry, startDockerRegistry],
  ['a registry in process', false, async (t, auth) => (await startWebServer(t, registryListener(emptyRegistry(), auth))).url.slice('http://'.length)],
]
const authentications: readonly (DockerRegistryAuth | undefined)[] = [undefined, { kind: 'basic', ...USER }, { kind: 'token', ...USER }]

for (const [name, skip, start] of registries) {
  for (const auth of authentications) {
    test(`${name}, ${auth ? `${auth.kind} authentication` : 'open'}: by tag, by range, by digest; a tag that was pushed again`, {
      skip,
    }, async (t) => {
      const registry = await start(t, auth)
      const push = async (tag: string, values: string): Promise<string> =>
        pushChart(
          registry,
          { repository: 'team/web', tag, archive: await plainChart('web', tag.replace('_', '+'), { 'values.yaml': values }) },
          (scope) => authorizationAt(registry, auth, scope),
        )
      const first = await push('1.0.0', 'a: 1\n')
      await push('1.1.0_b.2', 'a: 1\n')
      const host = supplyHost(t)
      const repositories = [{ name: 'yard', url: `${registry}/team`, oci: true, plainHttp: true, ...(auth ? USER : {}) }]
      const orders = ['1.0.0', '^1.0.0', '1.1.0+b.2', `1.0.0@${first}`].map((version) => ({ chart: 'yard/web', version }))
      const scope = scopeOf(host, repositories)
      assert.deepEqual(await versionsOf(t, host, scope, orders), ['1.0.0', '1.1.0+b.2', '1.1.0+b.2', '1.0.0'])
      const order = { chart: 'yard/web', version: '1.0.0' }
      const supply = openSupply(host)
      t.after(() => supply.close())
      await supply.chart(scope, order)
      const pins = await supply.pinsOf(scope)
      assert.equal(pins[0]?.pin.manifest, first)
      const again = await push('1.0.0', 'a: 2\n')
      assert.notEqual(again, first)
      const valueOfA = async (seenFrom: SupplyScope): Promise<unknown> => {
        const fresh = openSupply(supplyHost(t))
        t.after(() => fresh.close())
        return String((await fresh.chart(seenFrom, order)).values.get('a'))
      }
      assert.equal(await valueOfA(scopeOf(host, repositories)), '2')
      assert.equal(await valueOfA(scopeOf(host, repositories, pins)), '1')
    })
  }
}

test('what Helm pushed comes, with what Helm logged in with', { skip: noRegistry || (!helm && 'there is no Helm 4') }, async (t) => {
  const registry = await startDockerRegistry(t, { kind: 'basic', ...USER })
  const host = supplyHost(t)
  host.fs.writeFile('web-1.2.3+x.tgz', await plainChart('web', '1.2.3+x'))
  const run = (...args: string[]) =>
    promisify(execFile)(helm as string, [...args, '--plain-http'], { cwd: host.cwd, env: { ...host.env } as NodeJS.ProcessEnv })
  await run('registry', 'login', registry, '--username', USER.username, '--password', USER.password)
  await run('push', 'web-1.2.3+x.tgz', `oci://${registry}/team`)
  assert.deepEqual(await versionsOf(t, host, scopeOf(host, []), [{ chart: `oci://${registry}/team/web`, plainHttp: true }]), ['1.2.3+x'])
})
