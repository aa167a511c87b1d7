import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type ChartOrder, openSupply } from '../../../src/supply/chart-supply.ts'
import { plainChart, sha256 } from '../../support/chart-archive.ts'
import { scopeOf, supplyHost, versionsOf } from '../../support/supply-host.ts'
import { basicAuth, fileListener, type Interception, startWebServer, type WebServer } from '../../support/web-server.ts'

interface Shop extends WebServer {
  readonly files: Map<string, Buffer | string>
}

const VERSIONS = ['1.0.0', '1.2.0', '2.0.0-rc.1']

function indexOf(entries: readonly { readonly version: string; readonly url: string; readonly digest?: string }[]): string {
  const items = entries.map(
    ({ version, url, digest }) => `  - name: web\n    version: ${version}\n    urls:\n    - ${url}\n${digest ? `    digest: ${digest}\n` : ''}`,
  )
  return `apiVersion: v1\nentries:\n  other:\n  - name: other\n    version: 9.0.0\n  web:\n${items.join('')}generated: "2026-01-01T00:00:00Z"\n`
}

/** A repository with three versions of chart `web` at /charts. */
async function startShop(t: TestContext, intercept?: Interception, urlOf = (file: string) => file): Promise<Shop> {
  const files = new Map<string, Buffer | string>()
  const server = await startWebServer(t, fileListener(files, intercept))
  const entries = []
  for (const version of VERSIONS) {
    const archive = await plainChart('web', version)
    files.set(`/charts/web-${version}.tgz`, archive)
    entries.push({ version, url: urlOf(`web-${version}.tgz`), digest: sha256(archive) })
  }
  files.set('/charts/index.yaml', indexOf(entries))
  return { ...server, files }
}

const WEB = { chart: 'shop/web' }

test('the version that is asked for comes, and each thing once', async (t) => {
  const shop = await startShop(t)
  const host = supplyHost(t)
  const scope = scopeOf(host, [{ name: 'shop', url: `${shop.url}/charts` }])
  const orders = [WEB, { ...WEB, version: '1.0.0' }, { ...WEB, version: '^1.0.0' }, { ...WEB, devel: true }, WEB]
  assert.deepEqual(await versionsOf(t, host, scope, orders), ['1.2.0', '1.0.0', '1.2.0', '2.0.0-rc.1', '1.2.0'])
  assert.deepEqual(shop.log.toSorted(), [
    'GET /charts/index.yaml 200',
    'GET /charts/web-1.0.0.tgz 200',
    'GET /charts/web-1.2.0.tgz 200',
    'GET /charts/web-2.0.0-rc.1.tgz 200',
  ])
  shop.log.length = 0
  assert.deepEqual(await versionsOf(t, host, scope, orders), ['1.2.0', '1.0.0', '1.2.0', '2.0.0-rc.1', '1.2.0'])
  assert.deepEqual(shop.log, ['GET /charts/index.yaml 304'])
})

test('with a lock and a filled cache nothing is asked, and an empty cache needs no index', async (t) => {
  const shop = await startShop(t)
  const host = supplyHost(t)
  const repositories = [{ name: 'shop', url: `${shop.url}/charts` }]
  const scope = scopeOf(host, repositories)
  const supply = openSupply(host)
  await supply.chart(scope, { ...WEB, version: '1.x' })
  const pins = await supply.pinsOf(scope)
  supply.close()
  assert.deepEqual(
    pins.map(({ wanted, pin }) => [wanted, pin.version, pin.url]),
    [['1.x', '1.2.0', `${shop.url}/charts/web-1.2.0.tgz`]],
  )
  shop.log.length = 0
  const order = [{ ...WEB, version: '1.x' }]
  assert.deepEqual(await versionsOf(t, host, scopeOf(host, repositories, pins), order, { locked: true }), ['1.2.0'])
  assert.deepEqual(shop.log, [])
  const other = supplyHost(t)
  assert.deepEqual(await versionsOf(t, other, scopeOf(other, repositories, pins), order, { locked: true }), ['1.2.0'])
  assert.deepEqual(shop.log, ['GET /charts/web-1.2.0.tgz 200'])
})

