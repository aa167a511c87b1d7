import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { runFlotilla } from '../../support/command-line.ts'

test('an interrupt while the cluster is asked ends with 130 and one word', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-interrupt-'))
  const controller = new AbortController()
  // A server that takes the connection and never answers; being asked is what the interrupt waits for.
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => controller.abort(new Error('interrupted')))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  try {
    const { port } = server.address() as { port: number }
    const cluster = { name: 'c', cluster: { server: `http://127.0.0.1:${port}` } }
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'x',
      clusters: [cluster],
      users: [],
      contexts: [{ name: 'x', context: { cluster: 'c', user: '' } }],
    }
    writeFileSync(join(folder, 'kubeconfig'), JSON.stringify(config))
    writeFileSync(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: c\nversion: 0.1.0\n')
    writeFileSync(join(folder, 'helmfile.yaml'), 'releases: [{name: a, namespace: n, chart: .}]\n')
    const env = { HOME: folder, KUBECONFIG: join(folder, 'kubeconfig') }
    const { exit, stderr } = await runFlotilla(['diff'], { cwd: folder, env, signal: controller.signal })
    assert.equal(exit, 130, stderr)
    assert.equal(stderr, 'interrupted\n')
  } finally {
    server.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
