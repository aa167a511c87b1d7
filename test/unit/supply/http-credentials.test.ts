import assert from 'node:assert/strict'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Host } from '../../../src/base/host.ts'
import { openSupply } from '../../../src/supply/chart-supply.ts'
import { plainChart } from '../../support/chart-archive.ts'
import { scopeOf, supplyHost, versionsOf } from '../../support/supply-host.ts'
import { fileListener, startWebServer, type WebServer } from '../../support/web-server.ts'

/** A repository that lets nobody in but who shows one of `accepted`. */
async function startShop(t: TestContext, accepted: Set<string>, archives = ''): Promise<WebServer> {
  const index = `entries:\n  web:\n  - {version: 1.0.0, urls: ["${archives}web-1.0.0.tgz"]}\n`
  const files = new Map<string, Buffer | string>([
    ['/index.yaml', index],
    ['/web-1.0.0.tgz', await plainChart('web', '1.0.0')],
  ])
  return startWebServer(
    t,
    fileListener(files, ({ headers }, response) => {
      if (accepted.has(headers.authorization ?? '')) return false
      response.writeHead(401).end()
      return true
    }),
  )
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

/** A machine whose helper `docker-credential-test` runs `script`, and notes what it is asked for. */
function hostWithHelper(t: TestContext, script: string): Host {
  const plain = supplyHost(t)
  const helper = join(plain.cwd, 'bin/docker-credential-test')
  plain.fs.writeFile(helper, `#!/bin/sh\nread -r key\necho "$1 $key" >> "${plain.cwd}/asked"\n${script}\n`)
  chmodSync(helper, 0o755)
  const PATH = `${plain.cwd}/bin:${plain.env['PATH']}`
  return { ...plain, env: { ...plain.env, PATH }, run: (command) => plain.run({ ...command, env: { ...command.env, PATH } }) }
}

const WEB = [{ chart: 'shop/web' }]

test('a bearer token of the environment', async (t) => {
  const shop = await startShop(t, new Set(['Bearer t0ken-word']))
  const host = supplyHost(t, { SHOP_TOKEN: 't0ken-word' })
  assert.deepEqual(await versionsOf(t, host, scopeOf(host, [{ name: 'shop', url: shop.url }]), WEB), ['1.0.0'])
})

for (const [what, username, header] of [
  ['user and password', 'ann', basic('ann', 's3cret-word')],
  ['a bearer token', '<token>', 'Bearer s3cret-word'],
] as const) {
  test(`a credential helper gives ${what}, and is asked once`, async (t) => {
    const shop = await startShop(t, new Set([header]))
    const host = hostWithHelper(t, `echo '{"Username":"${username}","Secret":"s3cret-word"}'`)
    const servers = { credentialHelpers: { [shop.url]: 'test' } }
    assert.deepEqual(await versionsOf(t, host, scopeOf(host, [{ name: 'shop', url: shop.url }]), WEB, { servers }), ['1.0.0'])
    assert.equal(host.fs.readText('asked'), `get ${shop.url}\n`)
  })
}

test('a token that expires in the middle of a run is fetched anew', async (t) => {
  const accepted = new Set(['Bearer first'])
  const shop = await startShop(t, accepted)
  const host = hostWithHelper(t, `echo "{\\"Username\\":\\"<token>\\",\\"Secret\\":\\"$(cat "$(dirname "$0")/../token")\\"}"`)
  host.fs.writeFile('token', 'first')
  const supply = openSupply(host, { servers: { credentialHelpers: { [shop.url]: 'test' } } })
  t.after(() => supply.close())
  shop.server.once('request', () => {
    accepted.clear()
    accepted.add('Bearer first').add('Bearer second')
  })
  shop.server.on('request', (_, response) =>
    response.on('finish', () => {
      accepted.delete('Bearer first')
      host.fs.writeFile('token', 'second')
      accepted.add('Bearer second')
    }),
  )
  assert.equal((await supply.chart(scopeOf(host, [{ name: 'shop', url: shop.url }]), { chart: 'shop/web' })).metadata.version, '1.0.0')
  assert.deepEqual(shop.log, ['GET /index.yaml 200', 'GET /web-1.0.0.tgz 401', 'GET /web-1.0.0.tgz 200'])
})

test('what a helper gives stays with its server', async (t) => {
  const seen: (string | undefined)[] = []
  const far = await startShop(t, new Set(['']))
  far.server.on('request', ({ headers }) => seen.push(headers.authorization))
  const shop = await startShop(t, new Set(['Bearer s3cret-word']), `${far.url}/`)
  const host = hostWithHelper(t, `echo '{"Username":"<token>","Secret":"s3cret-word"}'`)
  const servers = { credentialHelpers: { [shop.url]: 'test' } }
  assert.deepEqual(await versionsOf(t, host, scopeOf(host, [{ name: 'shop', url: shop.url }]), WEB, { servers }), ['1.0.0'])
  assert.deepEqual(seen, [undefined])
})

test('a helper that fails is named, and what it printed is not', async (t) => {
  const shop = await startShop(t, new Set(['x']))
  const host = hostWithHelper(t, 'echo s3cret-word; exit 3')
  const servers = { credentialHelpers: { [shop.url]: 'test' } }
  await assert.rejects(versionsOf(t, host, scopeOf(host, [{ name: 'shop', url: shop.url }]), WEB, { servers }), (error: Error) => {
    assert.match(error.message, /docker-credential-test ended with code 3 \[supply\/credential-helper\]/)
    assert.ok(!JSON.stringify(error, Object.getOwnPropertyNames(error)).includes('s3cret-word'))
    return true
  })
})
