import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type Outcome, runFlotilla } from '../../support/command-line.ts'
import { emptyRegistry, type RegistryAuth, type RegistryContent, registryListener } from '../../support/registry-server.ts'
import { signingKeys } from '../../support/signing-keys.ts'
import { supplyHost } from '../../support/supply-host.ts'
import { startWebServer } from '../../support/web-server.ts'
import { writeFiles } from '../../support/write-files.ts'

const CHART: Readonly<Record<string, string>> = {
  'web/Chart.yaml': `apiVersion: v2
name: web
version: 1.0.0+b.1
description: A shop
home: https://shop.example
sources: [https://shop.example/src]
maintainers: [{ name: Ann, email: ann@shop.example }, { name: Bob }]
annotations: { category: shop, org.opencontainers.image.title: other }
dependencies: [{ name: db, version: 1.0.0, repository: "file://../db" }]
`,
  'web/values.yaml': 'a: 1\n',
  'web/README.md': '# Web\n',
  'web/.helmignore': '*.bak\n',
  'web/old.bak': 'x',
  'web/templates/a.yaml': 'kind: ConfigMap\nmetadata: { name: a }\n',
  'web/crds/a.yaml': 'kind: CustomResourceDefinition\n',
  'db/Chart.yaml': 'apiVersion: v2\nname: db\nversion: 1.0.0\n',
  'db/templates/db.yaml': 'kind: Secret\nmetadata: { name: db }\n',
}

const AUTH: RegistryAuth = { kind: 'token', username: 'ci', password: 'hunter2' }

interface Place {
  readonly folder: string
  readonly content: RegistryContent
  readonly registry: string
  readonly run: (line: string, stdin?: string) => Promise<Outcome>
}

async function place(t: TestContext, auth: RegistryAuth = AUTH): Promise<Place> {
  const { cwd: folder } = supplyHost(t)
  writeFiles(folder, CHART)
  const content = emptyRegistry()
  const { url } = await startWebServer(t, registryListener(content, auth))
  const run = (line: string, stdin = ''): Promise<Outcome> =>
    runFlotilla(line.split(' '), { cwd: folder, stdin, env: { HOME: folder, PATH: process.env['PATH'] } })
  return { folder, content, registry: url.replace('http://', ''), run }
}

async function succeed(outcome: Promise<Outcome>): Promise<string> {
  const { exit, stdout, stderr } = await outcome
  assert.equal(exit, 0, stderr)
  return stdout
}

