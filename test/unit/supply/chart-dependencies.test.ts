import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Chart } from '../../../src/chart/chart.ts'
import { type DependencyLoader, withDependencies } from '../../../src/supply/chart-dependencies.ts'
import { lockDigest, oldLockDigest } from '../../../src/supply/lock-digest.ts'

function chart(origin: string, version: string, dependencies: readonly { name: string; version: string; repository: string }[] = []): Chart {
  const name = origin.split('/').at(-1) as string
  const metadata = { name, version, apiVersion: 'v2', dependencies }
  return { metadata, lock: null, values: new Map(), valuesSource: null, schema: null, templates: [], files: [], raw: [], dependencies: [], origin }
}

const CHARTS = new Map<string, Chart>([
  ['/c/parent', chart('/c/parent', '1.0.0', [{ name: 'child', version: '^1.0.0', repository: 'file://../child' }])],
  ['/c/child', chart('/c/child', '1.2.0', [{ name: 'leaf', version: '1.x', repository: 'file:///c/leaf' }])],
  ['/c/leaf', chart('/c/leaf', '1.0.0')],
  ['/c/old', chart('/c/old', '1.0.0', [{ name: 'child', version: '^2.0.0', repository: 'file://../child' }])],
  ['/c/ring', chart('/c/ring', '1.0.0', [{ name: 'ring2', version: '*', repository: 'file://../ring2' }])],
  ['/c/ring2', chart('/c/ring2', '1.0.0', [{ name: 'ring', version: '*', repository: 'file://../ring' }])],
  ['/c/remote', chart('/c/remote', '1.0.0', [{ name: 'x', version: '1', repository: 'https://x' }])],
])
const chartAt = (path: string): Chart => CHARTS.get(path) as Chart
const asked: string[] = []
const loader: DependencyLoader = {
  loadAt: (path) => Promise.resolve(chartAt(path)),
  loadRemote: (_parent, { name, repository = '' }, version) => {
    asked.push(`${repository} ${name} ${version}`)
    return Promise.resolve(chart(`/remote/${name}`, '1.2.3'))
  },
  repositoryUrl: (url) => (url === '@stable' ? 'https://stable' : url),
  isFolder: (path) => CHARTS.has(path),
}

test('file dependencies are filled in, theirs too', async () => {
  const whole = await withDependencies(chartAt('/c/parent'), loader)
  assert.equal(whole.dependencies[0]?.metadata.name, 'child')
  assert.equal(whole.dependencies[0]?.dependencies[0]?.metadata.name, 'leaf')
  assert.equal(chartAt('/c/parent').dependencies.length, 0)
})

test('others come from their repositories', async () => {
  const whole = await withDependencies(chartAt('/c/remote'), loader)
  assert.deepEqual(asked, ['https://x x 1'])
  assert.equal(whole.dependencies[0]?.metadata.version, '1.2.3')
})

test('what lies in charts/ stays where it fits, and goes where it does not', async () => {
  const present = chart('/lying/x', '1.0.0')
  const wants = (version: string): Chart => ({
    ...chart('/c/p', '1.0.0', [{ name: 'x', version, repository: 'https://x' }]),
    dependencies: [present],
  })
  const versions = async (parent: Chart) => (await withDependencies(parent, loader)).dependencies.map(({ metadata }) => metadata.version)
  assert.deepEqual(await versions(wants('1.x')), ['1.0.0'])
  assert.deepEqual(await versions(wants('^1.2.0')), ['1.2.3'])
})

test('a lock says which version, and must belong to what is wanted', async () => {
  const parent = chart('/c/p', '1.0.0', [{ name: 'x', version: '1.x', repository: '@stable' }])
  const dependencies = [{ name: 'x', version: '1.1.0', repository: 'https://stable' }]
  const wanted = [{ name: 'x', version: '1.x', repository: 'https://stable' }]
  const lock = { generated: '', digest: lockDigest(wanted, dependencies), dependencies }
  asked.length = 0
  await withDependencies({ ...parent, lock }, loader)
  assert.deepEqual(asked, ['@stable x 1.1.0'])
  await assert.rejects(withDependencies({ ...parent, lock: { ...lock, digest: 'sha256:0' } }, loader), /out of sync .* \[supply\/lock-out-of-sync\]/)
})

test('a version that does not match is refused', async () => {
  await assert.rejects(
    withDependencies(chartAt('/c/old'), loader),
    /has version 1\.2\.0, which does not match \^2\.0\.0 \[supply\/dependency-version\]/,
  )
})

test('charts that depend on one another are refused', async () => {
  await assert.rejects(withDependencies(chartAt('/c/ring'), loader), /\/c\/ring -> \/c\/ring2 -> \/c\/ring \[supply\/dependency-cycle\]/)
})

// Recorded: the digest `helm dependency update` 4.3.1 wrote for these.
test("Helm's own lock digest, with everything Go escapes and leaves out", () => {
  const repository = 'http://localhost:18099'
  const imports = [{ child: 'a', parent: 'b' }, 'data']
  const wanted = [
    { name: 'web', version: '>=1.0.0 <3', repository, alias: 'w2', condition: 'w2.enabled', tags: ['a'], 'import-values': imports },
    { name: 'web', version: '1.0.0', repository },
  ]
  const locked = [
    { name: 'web', repository, version: '1.2.0' },
    { name: 'web', repository, version: '1.0.0' },
  ]
  assert.equal(lockDigest(wanted, locked), 'sha256:5177845a73e1afde35fc33a1103dc1f2b1ca7ea335ebf7b26667994346c88dbc')
  assert.match(oldLockDigest(wanted), /^sha256:[0-9a-f]{64}$/)
})
