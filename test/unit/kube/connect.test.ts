import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect as connectSocket, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type Diagnostic, DiagnosticError, formatDiagnostic } from '../../../src/base/diagnostic.ts'
import type { Host } from '../../../src/base/host.ts'
import { nodeHost } from '../../../src/base/host-node.ts'
import { type ConnectOptions, connect } from '../../../src/kube/connect.ts'
import { type ScriptedAnswer, scriptedServer } from '../../support/scripted-server.ts'

const VERSION = { 'GET /version': { json: { gitVersion: 'v1' } } }

function folder(t: TestContext, files: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'kubeconfig-'))
  t.after(() => rmSync(dir, { recursive: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(dir, name, '..'), { recursive: true })
    writeFileSync(join(dir, name), text)
  }
  return dir
}

const config = (server: string, user: object, more: object = {}): string =>
  JSON.stringify({
    'current-context': 'main',
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user }],
    contexts: [
      { name: 'main', context: { cluster: 'c', user: 'u', namespace: 'shop' } },
      { name: 'other', context: { cluster: 'c', user: 'u' } },
    ],
    ...more,
  })

const hostIn = (dir: string, env: Record<string, string> = {}): Host => nodeHost({ cwd: dir, env: { HOME: dir, PATH: process.env['PATH'], ...env } })

async function codeOf(asked: Promise<unknown>): Promise<string> {
  try {
    await asked
  } catch (error) {
    if (error instanceof DiagnosticError) return `${error.diagnostics[0]?.code ?? ''}: ${error.diagnostics[0]?.summary ?? ''}`
    throw error
  }
  return 'no error'
}

test('contexts and files', async (t) => {
  const one = config('https://one:6443/k8s/', { token: 't' })
  const two = config(
    'https://two',
    { token: 't' },
    {
      'current-context': 'second',
      contexts: [
        { name: 'second', context: { cluster: 'c2', user: 'u' } },
        { name: 'main', context: { cluster: 'c2', user: 'u' } },
      ],
      clusters: [{ name: 'c2', cluster: { server: 'two.example' } }],
    },
  )
  const dir = folder(t, { '.kube/config': one, 'two.yaml': two, 'bad.yaml': 'users:\n- {name: u, user: {token: "s3cret}}\n', 'list.yaml': '- 1' })
  const cases: readonly [name: string, env: Record<string, string>, options: ConnectOptions, expected: string][] = [
    ['the file at home', {}, {}, 'https://one:6443/k8s main shop'],
    ['another context', {}, { context: 'other' }, 'https://one:6443/k8s other default'],
    ['a namespace of the caller', {}, { context: 'other', namespace: 'mine' }, 'https://one:6443/k8s other mine'],
    ['KUBECONFIG', { KUBECONFIG: 'two.yaml' }, {}, 'http://two.example second default'],
    ['a list, the first wins, missing files are left out', { KUBECONFIG: 'gone:.kube/config:two.yaml' }, {}, 'https://one:6443/k8s main shop'],
    ['a context of the second file', { KUBECONFIG: '.kube/config:two.yaml' }, { context: 'second' }, 'http://two.example second default'],
    ['a file of the caller', { KUBECONFIG: 'gone' }, { kubeconfig: 'two.yaml' }, 'http://two.example second default'],
    ['a server of the caller', {}, { server: 'http://localhost:1' }, 'http://localhost:1 main shop'],
    ['an unknown context', {}, { context: 'mian' }, 'kube/unknown-context: context "mian" does not exist'],
    ['no file', { KUBECONFIG: 'gone' }, {}, 'kube/no-config: no Kubernetes cluster is configured'],
    ['a file of the caller that is not there', {}, { kubeconfig: 'gone' }, 'kube/bad-config: the file cannot be read'],
    ['a broken file', { KUBECONFIG: 'bad.yaml' }, {}, 'kube/bad-config: line 2 is not valid YAML'],
    ['a list instead of a map', { KUBECONFIG: 'list.yaml' }, {}, 'kube/bad-config: the file is no kubeconfig: its top is not a map'],
  ]
  for (const [name, env, options, expected] of cases) {
    await t.test(name, async () => {
      const told = connect(hostIn(dir, env), options).then((client) => {
        client.close()
        return `${client.server} ${client.contextName ?? '-'} ${client.defaultNamespace}`
      })
      assert.equal(expected.startsWith('kube/') ? await codeOf(told) : await told, expected)
    })
  }
})

