import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, describe, it } from 'node:test'
import { type TemplateStateOptions, templateState } from '../../../src/actions/template-state.ts'
import { isWorthAThread, shareOut } from '../../../src/actions/template-together.ts'
import { nodeHost } from '../../../src/base/host-node.ts'
import type { Release } from '../../../src/state/state.ts'

const RELEASES = 840
const folder = mkdtempSync(join(tmpdir(), 'flotilla-threads-'))
after(() => rmSync(folder, { recursive: true, force: true }))

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

for (const chart of ['a', 'b', 'c']) {
  write(`${chart}/Chart.yaml`, `apiVersion: v2\nname: ${chart}\nversion: 1.0.0\n${chart === 'b' ? 'deprecated: true\n' : ''}`)
  write(`${chart}/values.yaml`, 'size: 1.5\nwrong: false\n')
  write(
    `${chart}/templates/x.yaml`,
    'kind: ${KIND}\nname: {{ .Release.Name }}\nn: {{ .Values.n }} {{ kindOf .Values.n }}\nsize: {{ .Values.size }}\n{{ if .Values.wrong }}{{ fail "no" }}{{ end }}\n'.replace(
      '${KIND}',
      chart.toUpperCase(),
    ),
  )
}

function state(wrong: readonly number[]): string {
  const releases = Array.from({ length: RELEASES }, (_, i) => {
    const values = `{n: ${i}, wrong: ${wrong.includes(i)}}`
    return `- {name: r${i}, chart: ./${['a', 'b', 'c'][i % 3]}, values: [${values}]}`
  })
  return `releases:\n${releases.join('\n')}\n`
}

interface Seen {
  readonly output: string
  readonly warnings: readonly string[]
  readonly error: string
}

async function run(options: TemplateStateOptions): Promise<Seen> {
  const printed: string[] = []
  const warnings: string[] = []
  const host = nodeHost({ cwd: folder, env: {} })
  const warn: TemplateStateOptions['warn'] = ({ summary, subject }) => void warnings.push(`${subject}: ${summary}`)
  const error = await templateState(host, {}, { ...options, skipDeps: true, warn }, (text) => void printed.push(text)).then(
    () => '',
    (thrown: Error) => thrown.message,
  )
  return { output: printed.join(''), warnings, error }
}

describe('templates rendered by two threads', () => {
  it('print what one thread prints, in the same order, warnings too', async () => {
    write('helmfile.yaml', state([]))
    const [together, alone] = [await run({}), await run({ concurrency: 1 })]
    assert.equal(together.error, '')
    assert.equal(together.output.split('name: r').length - 1, RELEASES)
    assert.equal(together.warnings.length, RELEASES / 3)
    assert.deepEqual(together, alone)
  })

  it('stop at the first release that fails', async () => {
    write('helmfile.yaml', state([101, 102, 103, 150]))
    const [together, alone] = [await run({}), await run({ concurrency: 1 })]
    assert.match(together.error, /no/)
    assert.equal(together.output.split('name: r').length - 1, 101)
    assert.deepEqual(together, alone)
  })
})

const release = (chart: string, i: number) => ({ name: `${chart}${i}`, chart, chartPath: `/${chart}` }) as Release

describe('the share of the other thread', () => {
  it('is whole groups of one chart, about half', () => {
    const releases = ['a', 'b', 'c', 'd', 'e', 'f'].flatMap((chart) => Array.from({ length: 8 }, (_, i) => release(chart, i)))
    const share = shareOut(releases)
    assert.ok(share.size >= 16 && share.size <= 32, String(share.size))
    for (const chart of ['a', 'b', 'c', 'd', 'e', 'f']) {
      const there = releases.filter((r) => r.chart === chart && share.has(r)).length
      assert.ok(there === 0 || there === 8, `${chart}: ${there}`)
    }
  })

  it('is nothing where there are few releases', () => {
    assert.equal(isWorthAThread([release('a', 1)]), false)
    assert.equal(isWorthAThread(Array.from({ length: RELEASES }, (_, i) => release('a', i))), availableParallelism() > 1)
  })
})
