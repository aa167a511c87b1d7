import assert from 'node:assert/strict'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createCleartextMessage, generateKey, readPrivateKey, sign } from 'openpgp'
import type { Host } from '../../../src/base/host.ts'
import { plainChart, sha256 } from '../../support/chart-archive.ts'
import { type Outcome, runFlotilla } from '../../support/command-line.ts'
import { emptyRegistry, publish, registryListener } from '../../support/registry-server.ts'
import { supplyHost } from '../../support/supply-host.ts'
import { basicAuth, fileListener, startWebServer } from '../../support/web-server.ts'

function run(host: Host, ...args: string[]): Promise<Outcome> {
  return runFlotilla(args, { cwd: host.cwd, env: host.env })
}

/** A project whose settings ask for signatures, with chart `web` at a web server. @returns what the server has */
async function signedProject(t: TestContext): Promise<{ readonly host: Host; readonly files: Map<string, Buffer | string> }> {
  const { privateKey, publicKey } = await generateKey({ userIDs: [{ name: 'Ann', email: 'ann@example.test' }], format: 'armored' })
  const archive = await plainChart('web', '1.0.0')
  const text = `name: web\nversion: 1.0.0\n\n...\nfiles:\n  web-1.0.0.tgz: sha256:${sha256(archive)}\n`
  const signingKeys = await readPrivateKey({ armoredKey: privateKey })
  const files = new Map<string, Buffer | string>([
    ['/index.yaml', 'entries:\n  web:\n  - {version: 1.0.0, urls: [web-1.0.0.tgz]}\n'],
    ['/web-1.0.0.tgz', archive],
    ['/web-1.0.0.tgz.prov', await sign({ message: await createCleartextMessage({ text }), signingKeys })],
  ])
  const { url } = await startWebServer(t, fileListener(files))
  const host = supplyHost(t)
  host.fs.writeFile('keys.asc', publicKey)
  host.fs.writeFile('flotilla.config.yaml', 'charts:\n  require: signed\n  keyring: keys.asc\n')
  host.fs.writeFile('helmfile.yaml', `repositories: [{name: shop, url: "${url}"}]\nreleases: [{name: web, chart: shop/web}]\n`)
  return { host, files }
}

test('charts.require: signed lets through what is signed, and nothing else', async (t) => {
  const { host, files } = await signedProject(t)
  const first = await run(host, 'template')
  assert.deepEqual([first.exit, first.stderr], [0, ''])
  files.set('/web-1.0.0.tgz', await plainChart('web', '1.0.0', { 'values.yaml': 'evil: true\n' }))
  const changed = await run(host, 'template')
  assert.equal(changed.exit, 1)
  assert.match(changed.stderr, /the archive is not the one that was signed \[supply\/bad-signature\]/)
  files.delete('/web-1.0.0.tgz.prov')
  assert.match((await run(host, 'template')).stderr, /web-1\.0\.0\.tgz\.prov answered 404/)
})

test('charts.registries counts for every command, repos too', async (t) => {
  const content = emptyRegistry()
  publish(content, 'team/web', '1.0.0', await plainChart('web', '1.0.0'))
  const mirror = await startWebServer(t, registryListener(content))
  const host = supplyHost(t)
  host.fs.writeFile('certs.d/charts.example.test/hosts.toml', `server = "${mirror.url}"\n`)
  host.fs.writeFile('flotilla.config.yaml', 'charts:\n  registries: certs.d\n')
  host.fs.writeFile(
    'helmfile.yaml',
    'repositories: [{name: yard, url: charts.example.test/team, oci: true}]\nreleases: [{name: web, chart: yard/web}]\n',
  )
  for (const command of ['repos', 'deps', 'fetch', 'template']) {
    const { exit, stderr } = await run(host, command)
    assert.equal(exit, 0, `${command}: ${stderr}`)
  }
  const { exit, stdout, stderr } = await run(host, 'chart', 'template', 'oci://charts.example.test/team/web')
  assert.deepEqual([exit, stdout.includes('version: "1.0.0"')], [0, true], stderr)
  assert.match(host.fs.readText('helmfile.flotilla.lock'), /source: oci:\/\/charts\.example\.test\/team\/web/)
})

test('values from elsewhere come by the same helpers, and must be locked where charts must', async (t) => {
  const files = new Map([['/values.yaml', 'far: true\n']])
  const letIn = basicAuth('ann', 's3cret-word')
  const { url } = await startWebServer(t, fileListener(files, letIn))
  const plain = supplyHost(t)
  const helper = join(plain.cwd, 'docker-credential-test')
  plain.fs.writeFile(helper, `#!/bin/sh\necho '{"Username":"ann","Secret":"s3cret-word"}'\n`)
  chmodSync(helper, 0o755)
  const host: Host = { ...plain, env: { ...plain.env, PATH: `${plain.cwd}:${plain.env['PATH']}` } }
  host.fs.writeFile('chart/Chart.yaml', 'apiVersion: v2\nname: chart\nversion: 1.0.0\n')
  host.fs.writeFile('chart/templates/cm.yaml', 'kind: ConfigMap\ndata: {far: {{ .Values.far | quote }}}\n')
  host.fs.writeFile('flotilla.config.yaml', `charts:\n  require: locked\n  credentialHelpers: {"${url}": test}\n`)
  host.fs.writeFile('helmfile.yaml', `releases: [{name: web, chart: ./chart, values: ["${url}/values.yaml"]}]\n`)
  assert.match((await run(host, 'template')).stderr, /values\.yaml is not locked \[supply\/not-locked\]/)
  const locking = await run(host, 'deps')
  assert.equal(locking.exit, 0, locking.stderr)
  assert.match((await run(host, 'template')).stdout, /far: "true"/)
})

test('wrong settings are named', async (t) => {
  const host = supplyHost(t)
  host.fs.writeFile('helmfile.yaml', 'releases: []\n')
  for (const [setting, pattern] of [
    ['credentialHelpers: {"ftp://x": test}', /credentialHelpers/],
    ['credentialHelpers: {"https://x": "a b"}', /credentialHelpers/],
    ['cacheMegabytes: 0', /cacheMegabytes" must be >= 1/],
  ] as const) {
    host.fs.writeFile('flotilla.config.yaml', `charts:\n  ${setting}\n`)
    const { exit, stderr } = await run(host, 'cache', 'info')
    assert.equal(exit, 1, setting)
    assert.match(stderr, pattern)
  }
})
