import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { nodeHost } from '../../../src/base/host-node.ts'
import { DEFAULT_CHART_LIMITS } from '../../../src/chart/limits.ts'
import { loadChart } from '../../../src/chart/load-chart.ts'
import { chartOf, metadata } from './in-memory.ts'

const refused: readonly (readonly [what: string, files: Readonly<Record<string, string>>, message: RegExp])[] = [
  ['no name', { 'Chart.yaml': 'apiVersion: v2\nversion: 1.0.0\n' }, /validation: chart.metadata.name is required/],
  ['a path as name', { 'Chart.yaml': metadata('a/b') }, /chart.metadata.name "a\/b" is invalid/],
  ['dots as name', { 'Chart.yaml': metadata('..') }, /chart.metadata.name ".." is not allowed/],
  ['no version', { 'Chart.yaml': 'apiVersion: v2\nname: c\n' }, /chart.metadata.version is required/],
  ['an odd version', { 'Chart.yaml': 'apiVersion: v2\nname: c\nversion: one\n' }, /chart.metadata.version "one" is invalid/],
  ['an odd type', { 'Chart.yaml': metadata('c', 'type: tool\n') }, /chart.metadata.type must be application or library/],
  ['a null dependency', { 'Chart.yaml': metadata('c', 'dependencies: [null]\n') }, /dependencies must not contain empty or null nodes/],
  [
    'two of a name',
    { 'Chart.yaml': metadata('c', 'dependencies: [{name: s}, {name: t, alias: s}]\n') },
    /more than one dependency with name or alias "s"/,
  ],
  [
    'an odd alias',
    { 'Chart.yaml': metadata('c', 'dependencies: [{name: s, alias: a.b}]\n') },
    /dependency "s" has disallowed characters in the alias/,
  ],
  [
    'a list for a text',
    { 'Chart.yaml': metadata('c', 'appVersion: [1]\n') },
    /cannot unmarshal array into Go struct field Metadata.appVersion of type string/,
  ],
  [
    'a text for a list',
    { 'Chart.yaml': metadata('c', 'keywords: a\n') },
    /cannot unmarshal string into Go struct field Metadata.keywords of type \[\]string/,
  ],
  ['a file in charts/', { 'charts/README.md': 'x' }, /error unpacking subchart README.md in c: Chart.yaml file is missing/],
  ['a list as values', { 'values.yaml': '- a\n' }, /cannot load values.yaml: cannot unmarshal yaml document: error unmarshaling JSON/],
  ['text behind a separator', { 'values.yaml': 'a: 1\n--- b: 2\n' }, /invalid Yaml document separator: b: 2/],
  ['a path that climbs', { '../x': 'x' }, /path "..\/x" does not name a file inside the chart/],
]

