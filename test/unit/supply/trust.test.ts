import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import type { TLSSocket } from 'node:tls'
import type { Host } from '../../../src/base/host.ts'
import type { RepositorySettings } from '../../../src/supply/chart-source.ts'
import { openSupply } from '../../../src/supply/chart-supply.ts'
import { plainChart } from '../../support/chart-archive.ts'
import { supplyHost } from '../../support/supply-host.ts'
import { testCertificates } from '../../support/test-certificates.ts'
import { fileListener, startWebServer, type WebServer } from '../../support/web-server.ts'

const certificates = testCertificates()
const INDEX = 'apiVersion: v1\nentries:\n  web:\n  - name: web\n    version: 1.0.0\n    urls: [web-1.0.0.tgz]\n'

async function startTlsShop(t: TestContext, options: object = {}): Promise<WebServer> {
  const files = new Map<string, Buffer | string>([
    ['/index.yaml', INDEX],
    ['/web-1.0.0.tgz', await plainChart('web', '1.0.0')],
  ])
  return startWebServer(t, fileListener(files), { ...certificates.server, ...options })
}

async function fetchFrom(host: Host, settings: Partial<RepositorySettings> & { readonly url: string }): Promise<string> {
  const supply = openSupply(host)
  try {
    const scope = { repositories: [{ name: 'shop', ...settings }], baseDir: host.cwd, pins: [] }
    return (await supply.chart(scope, { chart: 'shop/web' })).metadata.version
  } finally {
    supply.close()
  }
}

test('a certificate of an unknown authority is refused, one of caFile is not, and checking may be skipped', async (t) => {
  const { url } = await startTlsShop(t)
  const host = supplyHost(t)
  await assert.rejects(fetchFrom(host, { url }), /cannot be fetched: .*certificate.* \[supply\/unreachable\]/)
  host.fs.writeFile('ca.pem', certificates.ca)
  assert.equal(await fetchFrom(host, { url, caFile: 'ca.pem' }), '1.0.0')
  assert.equal(await fetchFrom(host, { url, skipTlsVerify: true }), '1.0.0')
})

test('client certificates', async (t) => {
  const { url } = await startTlsShop(t, { requestCert: true, rejectUnauthorized: true, ca: certificates.ca })
  const host = supplyHost(t)
  host.fs.writeFile('ca.pem', certificates.ca)
  host.fs.writeFile('cert.pem', certificates.client.cert)
  host.fs.writeFile('key.pem', certificates.client.key)
  await assert.rejects(fetchFrom(host, { url, caFile: 'ca.pem' }), /\[supply\/unreachable\]/)
  assert.equal(await fetchFrom(host, { url, caFile: 'ca.pem', certFile: 'cert.pem', keyFile: 'key.pem' }), '1.0.0')
})

test('plain HTTP is passed on by a proxy, which alone is told who asks it', async (t) => {
  const files = new Map<string, Buffer | string>([
    ['/index.yaml', INDEX],
    ['/web-1.0.0.tgz', await plainChart('web', '1.0.0')],
  ])
  const asked: string[] = []
  const serve = fileListener(files)
  const proxy = await startWebServer(t, (request, response) => {
    asked.push(`${request.url} ${request.headers.host} ${request.headers['proxy-authorization']}`)
    serve(request, response)
  })
  const host = supplyHost(t, { HTTP_PROXY: proxy.url.replace('://', '://bob:pr0xy-word@') })
  assert.equal(await fetchFrom(host, { url: 'http://charts.example.test' }), '1.0.0')
  const secret = `Basic ${Buffer.from('bob:pr0xy-word').toString('base64')}`
  assert.deepEqual(
    asked,
    ['index.yaml', 'web-1.0.0.tgz'].map((name) => `http://charts.example.test/${name} charts.example.test ${secret}`),
  )
})

test('through a proxy, unless NO_PROXY names the server', async (t) => {
  const shop = await startTlsShop(t)
  const port = Number(new URL(shop.url).port)
  const asked: string[] = []
  const proxy = await startWebServer(t, (_, response) => response.writeHead(500).end())
  proxy.server.on('connect', (request, socket: TLSSocket) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization']}`)
    const through = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      through.pipe(socket).pipe(through)
    })
    socket.on('close', () => through.destroy())
  })
  const url = `https://charts.example.test:${port}`
  const proxyUrl = proxy.url.replace('://', '://bob:pr0xy-word@')
  const host = supplyHost(t, { HTTPS_PROXY: proxyUrl })
  host.fs.writeFile('ca.pem', certificates.ca)
  assert.equal(await fetchFrom(host, { url, caFile: 'ca.pem' }), '1.0.0')
  assert.deepEqual([...new Set(asked)], [`charts.example.test:${port} Basic ${Buffer.from('bob:pr0xy-word').toString('base64')}`])
  const direct = supplyHost(t, { HTTPS_PROXY: proxyUrl, NO_PROXY: '.example.test' })
  await assert.rejects(fetchFrom(direct, { url, skipTlsVerify: true }), /charts\.example\.test.* cannot be fetched/)
})
