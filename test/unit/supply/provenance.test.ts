import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createCleartextMessage, generateKey, readPrivateKey, sign } from 'openpgp'
import type { Host } from '../../../src/base/host.ts'
import { openCache } from '../../../src/supply/cache.ts'
import { openSupply } from '../../../src/supply/chart-supply.ts'
import type { PinnedSource } from '../../../src/supply/pins.ts'
import { plainChart, sha256 } from '../../support/chart-archive.ts'
import { scopeOf, supplyHost } from '../../support/supply-host.ts'
import { fileListener, startWebServer } from '../../support/web-server.ts'

interface Signer {
  readonly publicKey: string
  readonly sign: (text: string) => Promise<string>
}

async function newSigner(name: string, more: { readonly date?: Date; readonly keyExpirationTime?: number } = {}): Promise<Signer> {
  const { privateKey, publicKey } = await generateKey({ userIDs: [{ name, email: 'x@example.test' }], format: 'armored', ...more })
  const signingKeys = await readPrivateKey({ armoredKey: privateKey })
  const { date = new Date() } = more
  return { publicKey, sign: async (text) => sign({ message: await createCleartextMessage({ text }), signingKeys, date }) }
}

const signer = await newSigner('Ann')
const stranger = await newSigner('Bob')
/** Its key was valid for an hour. */
const former = await newSigner('Cid', { date: new Date('2024-05-01T12:00:00Z'), keyExpirationTime: 3600 })

function statement(archive: Buffer, fileName = 'web-1.0.0.tgz'): string {
  return `apiVersion: v2\nname: web\nversion: 1.0.0\n\n...\nfiles:\n  ${fileName}: sha256:${sha256(archive)}\n`
}

/** Fetches chart `web` with this provenance file (none: undefined), to be signed by `signer`. */
async function fetchSigned(t: TestContext, provenance: string | undefined, change: (host: Host) => void = () => {}): Promise<string> {
  const archive = await plainChart('web', '1.0.0')
  const files = new Map<string, Buffer | string>([
    ['/index.yaml', `entries:\n  web:\n  - {version: 1.0.0, urls: [web-1.0.0.tgz], digest: ${sha256(archive)}}\n`],
    ['/web-1.0.0.tgz', archive],
  ])
  if (provenance !== undefined) files.set('/web-1.0.0.tgz.prov', provenance)
  const { url } = await startWebServer(t, fileListener(files))
  const host = supplyHost(t)
  host.fs.writeFile('keys.asc', `${signer.publicKey}${former.publicKey}`)
  change(host)
  const supply = openSupply(host)
  t.after(() => supply.close())
  const scope = { repositories: [{ name: 'shop', url }], baseDir: host.cwd, pins: [] }
  return (await supply.chart(scope, { chart: 'shop/web', keyring: 'keys.asc' })).metadata.version
}

const archive = await plainChart('web', '1.0.0')
const signed = await signer.sign(statement(archive))

test('a chart that somebody of the keyring signed', async (t) => assert.equal(await fetchSigned(t, signed), '1.0.0'))

const refused: readonly (readonly [string, () => Promise<string | undefined> | string | undefined, RegExp])[] = [
  ['without a signature', () => undefined, /web-1\.0\.0\.tgz\.prov answered 404/],
  ['signed by a stranger', () => stranger.sign(statement(archive)), /Could not find signing key.*\[supply\/bad-signature\]/],
  ['whose statement was changed', () => signed.replace('name: web', 'name: wab'), /cannot be verified: .*\[supply\/bad-signature\]/],
  [
    'that is another one than was signed',
    () => signer.sign(statement(Buffer.from('other'))),
    /the archive is not the one that was signed \[supply\/bad-signature\]/,
  ],
  ['with a statement on another file', () => signer.sign(statement(archive, 'x.tgz')), /speaks of other files \[supply\/bad-signature\]/],
  ['signed with a key that has expired since', () => former.sign(statement(archive)), /the key has expired that signed it \[supply\/bad-signature\]/],
  ['with a statement that is none', () => 'hello', /\[supply\/bad-signature\]/],
]
for (const [name, provenance, pattern] of refused) {
  test(`a chart ${name} is refused`, async (t) => assert.rejects(fetchSigned(t, await provenance()), pattern))
}

