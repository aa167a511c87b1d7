import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Command, Host } from '../../../src/base/host.ts'
import { openSupply, type SupplyScope } from '../../../src/supply/chart-supply.ts'
import type { PinnedSource } from '../../../src/supply/pins.ts'
import { parseRemoteAddress } from '../../../src/supply/remote-address.ts'
import { supplyHost } from '../../support/supply-host.ts'
import { writeFiles } from '../../support/write-files.ts'

interface Repository {
  readonly url: string
  commit(files: Readonly<Record<string, string>>, tag?: string): string
}

function startRepository(host: Host, name = 'charts.git'): Repository {
  const folder = join(host.cwd, name)
  mkdirSync(folder)
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=T', '-c', 'user.email=t@example.test', ...args], { encoding: 'utf8' }).trim()
  git('init', '--quiet', '--initial-branch=main')
  return {
    url: `file://${folder}`,
    commit: (files, tag) => {
      writeFiles(folder, files)
      git('add', '--all')
      git('commit', '--quiet', '--message=x')
      if (tag) git('tag', '--annotate', '--message=x', tag)
      return git('rev-parse', 'HEAD')
    },
  }
}

function chartFiles(version: string): Record<string, string> {
  return {
    'deploy/web/Chart.yaml': `apiVersion: v2\nname: web\nversion: ${version}\ndependencies:\n- {name: common, version: "*", repository: file://../common}\n`,
    'deploy/common/Chart.yaml': 'apiVersion: v2\nname: common\nversion: 0.1.0\n',
  }
}

function scopeOf(host: Host, pins: readonly PinnedSource[] = []): SupplyScope {
  return { repositories: [], baseDir: host.cwd, pins }
}

test('branches, tags and commits, in both ways of writing, with their own dependencies', async (t) => {
  const host = supplyHost(t)
  const repository = startRepository(host)
  const first = repository.commit(chartFiles('1.0.0'), 'v1')
  repository.commit(chartFiles('2.0.0'))
  const supply = openSupply(host)
  const forms: readonly (readonly [string, string])[] = [
    [`git::${repository.url}@deploy/web`, '2.0.0'],
    [`git::${repository.url}@deploy/web?ref=main`, '2.0.0'],
    [`git::${repository.url}@deploy/web?ref=v1`, '1.0.0'],
    [`git::${repository.url}@deploy/web?ref=${first}`, '1.0.0'],
    [`git+${repository.url}@deploy/web?ref=v1`, '1.0.0'],
    [`git::${repository.url}//deploy/web?ref=v1`, '1.0.0'],
  ]
  for (const [chart, version] of forms) {
    const found = await supply.chart(scopeOf(host), { chart })
    assert.deepEqual([found.metadata.version, found.dependencies[0]?.metadata.name], [version, 'common'], chart)
  }
})

test('a lock holds the commit while the branch moves on', async (t) => {
  const host = supplyHost(t)
  const repository = startRepository(host)
  const commit = repository.commit(chartFiles('1.0.0'))
  const order = { chart: `git::${repository.url}@deploy/web?ref=main` }
  const scope = scopeOf(host)
  const supply = openSupply(host)
  await supply.chart(scope, order)
  const pins = await supply.pinsOf(scope)
  assert.deepEqual(
    pins.map(({ pin }) => pin),
    [{ commit }],
  )
  repository.commit(chartFiles('2.0.0'))
  assert.equal((await openSupply(host).chart(scopeOf(host), order)).metadata.version, '2.0.0')
  assert.equal((await openSupply(host, { locked: true }).chart(scopeOf(host, pins), order)).metadata.version, '1.0.0')
})

test('offline a ref means what it meant the last time, and what never came is named', async (t) => {
  const host = supplyHost(t)
  const repository = startRepository(host)
  repository.commit(chartFiles('1.0.0'))
  const order = { chart: `git::${repository.url}@deploy/web?ref=main` }
  await assert.rejects(
    openSupply(host, { offline: true }).chart(scopeOf(host), order),
    /is not in the cache, and nothing is fetched \[supply\/offline\]/,
  )
  await openSupply(host).chart(scopeOf(host), order)
  repository.commit(chartFiles('2.0.0'))
  assert.equal((await openSupply(host, { offline: true }).chart(scopeOf(host), order)).metadata.version, '1.0.0')
  assert.equal((await openSupply(host).chart(scopeOf(host), order)).metadata.version, '2.0.0')
})