test('a lock refuses what is not in it, and what has changed', async (t) => {
  const shop = await startShop(t)
  const host = supplyHost(t)
  const repositories = [{ name: 'shop', url: `${shop.url}/charts` }]
  const first = scopeOf(host, repositories)
  const supply = openSupply(host)
  await supply.chart(first, WEB)
  const scope = scopeOf(host, repositories, await supply.pinsOf(first))
  supply.close()
  await assert.rejects(
    versionsOf(t, host, scope, [{ ...WEB, version: '1.0.0' }], { locked: true }),
    /web 1\.0\.0 is not locked \[supply\/not-locked\]/,
  )
  const published = await plainChart('web', '1.2.0', { 'values.yaml': 'changed: true\n' })
  shop.files.set('/charts/web-1.2.0.tgz', published)
  const other = supplyHost(t)
  await assert.rejects(
    versionsOf(t, other, { ...scope }, [WEB], { locked: true }),
    /does not hold what it should: its digest is not sha256:.* \[supply\/digest\]/,
  )
})

test('an archive that is not what the index says is refused', async (t) => {
  const shop = await startShop(t)
  const host = supplyHost(t)
  shop.files.set('/charts/web-1.2.0.tgz', await plainChart('web', '1.2.0', { 'values.yaml': 'evil: true\n' }))
  await assert.rejects(versionsOf(t, host, scopeOf(host, [{ name: 'shop', url: `${shop.url}/charts` }]), [WEB]), /\[supply\/digest\]/)
})

test('credentials go to the repository, and elsewhere only when told so', async (t) => {
  const seen: (string | undefined)[] = []
  const elsewhere = await startShop(t, (request) => {
    seen.push(request.headers.authorization)
    return false
  })
  const shop = await startShop(t, basicAuth('ann', 's3cret-word'), (file) => `${elsewhere.url}/charts/${file}`)
  const settings = { name: 'my-shop', url: `${shop.url}/charts` }
  const order = [{ chart: 'my-shop/web' }]
  const secret = { username: 'ann', password: 's3cret-word' }
  for (const [given, env, passed] of [
    [{ ...settings, ...secret }, {}, false],
    [{ ...settings, ...secret, passCredentials: true }, {}, true],
    [settings, { MY_SHOP_USERNAME: 'ann', MY_SHOP_PASSWORD: 's3cret-word' }, false],
    [{ ...settings, url: settings.url.replace('://', '://ann:s3cret-word@') }, {}, false],
  ] as const) {
    const host = supplyHost(t, env)
    assert.deepEqual(await versionsOf(t, host, scopeOf(host, [given]), order), ['1.2.0'])
    assert.equal(seen.at(-1) !== undefined, passed)
  }
})

test('a refusal names the URL without its secrets, and says what to do', async (t) => {
  const shop = await startShop(t, basicAuth('ann', 'right-word'))
  const host = supplyHost(t)
  const url = `${shop.url.replace('://', '://ann:wr0ng-word@')}/charts`
  await assert.rejects(versionsOf(t, host, scopeOf(host, [{ name: 'shop', url }]), [WEB]), (error: Error & { diagnostics: unknown }) => {
    assert.match(error.message, /http:\/\/127\.0\.0\.1:\d+\/charts\/index\.yaml answered 401: access is denied \[supply\/unauthorized\]/)
    assert.ok(!JSON.stringify([error.message, error.diagnostics, error.stack]).includes('wr0ng-word'))
    return true
  })
})