describe('loadChart', () => {
  for (const [what, files, message] of refused) it(`refuses ${what}`, () => assert.rejects(chartOf(files), { message }))

  it('sorts files into their places', async () => {
    const chart = await chartOf({
      'values.yaml': 'a: 1\n---\nb: {c: 2}\n',
      'values.schema.json': '{}',
      'README.md': 'x',
      'crds/x.yaml': 'x',
      'templates/z.yaml': 'x',
      'templates/a/b.yaml': 'x',
      'templates/.ignored': 'x',
      'charts/s/Chart.yaml': metadata('s'),
      'charts/_draft/x': 'x',
      'charts/s.tgz.prov': 'x',
    })
    assert.deepEqual(
      chart.values,
      new Map<string, unknown>([
        ['a', 1],
        ['b', new Map([['c', 2]])],
      ]),
    )
    assert.deepEqual(
      chart.templates.map((file) => file.name),
      ['templates/a/b.yaml', 'templates/z.yaml'],
    )
    assert.deepEqual(
      chart.files.map((file) => file.name),
      ['README.md', 'charts/s.tgz.prov', 'crds/x.yaml'],
    )
    assert.deepEqual(
      chart.dependencies.map((dependency) => dependency.metadata.name),
      ['s'],
    )
    assert.equal(Buffer.from(chart.schema as Uint8Array).toString(), '{}')
  })

  const texts: readonly (readonly [written: string, read: string])[] = [
    ['1.10', '1.1'],
    ['20240115', '20240115'],
    ['1e3', '1000'],
    ['12345678.5', '1.2345678e+07'],
    ['017', '15'],
    ['yes', 'true'],
    ['"1.10"', '1.10'],
    ['2024-01-15', '2024-01-15'],
  ]
  for (const [written, read] of texts) {
    it(`reads appVersion ${written} as ${read}`, async () => {
      assert.equal((await chartOf({ 'Chart.yaml': metadata('c', `appVersion: ${written}\n`) })).metadata.appVersion, read)
    })
  }

  it('lays the dependencies of requirements.yaml over those of Chart.yaml, one by one', async () => {
    const chart = await chartOf({
      'Chart.yaml': metadata('c', 'dependencies: [{name: s, version: "1", alias: x, tags: [a]}, {name: t}]\nannotations: {a: b, c: d}\n'),
      'requirements.yaml': 'dependencies: [{name: u, version: "2", tags: [b]}]\nannotations: {a: e}\n',
    })
    assert.deepEqual(chart.metadata.dependencies, [{ name: 'u', version: '2', alias: 'x', tags: ['b'] }])
    assert.deepEqual(chart.metadata.annotations, { a: 'e', c: 'd' })
  })

  it('drops byte order marks', async () => {
    const chart = await chartOf({ 'templates/a.yaml': '\uFEFFx' })
    assert.equal(Buffer.from(chart.templates[0]?.data as Uint8Array).toString(), 'x')
  })

  it('finds the format of a folder by apiVersion in letters of any case', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'flotilla-format-'))
    after(() => rmSync(cwd, { recursive: true }))
    writeFileSync(join(cwd, 'Chart.yaml'), metadata('c', 'apiversion: v4\n'))
    await assert.rejects(loadChart(nodeHost({ cwd }), '.'), /unsupported chart version/)
  })

  for (const [what, make] of [
    ['that never ends', (path: string) => symlinkSync('/dev/zero', path)],
    ['that is a folder', (path: string) => mkdirSync(path)],
  ] as const)
    it(`refuses a Chart.yaml ${what}`, async () => {
      const cwd = mkdtempSync(join(tmpdir(), 'flotilla-irregular-'))
      after(() => rmSync(cwd, { recursive: true }))
      make(join(cwd, 'Chart.yaml'))
      await assert.rejects(loadChart(nodeHost({ cwd }), '.'), /unable to detect chart at .*Chart.yaml: read .*Chart.yaml: is (?:no file|a directory)/)
    })

  it('stops at its limits', async () => {
    const files = { 'Chart.yaml': metadata('c'), 'big.txt': 'x'.repeat(1000) }
    const limits = { ...DEFAULT_CHART_LIMITS, totalSize: 500 }
    await assert.rejects(loadChart(nodeHost(), { files }, { limits }), /chart exceeds maximum decompressed size of 500 bytes/)
  })

  it('stops at charts inside charts without end', async () => {
    const files = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`${'charts/s/'.repeat(i)}Chart.yaml`, metadata('s')]))
    await assert.rejects(chartOf(files), /charts lie in one another more than 30 deep/)
  })
})

describe('symbolic links in a chart folder', () => {
  const root = mkdtempSync(join(tmpdir(), 'flotilla-links-'))
  after(() => rmSync(root, { recursive: true }))
  mkdirSync(join(root, 'chart/templates'), { recursive: true })
  writeFileSync(join(root, 'chart/Chart.yaml'), metadata('c'))
  writeFileSync(join(root, 'chart/real.txt'), 'inside')
  writeFileSync(join(root, 'outside.txt'), 'outside')
  symlinkSync('real.txt', join(root, 'chart/inside.txt'))
  symlinkSync('../outside.txt', join(root, 'chart/outside.txt'))
  const host = nodeHost({ cwd: root })

  it('are followed with a warning', async () => {
    const warnings: string[] = []
    const chart = await loadChart(host, 'chart', { onWarning: (warning) => void warnings.push(warning.summary) })
    assert.equal(Buffer.from(chart.files.find((file) => file.name === 'outside.txt')?.data as Uint8Array).toString(), 'outside')
    assert.equal(warnings.length, 2)
  })

  it('are refused outside the chart where asked for', () => {
    return assert.rejects(loadChart(host, 'chart', { links: 'inside' }), /symbolic link .*outside.txt leads out of the chart/)
  })

  it('are refused when they lead to a folder they lie in, unless they are ignored', async () => {
    const folder = join(root, 'ring')
    mkdirSync(join(folder, 'd'), { recursive: true })
    writeFileSync(join(folder, 'Chart.yaml'), metadata('c'))
    symlinkSync('..', join(folder, 'd/up'))
    await assert.rejects(loadChart(host, 'ring'), /d\/up: too many levels of symbolic links/)
    writeFileSync(join(folder, '.helmignore'), 'up\n')
    mkdirSync(join(folder, 'e'))
    symlinkSync('../e', join(folder, 'd/e'))
    symlinkSync('../d', join(folder, 'e/d'))
    await assert.rejects(loadChart(host, 'ring'), /d\/e\/d: too many levels of symbolic links/)
    writeFileSync(join(folder, '.helmignore'), 'up\nd/e\ne/d\n')
    assert.deepEqual(
      (await loadChart(host, 'ring')).files.map(({ name }) => name),
      ['.helmignore'],
    )
  })

  it('are refused when they lead nowhere', async () => {
    symlinkSync('nothing', join(root, 'chart/dangling'))
    await assert.rejects(loadChart(host, 'chart'), /error evaluating symlink .*dangling: no such file or directory/)
  })
})