test('nothing of a foreign tree leads out of it', async (t) => {
  const host = supplyHost(t)
  host.fs.writeFile('private/Chart.yaml', 'apiVersion: v2\nname: private\nversion: 1.0.0\n')
  const repository = startRepository(host)
  symlinkSync(join(host.cwd, 'private'), join(host.cwd, 'charts.git', 'link'))
  const outside = join(host.cwd, 'private')
  repository.commit({
    'web/Chart.yaml': `apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n- {name: private, version: "*", repository: "file://${outside}"}\n`,
  })
  const supply = openSupply(host)
  await assert.rejects(
    supply.chart(scopeOf(host), { chart: `git::${repository.url}@web` }),
    /which lies outside of what was fetched \[supply\/outside\]/,
  )
  await assert.rejects(supply.chart(scopeOf(host), { chart: `git::${repository.url}@link` }), /has no "link" .* \[supply\/not-found\]/)
})

test('secrets of a URL go to git by its environment, and nowhere else', async (t) => {
  const real = supplyHost(t)
  const commands: Command[] = []
  const host: Host = {
    ...real,
    run: (command) => {
      commands.push(command)
      return Promise.resolve({
        code: 128,
        stdout: new Uint8Array(),
        stderr: Buffer.from('fatal: https://ann:s3cret-word@h.test/r.git'),
        missing: false,
      })
    },
  }
  const supply = openSupply(host)
  await assert.rejects(supply.chart(scopeOf(host), { chart: 'git::https://ann:s3cret-word@h.test/r.git@web' }), (error: Error) => {
    assert.ok(!JSON.stringify(error, Object.getOwnPropertyNames(error)).includes('s3cret-word'))
    return true
  })
  assert.ok(!JSON.stringify(commands.map(({ args }) => args)).includes('s3cret-word'))
  assert.equal(commands[0]?.env?.['GIT_CONFIG_VALUE_0'], `Authorization: Basic ${Buffer.from('ann:s3cret-word').toString('base64')}`)
})

const bad: readonly (readonly [string, RegExp])[] = [
  ['git::ext::sh -c x@web', /supply\//],
  ['git::git@h.test:team/r.git@web', /its address is none that git fetches from \[supply\/bad-reference\]/],
  ['git::ssh://git@h.test/r.git@web?sshkey=abc', /a key inside a URL \(sshkey\) are not supported \[supply\/unsupported-source\]/],
  ['git::https://h.test/r.git@../x', /its path leads out of the repository/],
  ['git::https://h.test/r.git@web?ref=--upload-pack=x', /its ref is no name/],
]
for (const [chart, pattern] of bad) {
  test(`${chart} is refused`, async (t) => {
    const host = supplyHost(t)
    await assert.rejects(openSupply(host).chart(scopeOf(host), { chart }), pattern)
  })
}

const addresses: readonly (readonly [string, object | undefined])[] = [
  ['git::https://h/o/r.git@p/q.yaml?ref=v1', { kind: 'git', git: { url: 'https://h/o/r.git', path: 'p/q.yaml', ref: 'v1' }, cache: true }],
  ['git::https://h/o/r.git?ref=v1&cache=false', { kind: 'git', git: { url: 'https://h/o/r.git', path: '', ref: 'v1' }, cache: false }],
  ['git::ssh://git@h/o/r.git@p', { kind: 'git', git: { url: 'ssh://git@h/o/r.git', path: 'p' }, cache: true }],
  ['git+https://h/o/r@charts?ref=main&sparse=0', { kind: 'git', git: { url: 'https://h/o/r', path: 'charts', ref: 'main' }, cache: true }],
  ['https://h/values.yaml?cache=false&t=1', { kind: 'web', url: 'https://h/values.yaml?t=1', cache: false }],
  ['hg::https://h/r', { kind: 'unsupported', what: 'hg::' }],
  ['./values.yaml', undefined],
  ['stable/web', undefined],
]
for (const [text, expected] of addresses) test(`address ${text}`, () => assert.deepEqual(parseRemoteAddress(text), expected))