test('without any kubeconfig, the files that were looked for are named', async (t) => {
  const dir = folder(t, {})
  await assert.rejects(connect(hostIn(dir, { KUBECONFIG: `${dir}/one:two` }), {}), (error) => {
    const text = error instanceof DiagnosticError ? formatDiagnostic(error.diagnostics[0] as Diagnostic) : ''
    return text.includes(`there is no kubeconfig file: looked for ${dir}/one, ${dir}/two`)
  })
})

test('who asks', async (t) => {
  const server = await scriptedServer(VERSION)
  t.after(() => server.close())
  const cases: readonly [name: string, user: object, headers: Record<string, string>][] = [
    ['a token', { token: 'abc' }, { authorization: 'Bearer abc' }],
    ['a token file, found beside the kubeconfig', { token: 'old', tokenFile: 'token.txt' }, { authorization: 'Bearer from-file' }],
    ['name and password', { username: 'a', password: 'b' }, { authorization: `Basic ${btoa('a:b')}` }],
    [
      'a plugin',
      { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: './plugin.sh', args: ['x'], env: [{ name: 'SUFFIX', value: 'y' }] } },
      { authorization: 'Bearer exec-x-y' },
    ],
    [
      'impersonation',
      { token: 'abc', as: 'jane', 'as-groups': ['dev', 'ops'], 'as-user-extra': { 'a/b': ['1'] } },
      { 'impersonate-user': 'jane', 'impersonate-group': 'dev, ops', 'impersonate-extra-a%2fb': '1' },
    ],
  ]
  const plugin =
    '#!/bin/sh\necho "{\\"apiVersion\\":\\"client.authentication.k8s.io/v1\\",\\"kind\\":\\"ExecCredential\\",\\"status\\":{\\"token\\":\\"exec-$1-$SUFFIX\\"}}"\n'
  for (const [name, user, headers] of cases) {
    await t.test(name, async (t) => {
      const dir = folder(t, { config: config(server.url, user), 'token.txt': 'from-file\n' })
      writeFileSync(join(dir, 'plugin.sh'), plugin, { mode: 0o755 })
      const client = await connect(hostIn(dir, { KUBECONFIG: 'config' }))
      await client.version()
      client.close()
      const seen = server.seen.at(-1)?.headers ?? {}
      for (const [header, value] of Object.entries(headers)) assert.equal(seen[header], value)
    })
  }
})

test('a refused credential is made anew once', async (t) => {
  const denied: ScriptedAnswer = { status: 401, json: { kind: 'Status', code: 401, reason: 'Unauthorized', message: 'Unauthorized' } }
  const server = await scriptedServer({ 'GET /version': [denied, { json: {} }, denied] })
  t.after(() => server.close())
  const user = { exec: { apiVersion: 'client.authentication.k8s.io/v1beta1', command: './plugin.sh' } }
  const dir = folder(t, { config: config(server.url, user) })
  const plugin =
    '#!/bin/sh\ncd "$(dirname "$0")"\necho x >> runs\necho "{\\"apiVersion\\":\\"client.authentication.k8s.io/v1beta1\\",\\"kind\\":\\"ExecCredential\\",\\"status\\":{\\"token\\":\\"t$(wc -l < runs | tr -d " ")\\"}}"\n'
  writeFileSync(join(dir, 'plugin.sh'), plugin, { mode: 0o755 })
  const client = await connect(hostIn(dir, { KUBECONFIG: 'config' }))
  await client.version()
  assert.deepEqual(
    server.seen.map((seen) => seen.headers.authorization),
    ['Bearer t1', 'Bearer t2'],
  )
  assert.equal(await codeOf(client.version()), 'kube/unauthorized: Unauthorized')
  client.close()
})

test('a credential that many requests were refused with at the same time is made anew once', async (t) => {
  const denied: ScriptedAnswer = { status: 401 }
  const server = await scriptedServer({ 'GET /version': [denied, denied, denied, denied, { json: {} }] })
  t.after(() => server.close())
  const dir = folder(t, { config: config(server.url, { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: './plugin.sh' } }) })
  const credential = JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token: 't' } })
  writeFileSync(join(dir, 'plugin.sh'), `#!/bin/sh\necho x >> "$(dirname "$0")/runs"\necho '${credential}'\n`, { mode: 0o755 })
  const client = await connect(hostIn(dir, { KUBECONFIG: 'config' }))
  await Promise.all(Array.from({ length: 4 }, () => client.version()))
  assert.equal(readFileSync(join(dir, 'runs'), 'utf8'), 'x\nx\n')
  client.close()
})