test('a download that breaks off goes on where it was', async (t) => {
  let broken = 0
  const ranges: (string | undefined)[] = []
  const files = new Map<string, Buffer | string>()
  const shop = await startWebServer(
    t,
    fileListener(files, (request, response) => {
      if (!request.url?.endsWith('.tgz')) return false
      ranges.push(request.headers.range)
      if (broken++ > 0) return false
      const data = files.get('/web-1.0.0.tgz') as Buffer
      const etag = `"${data.length}-${data.subarray(0, 64).toString('hex').slice(0, 40)}-${data.reduce((sum, byte) => (sum * 31 + byte) | 0, 7)}"`
      response.writeHead(200, { etag, 'accept-ranges': 'bytes', 'content-length': data.length })
      response.write(data.subarray(0, 100), () => response.destroy())
      return true
    }),
  )
  const archive = await plainChart('web', '1.0.0')
  files.set('/web-1.0.0.tgz', archive)
  files.set('/index.yaml', indexOf([{ version: '1.0.0', url: 'web-1.0.0.tgz', digest: sha256(archive) }]))
  const host = supplyHost(t)
  assert.deepEqual(await versionsOf(t, host, scopeOf(host, [{ name: 'shop', url: shop.url }]), [WEB]), ['1.0.0'])
  assert.deepEqual(ranges, [undefined, 'bytes=100-'])
})

test('storms pass: 429 with Retry-After, 503, broken connections', async (t) => {
  let requests = 0
  const shop = await startShop(t, (request, response) => {
    requests++
    if (requests % 3 === 0) return false
    if (requests % 3 === 1) response.writeHead(requests % 2 ? 429 : 503, { 'retry-after': '2' }).end()
    else request.socket.destroy()
    return true
  })
  const host = supplyHost(t)
  assert.deepEqual(await versionsOf(t, host, scopeOf(host, [{ name: 'shop', url: `${shop.url}/charts` }]), [WEB]), ['1.2.0'])
})

test('a server that says nothing is given up', async (t) => {
  const shop = await startWebServer(t, () => {})
  const host = supplyHost(t)
  const settings = [{ name: 'shop', url: shop.url }]
  await assert.rejects(
    versionsOf(t, host, scopeOf(host, settings), [WEB], { silenceMs: 20 }),
    /cannot be fetched after 2 attempts: no answer .* \[supply\/unreachable\]/,
  )
})

test('archives by URL and dependencies by URL need no declaration', async (t) => {
  const shop = await startShop(t)
  const host = supplyHost(t)
  host.fs.writeFile(
    'parent/Chart.yaml',
    `apiVersion: v2\nname: parent\nversion: 1.0.0\ndependencies:\n- {name: web, version: 1.x, repository: "${shop.url}/charts"}\n`,
  )
  const supply = openSupply(host)
  t.after(() => supply.close())
  const scope = scopeOf(host, [])
  const byUrl = await supply.chart(scope, { chart: `${shop.url}/charts/web-1.0.0.tgz` })
  assert.equal(byUrl.metadata.version, '1.0.0')
  const parent = await supply.chart(scope, { chart: './parent' })
  assert.equal(parent.dependencies[0]?.metadata.version, '1.2.0')
  assert.deepEqual(host.fs.readDir('parent'), ['Chart.yaml'])
  assert.deepEqual(
    (await supply.pinsOf(scope)).map(({ source, wanted }) => `${source} ${wanted}`.replaceAll(shop.url, 'S')),
    ['S/charts/web-1.0.0.tgz ', 'S/charts web 1.x'],
  )
})

const refused: readonly (readonly [string, ChartOrder, RegExp])[] = [
  ['an unknown repository', { chart: 'nope/web' }, /is in no repository that is known: "nope" is not declared \[supply\/unknown-repository\]/],
  ['an unknown chart', { chart: 'shop/nope' }, /chart "nope" is not in the repository .* \[supply\/no-chart\]/],
  ['a version that is not there', { ...WEB, version: '^7' }, /chart "web" has no version \^7 in the repository .* \[supply\/no-version\]/],
  ['what is no constraint', { ...WEB, version: 'one' }, /"one" is no version and no constraint/],
]
for (const [name, order, pattern] of refused) {
  test(`${name} is refused`, async (t) => {
    const shop = await startShop(t)
    const host = supplyHost(t)
    await assert.rejects(versionsOf(t, host, scopeOf(host, [{ name: 'shop', url: `${shop.url}/charts` }]), [order]), pattern)
  })
}
