import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { openCache } from '../../../src/supply/cache.ts'
import { cacheItems, trimCache } from '../../../src/supply/cache-space.ts'
import { plainChart, sha256 } from '../../support/chart-archive.ts'
import { supplyHost } from '../../support/supply-host.ts'
import { fileListener, startWebServer } from '../../support/web-server.ts'

test('what was stored is found by its content, until it changes on disk', (t) => {
  const host = supplyHost(t)
  const cache = openCache(host)
  const { path, digest } = cache.store(Buffer.from('hello'), '../../a b/web-1.0.0.tgz')
  assert.equal(cache.find(digest), path)
  assert.ok(path.startsWith(`${cache.root}/content/`) && dirname(dirname(path)) === join(cache.root, 'content'))
  writeFileSync(path, 'changed')
  assert.equal(cache.find(digest), undefined)
  assert.equal(host.fs.stat(path), undefined)
})

test('a tree that could not be filled leaves nothing behind', async (t) => {
  const host = supplyHost(t)
  const cache = openCache(host)
  const fill = async (folder: string): Promise<void> => host.fs.writeFile(join(folder, 'x'), 'x')
  await assert.rejects(
    cache.storeTree('a', () => Promise.reject(new Error('broken'))),
    /broken/,
  )
  assert.equal(cache.tree('a'), undefined)
  const [one, two] = await Promise.all([cache.storeTree('a', fill), cache.storeTree('a', fill)])
  assert.equal(one, two)
  assert.deepEqual(host.fs.readDir(dirname(one))?.length, 1)
})

test('a cache is cleared while others write into it', (t) => {
  const host = supplyHost(t)
  let path = ''
  const remove = (target: string): void => {
    host.fs.remove(target)
    path = openCache(host).store(Buffer.from('late'), 'late.txt').path
  }
  const busy = { ...host, fs: { ...host.fs, remove } }
  const cache = openCache(busy)
  cache.store(Buffer.from('x'), 'x.txt')
  host.fs.writeFile(`${cache.root}.0123.tmp/left`, 'by one that was killed')
  cache.clear()
  assert.deepEqual(host.fs.readDir(cache.folder), ['v1'])
  assert.deepEqual(host.fs.readDir(join(cache.root, 'content'))?.length, 1)
  assert.equal(host.fs.readText(path), 'late')
  openCache(host).clear()
  openCache(host).clear()
  assert.deepEqual(host.fs.readDir(cache.folder), [])
})

test('what was used longest ago goes first, and nothing that is young', (t) => {
  const host = supplyHost(t)
  const cache = openCache(host)
  const stored = ['a', 'b', 'c', 'd'].map((text) => cache.store(Buffer.from(text.repeat(1000)), 'x'))
  const paths = stored.map(({ path }) => path)
  const hour = 60 * 60
  for (const [i, path] of paths.slice(0, 3).entries()) utimesSync(dirname(path), new Date(), new Date(Date.now() - (5 - i) * hour * 1000))
  // What was fetched first has been used since.
  cache.find(stored[0]?.digest as string)
  trimCache(host, cache.root, 3800)
  assert.deepEqual(
    paths.map((path) => host.fs.stat(path) !== undefined),
    [true, false, true, true],
  )
  trimCache(host, cache.root, 10)
  assert.deepEqual(
    cacheItems(host, cache.root).map(({ size }) => size),
    [1000, 1000],
  )
})

test('facts and trees count and go, too', async (t) => {
  const host = supplyHost(t)
  const cache = openCache(host, { limit: 1 })
  cache.learn('url', 'x', { text: 'y'.repeat(1000) })
  const tree = await cache.storeTree('t', async (folder) => host.fs.writeFile(join(folder, 'f'), 'z'.repeat(1000)))
  const fact = cacheItems(host, cache.root).find(({ kind }) => kind === 'facts')?.path as string
  assert.equal(cache.fact('url', 'x') !== undefined, true)
  const old = new Date(Date.now() - 24 * 60 * 60 * 1000)
  for (const path of [fact, tree]) utimesSync(path, old, old)
  // The first thing that a run stores makes room.
  openCache(host, { limit: 1 }).store(Buffer.from('new'), 'x')
  assert.deepEqual(
    cacheItems(host, cache.root).map(({ kind }) => kind),
    ['content'],
  )
})

test('twenty processes share one cache', { timeout: 120_000 }, async (t) => {
  const host = supplyHost(t)
  const files = new Map<string, Buffer | string>()
  const { url } = await startWebServer(t, fileListener(files))
  const archive = await plainChart('web', '1.0.0')
  files.set('/web-1.0.0.tgz', archive)
  files.set('/index.yaml', `entries:\n  web:\n  - version: 1.0.0\n    digest: ${sha256(archive)}\n    urls: [web-1.0.0.tgz]\n`)
  host.fs.writeFile('helmfile.yaml', `repositories:\n- {name: r, url: "${url}"}\nreleases:\n- {name: a, chart: r/web}\n`)
  const main = join(dirname(new URL(import.meta.url).pathname), '../../../src/cli/main.js')
  const run = () => promisify(execFile)(process.execPath, [main, 'template'], { cwd: host.cwd, env: { ...host.env } as NodeJS.ProcessEnv })
  const outputs = await Promise.all(Array.from({ length: 20 }, run))
  assert.deepEqual(new Set(outputs.map(({ stdout }) => stdout)).size, 1)
  assert.deepEqual(outputs.map(({ stderr }) => stderr).join(''), '')
  assert.deepEqual(
    openCache(host)
      .find(`sha256:${sha256(archive)}`)
      ?.endsWith('web-1.0.0.tgz'),
    true,
  )
})
