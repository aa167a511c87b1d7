import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type TestContext, test } from 'node:test'
import type { Host } from '../../../src/base/host.ts'
import { plainChart } from '../../support/chart-archive.ts'
import { scopeOf, supplyHost, versionsOf } from '../../support/supply-host.ts'
import { basicAuth, fileListener, type Interception, startWebServer, type WebServer } from '../../support/web-server.ts'

const INDEX = 'entries:\n  web:\n  - {version: 1.0.0, urls: [web-1.0.0.tgz]}\n'
const WEB = [{ chart: 'shop/web' }]

async function startShop(t: TestContext, intercept?: Interception): Promise<WebServer> {
  const files = new Map<string, Buffer | string>([
    ['/index.yaml', INDEX],
    ['/web-1.0.0.tgz', await plainChart('web', '1.0.0')],
  ])
  return startWebServer(t, fileListener(files, intercept))
}

function fetchFrom(t: TestContext, host: Host, url: string, more: object = {}): Promise<string[]> {
  return versionsOf(t, host, scopeOf(host, [{ name: 'shop', url, ...more }]), WEB, { silenceMs: 300 })
}

/** Sends `text` byte by byte, so slowly that nothing ever ends, but never quite silent. */
function drip(t: TestContext, response: ServerResponse | IncomingMessage['socket'], text: string): void {
  let at = 0
  const timer = setInterval(() => response.write(text[at++ % text.length] ?? ''), 10)
  t.after(() => clearInterval(timer))
  response.on('close', () => clearInterval(timer))
}

test('a body that only drips is given up', { timeout: 20_000 }, async (t) => {
  const shop = await startShop(t, (_, response) => {
    response.writeHead(200)
    drip(t, response, '#')
    return true
  })
  await assert.rejects(
    fetchFrom(t, supplyHost(t), shop.url),
    /cannot be fetched after 2 attempts: (less than 1024 bytes|no answer) within .*\[supply\/unreachable\]/,
  )
})

test('a head that only drips is given up', { timeout: 20_000 }, async (t) => {
  const shop = await startShop(t, ({ socket }) => {
    drip(t, socket, 'HTTP/1.1 200 OK\r\nX-Long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')
    return true
  })
  await assert.rejects(fetchFrom(t, supplyHost(t), shop.url), /cannot be fetched after 2 attempts: no answer within .*\[supply\/unreachable\]/)
})

test('a connection that the server closes on its side in the middle of a body is tried again', async (t) => {
  let requests = 0
  const shop = await startShop(t, (request, response) => {
    if (requests++ > 0) return false
    response.writeHead(200, { 'content-length': INDEX.length })
    response.write(INDEX.slice(0, 10), () => request.socket.end())
    return true
  })
  assert.deepEqual(await fetchFrom(t, supplyHost(t), shop.url), ['1.0.0'])
})

test('a download that breaks again and again comes to its end as long as it gets on', async (t) => {
  const archive = await plainChart('web', '1.0.0', { 'noise.txt': randomBytes(3_000_000).toString('base64') })
  const [etag, step] = ['"noise"', 250_000]
  let parts = 0
  const shop = await startShop(t, (request, response) => {
    if (request.url !== '/web-1.0.0.tgz') return false
    const [, start = '0'] = /^bytes=(\d+)-$/.exec(request.headers['if-range'] === etag ? (request.headers.range ?? '') : '') ?? []
    const rest = archive.subarray(Number(start))
    const range = start === '0' ? {} : { 'content-range': `bytes ${start}-${archive.length - 1}/${archive.length}` }
    response.writeHead(start === '0' ? 200 : 206, { etag, 'content-length': rest.length, ...range })
    response.write(rest.subarray(0, step), () => request.socket.end())
    parts++
    return true
  })
  assert.deepEqual(await fetchFrom(t, supplyHost(t), shop.url), ['1.0.0'])
  // What has come and was not read yet when a connection breaks may have to come again.
  assert.ok(parts >= archive.length / step, `${parts} parts`)
})

test('a body that ends too soon is not taken for the whole', async (t) => {
  const shop = await startShop(t, ({ socket }) => {
    socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${INDEX.length}\r\n\r\n${INDEX.slice(0, -5)}`)
    return true
  })
  await assert.rejects(fetchFrom(t, supplyHost(t), shop.url), /cannot be fetched after 7 attempts/)
})

test('a redirection to another server takes no credentials along, one on the same server does', async (t) => {
  const seen: (string | undefined)[] = []
  const far = await startShop(t, ({ headers }) => {
    seen.push(headers.authorization)
    return false
  })
  const letIn = basicAuth('ann', 's3cret-word')
  const shop = await startShop(t, (request, response) => {
    if (letIn(request, response)) return true
    const moved = { '/old/index.yaml': '/index.yaml', '/old/web-1.0.0.tgz': `${far.url}/web-1.0.0.tgz` }[request.url ?? '']
    if (moved !== undefined) response.writeHead(302, { location: moved }).end()
    return moved !== undefined
  })
  assert.deepEqual(await fetchFrom(t, supplyHost(t), `${shop.url}/old`, { username: 'ann', password: 's3cret-word' }), ['1.0.0'])
  assert.deepEqual(shop.log, ['GET /old/index.yaml 302', 'GET /index.yaml 200', 'GET /old/web-1.0.0.tgz 302'])
  assert.deepEqual(seen, [undefined])
})

const redirections: readonly (readonly [string, string, RegExp])[] = [
  ['in a circle', '/index.yaml', /redirects more than 10 times \[supply\/redirect\]/],
  ['to a file', 'file:///etc/passwd', /redirects to where no chart is fetched from \[supply\/redirect\]/],
]
for (const [name, location, pattern] of redirections) {
  test(`redirections ${name} are refused`, async (t) => {
    const shop = await startShop(t, (_, response) => {
      response.writeHead(302, { location }).end()
      return true
    })
    await assert.rejects(fetchFrom(t, supplyHost(t), shop.url), pattern)
  })
}

test('waits are spread, and never shorter than Retry-After asks', async (t) => {
  let refusals = 0
  const shop = await startShop(t, (_, response) => {
    if (refusals++ >= 8) return false
    response.writeHead(429, { 'retry-after': '3' }).end()
    return true
  })
  const waits: number[] = []
  const plain = supplyHost(t)
  const host: Host = { ...plain, sleep: async (ms) => void waits.push(ms) }
  assert.deepEqual(await fetchFrom(t, host, shop.url), ['1.0.0'])
  assert.equal(waits.length, 8)
  assert.ok(waits.every((ms) => ms >= 3000))
  assert.ok(new Set(waits).size > 1, waits.join(' '))
})

test('a server that asks for more patience than anybody has is named with its status', async (t) => {
  const shop = await startShop(t, (_, response) => {
    response.writeHead(503, { 'retry-after': '86400' }).end()
    return true
  })
  await assert.rejects(fetchFrom(t, supplyHost(t), shop.url), /http:\/\/127\.0\.0\.1:\d+\/index\.yaml answered 503 \[supply\/http-status\]/)
  assert.equal(shop.log.length, 1)
})

test('an index that is larger than any is refused before it is read', async (t) => {
  const shop = await startShop(t, (_, response) => {
    response.writeHead(200, { 'content-length': 2 ** 40 }).write('entries:')
    return true
  })
  await assert.rejects(fetchFrom(t, supplyHost(t), shop.url), /is larger than \d+ bytes \[supply\/too-large\]/)
})