test('plugins that fail are named, without what they printed as credential', async (t) => {
  const cases: readonly [name: string, script: string, expected: RegExp][] = [
    ['an exit code', 'echo login please >&2; exit 3', /the credential plugin ".*plugin.sh" failed/],
    ['no JSON', 'echo s3cret', /printed no ExecCredential/],
    ['no credential', 'echo \'{"token":"s3cret"}\'', /printed no ExecCredential/],
  ]
  for (const [name, script, expected] of cases) {
    await t.test(name, async (t) => {
      const dir = folder(t, {
        config: config('http://localhost:1', { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: './plugin.sh' } }),
      })
      writeFileSync(join(dir, 'plugin.sh'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
      const client = await connect(hostIn(dir, { KUBECONFIG: 'config' }))
      await assert.rejects(client.version(), (error: unknown) => {
        assert.ok(error instanceof DiagnosticError)
        assert.match(error.message, expected)
        assert.ok(!JSON.stringify(error.diagnostics).includes('s3cret'))
        return true
      })
    })
  }
})

test('an expired OIDC token is renewed with its refresh token', async (t) => {
  const token = (exp: number) => `h.${Buffer.from(JSON.stringify({ exp })).toString('base64url')}.s`
  const fresh = token(9_999_999_999)
  const issuer = await scriptedServer({ 'POST /token': { json: { id_token: fresh, refresh_token: 'next' } }, ...VERSION })
  const discovery = await scriptedServer({ 'GET /.well-known/openid-configuration': { json: { token_endpoint: `${issuer.url}/token` } } })
  t.after(() => Promise.all([issuer.close(), discovery.close()]))
  const provider = {
    name: 'oidc',
    config: { 'id-token': token(1), 'refresh-token': 'first', 'client-id': 'me', 'client-secret': 'shh', 'idp-issuer-url': discovery.url },
  }
  const dir = folder(t, { config: config(issuer.url, { 'auth-provider': provider }) })
  const client = await connect(hostIn(dir, { KUBECONFIG: 'config' }))
  await Promise.all([client.version(), client.version()])
  client.close()
  const posts = issuer.seen.filter((seen) => seen.method === 'POST').map((seen) => seen.body)
  assert.deepEqual(posts, ['grant_type=refresh_token&refresh_token=first&client_id=me&client_secret=shh'])
  assert.equal(issuer.seen.at(-1)?.headers.authorization, `Bearer ${fresh}`)
})

test('a proxy is used where one is named, and not for what NO_PROXY lists', async (t) => {
  const server = await scriptedServer(VERSION)
  const tunnels: string[] = []
  const proxy = createServer()
  proxy.on('connect', (request, socket: Socket, head: Buffer) => {
    tunnels.push(`${request.url ?? ''} ${request.headers['proxy-authorization'] ?? ''}`)
    const out = connectSocket(Number(new URL(server.url).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      out.write(head)
      out.pipe(socket)
      socket.pipe(out)
    })
    out.on('error', () => socket.destroy())
    socket.on('error', () => out.destroy())
  })
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done))
  t.after(async () => {
    proxy.close()
    await server.close()
  })
  const address = `http://me:pw@127.0.0.1:${(proxy.address() as AddressInfo).port}`
  const ask = async (target: string, env: Record<string, string>, cluster: object = {}) => {
    const dir = folder(t, { config: config(target, {}, { clusters: [{ name: 'c', cluster: { server: target, ...cluster } }] }) })
    const client = await connect(hostIn(dir, { KUBECONFIG: 'config', ...env }))
    await client.version()
    client.close()
  }
  const auth = `Basic ${btoa('me:pw')}`
  await ask('http://api.example:81', { HTTP_PROXY: address })
  await ask('http://api.example', {}, { 'proxy-url': address })
  await ask(server.url, { HTTP_PROXY: address })
  assert.deepEqual(tunnels, [`api.example:81 ${auth}`, `api.example:80 ${auth}`])
})