test('what is packed and pushed comes back, signed, and is told of', async (t) => {
  const { folder, registry, content, run } = await place(t)
  const keys = await signingKeys('Ann', 'open sesame')
  writeFileSync(join(folder, 'sec.asc'), keys.armored)
  writeFileSync(join(folder, 'pub.gpg'), keys.public)

  const login = `chart login ${registry} --username ci --password-stdin --plain-http`
  assert.equal(await succeed(run(login, 'hunter2\n')), 'Login Succeeded\n')
  assert.equal(statSync(join(folder, '.config/helm/registry/config.json')).mode & 0o777, 0o600)

  const pack = 'chart package web -u -d out --app-version 7 --sign --key ann@ --keyring sec.asc --passphrase-file -'
  assert.equal(await succeed(run(pack, 'open sesame\n')), `Successfully packaged chart and saved it to: ${folder}/out/web-1.0.0+b.1.tgz\n`)
  const push = `chart push out/web-1.0.0+b.1.tgz oci://${registry}/charts --plain-http`
  assert.match(await succeed(run(push)), new RegExp(`^Pushed: ${registry}/charts/web:1\\.0\\.0_b\\.1\nDigest: sha256:[0-9a-f]{64}\n$`))

  const manifest = JSON.parse(content.manifests.get('charts/web:1.0.0_b.1')?.data.toString() ?? '') as {
    config: { mediaType: string }
    layers: { mediaType: string }[]
    annotations: Record<string, string>
  }
  assert.equal(manifest.config.mediaType, 'application/vnd.cncf.helm.config.v1+json')
  assert.deepEqual(manifest.layers.map(({ mediaType }) => mediaType).sort(), [
    'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
    'application/vnd.cncf.helm.chart.provenance.v1.prov',
  ])
  const { 'org.opencontainers.image.created': created = '', ...annotations } = manifest.annotations
  assert.match(created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  assert.deepEqual(annotations, {
    category: 'shop',
    'org.opencontainers.image.authors': 'Ann (ann@shop.example), Bob',
    'org.opencontainers.image.description': 'A shop',
    'org.opencontainers.image.source': 'https://shop.example/src',
    'org.opencontainers.image.title': 'web',
    'org.opencontainers.image.url': 'https://shop.example',
    'org.opencontainers.image.version': '1.0.0+b.1',
  })

  const reference = `oci://${registry}/charts/web --version 1.0.0+b.1 --plain-http`
  await succeed(run(`chart pull ${reference} --verify --keyring pub.gpg -d back`))
  assert.deepEqual(readFileSync(join(folder, 'back/web-1.0.0+b.1.tgz')), readFileSync(join(folder, 'out/web-1.0.0+b.1.tgz')))
  const verified = JSON.parse(await succeed(run('chart verify back/web-1.0.0+b.1.tgz --keyring pub.gpg --output json'))) as { userIds: string[] }
  assert.deepEqual(verified.userIds, [keys.userId])
  await succeed(run(`chart pull ${reference} --untar --untardir in`))
  assert.equal(readFileSync(join(folder, 'in/web/charts/db/templates/db.yaml'), 'utf8'), CHART['db/templates/db.yaml'])
  assert.match(readFileSync(join(folder, 'in/web/Chart.yaml'), 'utf8'), /^appVersion: "7"$/m)
  assert.equal((await run(`chart pull ${reference} --untar --untardir in`)).exit, 1)
  assert.equal(await succeed(run(`chart show values ${reference}`)), 'a: 1\n\n')
  assert.equal(
    await succeed(run('chart show all out/web-1.0.0+b.1.tgz')),
    `${readFileSync(join(folder, 'in/web/Chart.yaml'), 'utf8')}\n---\na: 1\n\n---\n# Web\n\n---\nkind: CustomResourceDefinition\n\n`,
  )

  assert.equal(await succeed(run(`chart logout ${registry}`)), `Removing login credentials for ${registry}\n`)
  assert.equal(await succeed(run(`chart logout ${registry}`)), `Not logged in to ${registry}\n`)
  const refused = await run(push)
  assert.match(refused.stderr, /denies access/)
})

test('the same chart gives the same bytes', async (t) => {
  const { folder, run } = await place(t)
  await succeed(run('chart package web -u -d one'))
  await succeed(run('chart package web -u -d two'))
  assert.deepEqual(readFileSync(join(folder, 'one/web-1.0.0+b.1.tgz')), readFileSync(join(folder, 'two/web-1.0.0+b.1.tgz')))
})

test('a credential helper keeps what the configuration of registries leaves to it', async (t) => {
  const { folder, registry } = await place(t, { ...AUTH, kind: 'basic' })
  const config = join(folder, '.config/helm/registry/config.json')
  mkdirSync(dirname(config), { recursive: true })
  writeFileSync(config, JSON.stringify({ auths: {}, credHelpers: { [registry]: 'shop' }, other: 1 }))
  const helper = join(folder, 'bin/docker-credential-shop')
  mkdirSync(dirname(helper))
  writeFileSync(helper, `#!/bin/sh\nif [ "$1" = get ]; then cat "${folder}/kept"; else cat > "${folder}/kept"; fi\n`, { mode: 0o755 })
  const env = { HOME: folder, PATH: `${folder}/bin:${process.env['PATH']}` }
  const login = ['chart', 'login', registry, '--username', 'ci', '--password-stdin', '--plain-http']
  assert.equal((await runFlotilla(login, { cwd: folder, env, stdin: 'hunter2' })).exit, 0)
  assert.deepEqual(JSON.parse(readFileSync(join(folder, 'kept'), 'utf8')), { ServerURL: registry, Username: 'ci', Secret: 'hunter2' })
  assert.deepEqual(JSON.parse(readFileSync(config, 'utf8')), { auths: { [registry]: {} }, credHelpers: { [registry]: 'shop' }, other: 1 })
  const push = ['chart', 'push', 'web-1.0.0+b.1.tgz', `oci://${registry}`, '--plain-http']
  assert.equal((await runFlotilla(['chart', 'package', 'web', '-u'], { cwd: folder, env })).exit, 0)
  assert.match((await runFlotilla(push, { cwd: folder, env })).stdout, /^Pushed: /)
})

test('what cannot be published is refused', async (t) => {
  const { folder, registry, run } = await place(t)
  const keys = await signingKeys('Ann', 'open sesame')
  writeFileSync(join(folder, 'sec.asc'), keys.armored)
  writeFileSync(join(folder, 'pub.gpg'), keys.public)
  const sign = 'chart package web -u --sign --key Ann --keyring'
  const cases: readonly (readonly [string, RegExp, string?])[] = [
    ['chart package web', /missing in charts\/ directory: db/],
    ['chart package web -u --version x', /"x" is no version/],
    ['chart package nowhere', /"nowhere" is no folder with a chart/],
    ['chart package web -u --sign', /--key is required/],
    [`${sign} pub.gpg`, /holds public keys only/],
    [`${sign} sec.asc`, /the key is locked/],
    [`${sign} sec.asc --passphrase-file -`, /does not unlock the key/, 'wrong\n'],
    ['chart package web -u --sign --key Eve --keyring sec.asc', /no secret key of the keyring has "Eve"/],
    [`chart push nowhere.tgz oci://${registry}`, /there is no archive "nowhere.tgz"/],
    ['chart push web/Chart.yaml https://shop.example', /is no place in a registry|seems to be a YAML file/],
    [`chart login ${registry} --username ci`, /a login needs --username and a password/],
    [`chart login ${registry} --username ci --password-stdin --plain-http`, /denies access/, 'wrong'],
    ['chart verify web', /"web" is a folder, no archive/],
    ['chart pull ./web', /there is nothing to pull/],
    ['chart show nothing web', /is no part of a chart/],
  ]
  for (const [line, message, stdin] of cases) {
    const { exit, stderr } = await run(line, stdin)
    assert.notEqual(exit, 0, line)
    assert.match(stderr, message, line)
    assert.doesNotMatch(stderr, /wrong|open sesame/, line)
  }
})
