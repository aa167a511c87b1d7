import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { nodeHost } from '../../../src/base/host-node.ts'
import type { KubeObject } from '../../../src/kinds/kube-object.ts'
import type { KubeClient } from '../../../src/kube/client.ts'
import { connect } from '../../../src/kube/connect.ts'
import { startSandbox } from '../../../src/sandbox/start.ts'
import { runFlotilla } from '../../support/command-line.ts'

describe('a command while another run is at work', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'flotilla-lock-'))
  let sandbox: Awaited<ReturnType<typeof startSandbox>>
  let client: KubeClient
  const kubeconfig = join(cwd, '.kubeconfig')

  before(async () => {
    mkdirSync(join(cwd, 'chart/templates'), { recursive: true })
    writeFileSync(join(cwd, 'chart/Chart.yaml'), 'apiVersion: v2\nname: chart\nversion: 1.0.0\n')
    writeFileSync(join(cwd, 'chart/templates/a.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\n')
    writeFileSync(join(cwd, 'helmfile.yaml'), 'releases: [{ name: web, namespace: shop, chart: ./chart }]\n')
    writeFileSync(join(cwd, 'flotilla.config.yaml'), 'lock: { name: shop, namespace: kube-system, timeout: 0 }\n')
    sandbox = await startSandbox(nodeHost({ cwd }), { readyAfterMs: 1 })
    writeFileSync(kubeconfig, sandbox.kubeconfig)
    client = await connect(nodeHost({ cwd }), { kubeconfig })
  })
  after(async () => {
    client.close()
    await sandbox.close()
    rmSync(cwd, { recursive: true, force: true })
  })

  const run = (args: readonly string[], onOutput?: (text: string, interrupt: () => void) => void) =>
    runFlotilla(args, { cwd, env: { HOME: cwd, KUBECONFIG: kubeconfig }, ...(onOutput && { onOutput }) })

  const leases = async (namespace: string): Promise<readonly KubeObject[]> => client.list('coordination.k8s.io/v1', 'Lease', { namespace })

  /** The Lease of a run on another machine, which renews as soon as it is asked for. */
  async function anotherRun(): Promise<{ readonly name: string; renew(): Promise<void>; end(): Promise<void> }> {
    const name = 'flotilla.environment.default.ebba453b8a'
    const ref = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: 'kube-system', name }
    const annotations = { 'flotilla.dev/run': 'https://ci.example/runs/7' }
    const spec = { holderIdentity: 'root@runner/12/a.b', leaseDurationSeconds: 15, acquireTime: '2026-01-02T03:04:05.000000Z' }
    await client.create({ apiVersion: ref.apiVersion, kind: ref.kind, metadata: { name, namespace: ref.namespace, annotations }, spec })
    return {
      name,
      renew: async () => void (await client.patch(ref, 'application/merge-patch+json', { spec: { renewTime: '2026-01-02T03:04:06.000000Z' } })),
      end: async () => void (await client.delete(ref)),
    }
  }

  for (const command of [['apply'], ['sync'], ['destroy'], ['rollback', 'web'], ['test']]) {
    test(`${command[0]} ends with 4 and says who that is`, async () => {
      const other = await anotherRun()
      const { exit, stdout, stderr } = await run(command, (text) => {
        if (text.includes('seeing whether')) void other.renew()
      })
      await other.end()
      assert.equal(exit, 4, stderr)
      assert.equal(stdout, '')
      assert.match(
        stderr,
        /^environment default is locked by root@runner, process 12, since 2026-01-02T03:04:05Z \(\d+[mh] ago\); seeing whether that run still lives$/m,
      )
      assert.match(stderr, /error: environment default is being changed by root@runner.*\[kube\/locked\]/)
      assert.match(stderr, /note: its pipeline: https:\/\/ci\.example\/runs\/7/)
      assert.match(stderr, /hint: .*--lock-timeout 5m/)
    })
  }

  test('diff goes on', async () => {
    const other = await anotherRun()
    assert.equal((await run(['diff', '-q'])).exit, 0)
    await other.end()
  })

  test('with --lock-timeout it waits for the end of the other, then does its work and leaves no lock', async () => {
    const other = await anotherRun()
    const { exit, stderr } = await run(['sync', '--lock-timeout', '5m'], (text) => {
      if (text.includes('; waiting')) void other.end()
    })
    assert.equal(exit, 0, stderr)
    assert.deepEqual([...(await leases('kube-system')), ...(await leases('shop'))], [])
  })

  test('Ctrl-C ends the waiting', async () => {
    const other = await anotherRun()
    const { exit, stderr } = await run(['sync', '--lock-timeout', '5m'], (text, interrupt) => {
      if (text.includes('; waiting')) interrupt()
    })
    await other.end()
    assert.equal(exit, 130)
    assert.match(stderr, /interrupted\n$/)
  })
})
