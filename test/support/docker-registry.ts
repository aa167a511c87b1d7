import { execFileSync, spawn } from 'node:child_process'
import { createHash, randomBytes, sign, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { hashSync } from 'bcryptjs'
import { type TestCertificates, testCertificates } from './test-certificates.ts'
import { startWebServer } from './web-server.ts'

/** How the registry lets people in. */
export interface DockerRegistryAuth {
  readonly kind: 'basic' | 'token'
  readonly username: string
  readonly password: string
}

const PROGRAM = 'docker-registry'

/** Why tests with the registry of Debian cannot run here; false when they can. */
export function whyNoDockerRegistry(): string | false {
  try {
    execFileSync(PROGRAM, ['--version'], { stdio: 'ignore' })
    return false
  } catch {
    // Not there, or not a program.
    return `${PROGRAM} is not installed`
  }
}

/** Runs distribution's registry on a free port until the test ends. @returns `host:port` */
export async function startDockerRegistry(t: TestContext, auth?: DockerRegistryAuth): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-registry-'))
  const config = {
    version: 0.1,
    log: { level: 'info' },
    storage: { filesystem: { rootdirectory: join(folder, 'data') }, delete: { enabled: true } },
    http: { addr: '127.0.0.1:0', secret: randomBytes(8).toString('hex') },
    ...(auth ? { auth: auth.kind === 'basic' ? passwordFile(folder, auth) : await tokenServer(t, folder, auth) } : {}),
  }
  const file = join(folder, 'config.yml')
  writeFileSync(file, JSON.stringify(config))
  const child = spawn(PROGRAM, ['serve', file], { stdio: ['ignore', 'ignore', 'pipe'] })
  t.after(async () => {
    const ended = new Promise((done) => child.once('exit', done))
    child.kill('SIGKILL')
    await ended
    rmSync(folder, { recursive: true, force: true })
  })
  return new Promise((done, fail) => {
    let text = ''
    child.once('exit', (code) => fail(new Error(`${PROGRAM} ended with ${code}: ${text}`)))
    child.stderr.on('data', (chunk: Buffer) => {
      text += chunk
      const [, address] = /listening on (127\.0\.0\.1:\d+)/.exec(text) ?? []
      if (address) done(address)
    })
  })
}

function passwordFile(folder: string, { username, password }: DockerRegistryAuth): object {
  const path = join(folder, 'htpasswd')
  writeFileSync(path, `${username}:${hashSync(password, 4)}\n`)
  return { htpasswd: { realm: 'test', path } }
}

const ISSUER = 'flotilla-test'

/** A server that hands out tokens as the registry wants them. Source: distribution/distribution docs/spec/auth/jwt.md */
async function tokenServer(t: TestContext, folder: string, auth: DockerRegistryAuth): Promise<object> {
  const certificates = testCertificates()
  const rootcertbundle = join(folder, 'ca.pem')
  writeFileSync(rootcertbundle, certificates.ca)
  const expected = `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`
  const { url } = await startWebServer(t, (request, response) => {
    if (request.headers.authorization !== expected) return void response.writeHead(401).end()
    const { searchParams } = new URL(request.url ?? '', 'http://x')
    const token = signedToken(certificates, searchParams.getAll('scope'), searchParams.get('service') ?? '')
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ token, expires_in: 60 }))
  })
  return { token: { realm: `${url}/token`, service: 'registry', issuer: ISSUER, rootcertbundle } }
}

function signedToken({ server }: TestCertificates, scopes: readonly string[], service: string): string {
  const packed = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const access = scopes
    .filter((scope) => scope !== '')
    .map((scope) => {
      const [type = '', name = '', actions = ''] = scope.split(':')
      return { type, name, actions: actions.split(',') }
    })
  const now = Math.floor(Date.now() / 1000)
  const claims = { iss: ISSUER, sub: 'ann', aud: service, nbf: now - 60, iat: now, exp: now + 60, jti: randomBytes(8).toString('hex'), access }
  const x5c = [new X509Certificate(server.cert).raw.toString('base64')]
  const text = `${packed({ typ: 'JWT', alg: 'ES256', x5c })}.${packed(claims)}`
  const signature = sign('sha256', Buffer.from(text), { key: server.key, dsaEncoding: 'ieee-p1363' })
  return `${text}.${signature.toString('base64url')}`
}

const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json'

/** Puts a chart under a tag by the registry's own API. @returns the digest of the manifest */
export async function pushChart(
  registry: string,
  { repository, tag, archive }: { readonly repository: string; readonly tag: string; readonly archive: Buffer },
  authorization: (scope: string) => Promise<Readonly<Record<string, string>>>,
): Promise<string> {
  const headers = await authorization(`repository:${repository}:pull,push`)
  const base = `http://${registry}/v2/${repository}`
  const digest = (data: Buffer): string => `sha256:${createHash('sha256').update(data).digest('hex')}`
  const upload = async (mediaType: string, data: Buffer): Promise<object> => {
    const begun = await fetch(`${base}/blobs/uploads/`, { method: 'POST', headers })
    const target = new URL(begun.headers.get('location') ?? '', base)
    target.searchParams.set('digest', digest(data))
    const done = await fetch(target, {
      method: 'PUT',
      headers: { ...headers, 'content-type': 'application/octet-stream' },
      body: new Uint8Array(data),
    })
    if (done.status !== 201) throw new Error(`the registry answered ${done.status}: ${await done.text()}`)
    return { mediaType, digest: digest(data), size: data.length }
  }
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST_TYPE,
      config: await upload('application/vnd.cncf.helm.config.v1+json', Buffer.from('{}')),
      layers: [await upload('application/vnd.cncf.helm.chart.content.v1.tar+gzip', archive)],
    }),
  )
  const put = await fetch(`${base}/manifests/${tag}`, {
    method: 'PUT',
    headers: { ...headers, 'content-type': MANIFEST_TYPE },
    body: new Uint8Array(manifest),
  })
  if (put.status !== 201) throw new Error(`the registry answered ${put.status}: ${await put.text()}`)
  return digest(manifest)
}

/** The header that lets `auth` do what a scope says, at a registry that asks for it. */
export async function authorizationAt(
  registry: string,
  auth: DockerRegistryAuth | undefined,
  scope: string,
): Promise<Readonly<Record<string, string>>> {
  if (!auth) return {}
  const basic = { authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}` }
  if (auth.kind === 'basic') return basic
  const challenge = (await fetch(`http://${registry}/v2/`)).headers.get('www-authenticate') ?? ''
  const [, realm = ''] = /realm="([^"]+)"/.exec(challenge) ?? []
  const answer = await fetch(`${realm}?service=registry&scope=${encodeURIComponent(scope)}`, { headers: basic })
  return { authorization: `Bearer ${((await answer.json()) as { readonly token: string }).token}` }
}