test('a policy asks for signatures of everything fetched, dependencies too', async (t) => {
  const files = new Map<string, Buffer | string>([
    ['/index.yaml', 'entries:\n  web:\n  - {version: 1.0.0, urls: [web-1.0.0.tgz]}\n'],
    ['/web-1.0.0.tgz', archive],
    ['/web-1.0.0.tgz.prov', signed],
  ])
  const { url } = await startWebServer(t, fileListener(files))
  const host = supplyHost(t)
  host.fs.writeFile('keys.asc', signer.publicKey)
  host.fs.writeFile('app/Chart.yaml', `apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies:\n- {name: web, version: 1.x, repository: "${url}"}\n`)
  const load = async () =>
    openSupply(host, { policy: { keyring: 'keys.asc' } }).chart({ repositories: [], baseDir: host.cwd, pins: [] }, { chart: './app' })
  assert.equal((await load()).dependencies.length, 1)
  files.delete('/web-1.0.0.tgz.prov')
  await assert.rejects(load(), /prov answered 404/)
})

test('a locked chart that was verified is verified again without asking anybody, unless the keys are others', async (t) => {
  const { host, log, files, load, pins } = await lockedShop(t)
  log.length = 0
  files.delete('/web-1.0.0.tgz.prov')
  assert.equal(await load(pins), '1.0.0')
  assert.deepEqual(log, [])
  host.fs.writeFile('keys.asc', stranger.publicKey)
  await assert.rejects(load(pins), /prov answered 404/)
})

test('what is remembered of a signature is checked again, not believed', async (t) => {
  const { host, load, pins } = await lockedShop(t)
  const content = join(openCache(host).root, 'content')
  for (const folder of host.fs.readDir(content) ?? [])
    for (const name of host.fs.readDir(join(content, folder)) ?? [])
      if (name.endsWith('.prov')) host.fs.writeFile(join(content, folder, name), 'changed')
  assert.equal(await load(pins), '1.0.0', 'it was fetched anew')
})

/** Chart `web` of a repository, signed, fetched and verified once. */
async function lockedShop(t: TestContext) {
  const files = new Map<string, Buffer | string>([
    ['/index.yaml', 'entries:\n  web:\n  - {version: 1.0.0, urls: [web-1.0.0.tgz]}\n'],
    ['/web-1.0.0.tgz', archive],
    ['/web-1.0.0.tgz.prov', signed],
  ])
  const { url, log } = await startWebServer(t, fileListener(files))
  const host = supplyHost(t)
  host.fs.writeFile('keys.asc', signer.publicKey)
  const open = async (pins: readonly PinnedSource[]) => {
    const supply = openSupply(host)
    t.after(() => supply.close())
    const scope = scopeOf(host, [{ name: 'shop', url }], pins)
    const chart = await supply.chart(scope, { chart: 'shop/web', keyring: 'keys.asc' })
    return { version: chart.metadata.version, pins: await supply.pinsOf(scope) }
  }
  const { pins } = await open([])
  return { host, log, files, pins, load: async (pins: readonly PinnedSource[]) => (await open(pins)).version }
}

test('keyrings that are missing or damaged', async (t) => {
  await assert.rejects(
    fetchSigned(t, signed, (host) => host.fs.remove('keys.asc')),
    /there is no keyring .*keys\.asc \[supply\/keyring\]/,
  )
  await assert.rejects(
    fetchSigned(t, signed, (host) => host.fs.writeFile('keys.asc', 'junk')),
    /\[supply\/(keyring|bad-signature)\]/,
  )
})

test('local archives have theirs beside them, and folders none', async (t) => {
  const host = supplyHost(t)
  host.fs.writeFile('keys.asc', signer.publicKey)
  host.fs.writeFile('web-1.0.0.tgz', archive)
  host.fs.writeFile('web-1.0.0.tgz.prov', signed)
  host.fs.writeFile('web/Chart.yaml', 'apiVersion: v2\nname: web\nversion: 1.0.0\n')
  const supply = openSupply(host)
  const scope = { repositories: [], baseDir: host.cwd, pins: [] }
  assert.equal((await supply.chart(scope, { chart: './web-1.0.0.tgz', keyring: 'keys.asc' })).metadata.version, '1.0.0')
  await assert.rejects(supply.chart(scope, { chart: './web', keyring: 'keys.asc' }), /web must be signed .*\[supply\/not-signed\]/)
})
