import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import type { Host } from '../../../src/base/host.ts'
import { helmRepositories } from '../../../src/supply/helm-repositories.ts'
import { plainChart } from '../../support/chart-archive.ts'
import { findHelm } from '../../support/helm.ts'
import { memoryHost } from '../../support/memory-host.ts'
import { scopeOf, supplyHost, versionsOf } from '../../support/supply-host.ts'
import { basicAuth, fileListener, startWebServer } from '../../support/web-server.ts'

const FILE = `apiVersion: ""
generated: "0001-01-01T00:00:00Z"
repositories:
- caFile: /ca.pem
  certFile: ""
  insecure_skip_tls_verify: true
  keyFile: ""
  name: shop
  pass_credentials_all: true
  password: p
  url: https://charts.example.test
  username: u
- name: without-url
`

test('the settings of a repository that Helm knows', () => {
  const [shop, ...others] = helmRepositories(memoryHost({ '/home/.config/helm/repositories.yaml': FILE }))
  const access = { username: 'u', password: 'p', passCredentials: true }
  assert.deepEqual([shop, others], [{ name: 'shop', url: 'https://charts.example.test', ...access, caFile: '/ca.pem', skipTlsVerify: true }, []])
})

const places: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['its usual place', {}],
  ['HELM_REPOSITORY_CONFIG', { HELM_REPOSITORY_CONFIG: 'own/repositories.yaml' }],
  ['HELM_CONFIG_HOME', { HELM_CONFIG_HOME: 'own/config' }],
  ['XDG_CONFIG_HOME', { XDG_CONFIG_HOME: 'own/xdg' }],
]

const helm = findHelm()
for (const [name, variables] of places) {
  test(`a repository that helm repo add wrote to ${name}`, { skip: !helm && 'there is no Helm 4' }, async (t) => {
    const { url } = await startShop(t)
    const plain = supplyHost(t)
    const env = Object.fromEntries(Object.entries(variables).map(([key, path]) => [key, join(plain.cwd, path)]))
    const host: Host = { ...plain, env: { ...plain.env, ...env } }
    const secret = ['--username', 'ann', '--password', 's3cret-word']
    await promisify(execFile)(helm as string, ['repo', 'add', 'shop', url, ...secret], { cwd: host.cwd, env: { ...host.env } as NodeJS.ProcessEnv })
    assert.deepEqual(await versionsOf(t, host, scopeOf(host, []), [{ chart: 'shop/web' }]), ['1.0.0'])
  })
}

async function startShop(t: TestContext): Promise<{ readonly url: string }> {
  const files = new Map<string, Buffer | string>([
    ['/index.yaml', 'apiVersion: v1\nentries:\n  web:\n  - {name: web, version: 1.0.0, urls: [web-1.0.0.tgz]}\n'],
    ['/web-1.0.0.tgz', await plainChart('web', '1.0.0')],
  ])
  return startWebServer(t, fileListener(files, basicAuth('ann', 's3cret-word')))
}
