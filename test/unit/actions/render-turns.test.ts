import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadState } from '../../../src/actions/load-state.ts'
import { planState } from '../../../src/actions/plan-state.ts'
import { nodeHost } from '../../../src/base/host-node.ts'
import { connect } from '../../../src/kube/connect.ts'
import { startSandbox } from '../../../src/sandbox/start.ts'
import { writeFiles } from '../../support/write-files.ts'

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

/** Counts how often the event loop has gone round. */
function countRounds(): { rounds(): number; stop(): void } {
  let rounds = 0
  const count = (): void => {
    rounds++
    next = setImmediate(count)
  }
  let next = setImmediate(count)
  return { rounds: () => rounds, stop: () => clearImmediate(next) }
}

test('releases are rendered in rounds of the event loop of their own, so that locks are renewed meanwhile', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-turns-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  writeFiles(folder, {
    'helmfile.yaml': `releases:\n${NAMES.map((name) => `  - { name: ${name}, chart: ./chart }\n`).join('')}`,
    'chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 1.0.0\n',
    'chart/templates/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: {{ .Release.Name }} }\n',
  })
  const host = nodeHost({ cwd: folder })
  const sandbox = await startSandbox(host, { readyAfterMs: 1 })
  t.after(sandbox.close)
  writeFiles(folder, { kubeconfig: sandbox.kubeconfig })
  const client = await connect(host, { kubeconfig: join(folder, 'kubeconfig') })
  t.after(client.close)
  const clusters = { clientFor: async () => client, opened: new Map(), close: client.close }
  const { rounds, stop } = countRounds()
  t.after(stop)
  const rendered: number[] = []
  const omitSecrets = (): readonly string[] => {
    rendered.push(rounds())
    return []
  }
  await planState(host, await loadState(host, {}), clusters, { omitSecrets })
  assert.equal(new Set(rendered).size, NAMES.length, String(rendered))
})
