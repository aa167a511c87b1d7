import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { nodeHost } from '../../src/base/host-node.ts'
import { startSandbox } from '../../src/sandbox/start.ts'
import { type Outcome, runFlotilla } from '../support/command-line.ts'
import { writeFiles } from '../support/write-files.ts'

const files: Readonly<Record<string, string>> = {
  'flotilla.config.yaml': 'promotion: { keys: [tag], require: [deployed, healthy, undrifted] }\n',
  'helmfile.yaml': `environments:
  one: { kubeContext: east, values: [one.yaml] }
  two: { kubeContext: west, values: [two.yaml] }
---
releases: [{ name: web, namespace: shop, chart: ./chart, values: [web.yaml.gotmpl] }]
`,
  'one.yaml': 'tag: v2\n',
  'two.yaml': 'tag: v1 # held\n',
  'web.yaml.gotmpl': 'tag: {{ .Values.tag }}\n',
  'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'chart/templates/all.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "web:{{ .Values.tag }}" }] }
`,
}

/** Longer than any test waits. */
const NEVER_READY_MS = 10_000_000

describe('gates of promotion, each environment in a cluster of its own', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'flotilla-gates-'))
  const sandboxes: Awaited<ReturnType<typeof startSandbox>>[] = []

  before(async () => {
    writeFiles(cwd, files)
    for (const context of ['east', 'west']) {
      const sandbox = await startSandbox(nodeHost({ cwd }), { readyAfterMs: NEVER_READY_MS })
      sandboxes.push(sandbox)
      writeFileSync(join(cwd, context), sandbox.kubeconfig.replaceAll(/\bsandbox\b/g, context))
    }
  })
  after(async () => {
    for (const sandbox of sandboxes) await sandbox.close()
    rmSync(cwd, { recursive: true, force: true })
  })

  const run = (line: string): Promise<Outcome> =>
    runFlotilla(line.split(' '), { cwd, env: { PATH: process.env['PATH'], HOME: cwd, KUBECONFIG: `${join(cwd, 'east')}:${join(cwd, 'west')}` } })

  test('what is on its way is not healthy, and nothing is written', async () => {
    assert.equal((await run('-e one sync -q')).exit, 0)
    const { exit, stderr } = await run('promote one two')
    assert.equal(exit, 3)
    assert.match(stderr, /Deployment web is progressing.*\[promote\/not-healthy\]/)
    assert.doesNotMatch(stderr, /not-deployed|not-undrifted/)
    assert.equal(readFileSync(join(cwd, 'two.yaml'), 'utf8'), files['two.yaml'])
  })

  test('what is deployed in the one cluster is not in the other', async () => {
    const { stdout } = await run('compare one two --output json')
    const { deployed } = JSON.parse(stdout).releases[0]
    assert.deepEqual([deployed.source.revision, deployed.target.revision, deployed.target.status], [1, null, 'not installed'])
  })

  test('without that gate it is promoted, and the plan is that of the other cluster', async () => {
    writeFileSync(join(cwd, 'flotilla.config.yaml'), 'promotion: { keys: [tag], require: [deployed, undrifted] }\n')
    const { exit, stdout, stderr } = await run('promote one two --stat')
    assert.equal(exit, 0, stderr)
    assert.match(stdout, /^west\/shop\/web +install/m)
    assert.equal(readFileSync(join(cwd, 'two.yaml'), 'utf8'), 'tag: v2 # held\n')
  })

  test('what was deployed from other values is not promoted', async () => {
    writeFileSync(join(cwd, 'one.yaml'), 'tag: v3\n')
    const { exit, stderr } = await run('promote one two')
    assert.equal(exit, 3)
    assert.match(stderr, /revision 1 was deployed from other values \[promote\/not-deployed\]/)
  })
})
