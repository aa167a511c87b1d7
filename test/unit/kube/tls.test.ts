import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { TLSSocket } from 'node:tls'
import { DiagnosticError } from '../../../src/base/diagnostic.ts'
import type { FileSystem, Host } from '../../../src/base/host.ts'
import { nodeHost } from '../../../src/base/host-node.ts'
import { connect } from '../../../src/kube/connect.ts'
import { testCertificates } from '../../support/test-certificates.ts'

const certificates = testCertificates()
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'
const base64 = (text: string): string => Buffer.from(text).toString('base64')

let server: Server
let port: number
let dir: string
/** Of the last request: the client certificate's name, the server name that was asked for, the token. */
let seen: readonly string[] = []
before(async () => {
  dir = mkdtempSync(join(tmpdir(), 'flotilla-tls-'))
  writeFileSync(join(dir, 'ca.pem'), certificates.ca)
  server = createServer({ ...certificates.server, ca: certificates.ca, requestCert: true, rejectUnauthorized: false }, (request, response) => {
    const socket = request.socket as TLSSocket
    const name = socket.authorized ? String(socket.getPeerCertificate().subject.CN) : 'nobody'
    seen = [name, String((socket as TLSSocket & { servername?: string | false }).servername || '-'), request.headers.authorization ?? '-']
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  port = (server.address() as AddressInfo).port
})
after(async () => {
  rmSync(dir, { recursive: true })
  await new Promise((done) => {
    server.close(done)
    server.closeAllConnections()
  })
})

async function ask(host: Host): Promise<string> {
  const client = await connect(host)
  try {
    await client.version()
    return seen.join(' ')
  } catch (error) {
    assert.ok(error instanceof DiagnosticError)
    return error.diagnostics[0]?.summary.replace(/^.*cannot be reached: /, '') ?? ''
  } finally {
    client.close()
  }
}

function hostWith(cluster: object, user: object = {}): Host {
  const config = {
    'current-context': 'c',
    clusters: [{ name: 'c', cluster: { server: `https://127.0.0.1:${port}`, ...cluster } }],
    users: [{ name: 'c', user }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'c' } }],
  }
  writeFileSync(join(dir, 'config'), JSON.stringify(config))
  return nodeHost({ cwd: dir, env: { HOME: dir, KUBECONFIG: 'config' } })
}

test('whom a server is trusted to be, and who we are to it', async (t) => {
  const { cert, key } = certificates.client
  const data = { 'certificate-authority-data': base64(certificates.ca) }
  const certificate = { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) }
  const cases: readonly [name: string, cluster: object, user: object, expected: string | RegExp][] = [
    ['an authority in the kubeconfig', data, {}, 'nobody - -'],
    ['an authority in a file beside it', { 'certificate-authority': 'ca.pem' }, {}, 'nobody - -'],
    ['several authorities', { 'certificate-authority-data': base64(`${testCertificates().ca}\n${certificates.ca}`) }, {}, 'nobody - -'],
    ['an unknown authority', {}, {}, /unable to verify the first certificate|self.signed/],
    ['none at all', { 'insecure-skip-tls-verify': true }, {}, 'nobody - -'],
    ['another name', { ...data, 'tls-server-name': 'charts.example.test' }, {}, 'nobody charts.example.test -'],
    ['a name that it has not', { ...data, 'tls-server-name': 'other.example.test' }, {}, /does not match certificate's altnames/],
    ['a client certificate', data, certificate, 'client - -'],
    ['a client certificate with a token', data, { ...certificate, token: 'abc' }, 'client - Bearer abc'],
  ]
  for (const [name, cluster, user, expected] of cases) {
    await t.test(name, async () => {
      const told = await ask(hostWith(cluster, user))
      if (typeof expected === 'string') assert.equal(told, expected)
      else assert.match(told, expected)
    })
  }
})

test('inside a pod its service account is used, and its token read again when it has changed', async () => {
  const files = new Map([
    ['token', 'first\n'],
    ['namespace', 'shop\n'],
    ['ca.crt', certificates.ca],
  ])
  let now = 0
  const env = { HOME: join(dir, 'nobody'), KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(port) }
  const node = nodeHost({ cwd: dir, env })
  const client = await connect({ ...node, now: () => now, fs: withFiles(node.fs, files) })
  assert.deepEqual([client.server, client.defaultNamespace], [`https://127.0.0.1:${port}`, 'shop'])
  await client.version()
  assert.deepEqual(seen, ['nobody', '-', 'Bearer first'])
  files.set('token', 'second\n')
  now += 2 * 60_000
  await client.version()
  assert.deepEqual(seen, ['nobody', '-', 'Bearer second'])
  client.close()
})

/** The files of a pod's service account over those of the machine. */
function withFiles(fs: FileSystem, files: ReadonlyMap<string, string>): FileSystem {
  const textOf = (path: string): string | undefined =>
    path.startsWith(`${SERVICE_ACCOUNT}/`) ? files.get(path.slice(SERVICE_ACCOUNT.length + 1)) : undefined
  return {
    ...fs,
    stat: (path) => (textOf(path) === undefined ? fs.stat(path) : { kind: 'file', size: 1, mode: 0o600, modified: 0 }),
    readText: (path) => textOf(path) ?? fs.readText(path),
    readFile: (path) => {
      const text = textOf(path)
      return text === undefined ? fs.readFile(path) : Buffer.from(text)
    },
  }
}
