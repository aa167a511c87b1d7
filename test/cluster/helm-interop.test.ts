import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Cluster, desired, release, startCluster } from '../support/desired-release.ts'
import { findHelm, runHelm } from '../support/helm.ts'
import { planRuns, planText, resultText } from '../support/plan-runs.ts'

const config = (value: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata: {value: "${value}"}\n`

describe('Helm and Flotilla on the same releases', { skip: findHelm() === undefined ? 'no Helm 4 found (set FLOTILLA_HELM)' : false }, () => {
  let cluster: Cluster
  let folder: string
  const { plan, execute, destroy, sync, history, rollback } = planRuns(() => cluster)

  before(async () => {
    cluster = await startCluster()
    folder = mkdtempSync(join(tmpdir(), 'flotilla-interop-'))
    mkdirSync(join(folder, 'demo/templates'), { recursive: true })
    writeFileSync(join(folder, 'demo/Chart.yaml'), 'apiVersion: v2\nname: demo\nversion: 1.0.0\nappVersion: 1.0.0\n')
    writeFileSync(join(folder, 'demo/templates/all.yaml'), config('{{ .Values.value }}'))
  })
  after(async () => {
    rmSync(folder, { recursive: true, force: true })
    await cluster.close()
  })

  async function helm(...args: readonly string[]): Promise<string> {
    const { succeeded, stdout, stderr } = await runHelm(cluster.kubeconfig, args)
    assert.ok(succeeded, stderr)
    return stdout
  }

  const web = release('interop/web')
  const wanted = (value: string) => ({ 'interop/web': desired(config(value), { config: { value }, notes: 'Hello\n' }) })

  test('Helm reads what Flotilla installed', async () => {
    assert.equal(resultText(await sync([web], wanted('one'))), 'done interop/web')
    const [listed] = JSON.parse(await helm('list', '-n', 'interop', '-o', 'json')) as Record<string, string>[]
    assert.deepEqual(
      [listed?.['name'], listed?.['revision'], listed?.['status'], listed?.['chart'], listed?.['app_version']],
      ['web', '1', 'deployed', 'demo-1.0.0', '1.0.0'],
    )
    assert.deepEqual(JSON.parse(await helm('get', 'values', 'web', '-n', 'interop', '-o', 'json')), { value: 'one' })
    assert.match(await helm('get', 'manifest', 'web', '-n', 'interop'), /kind: ConfigMap/)
    assert.match(await helm('get', 'notes', 'web', '-n', 'interop'), /Hello/)
    assert.match(await helm('status', 'web', '-n', 'interop'), /STATUS: deployed/)
  })

  test('Helm upgrades it without conflicts, and Flotilla sees that there is nothing to do', async () => {
    await helm('upgrade', 'web', join(folder, 'demo'), '-n', 'interop', '--set-string', 'value=two')
    assert.deepEqual(await history('interop', 'web'), ['1 superseded Install complete', '2 deployed Upgrade complete'])
    assert.equal(planText(await plan([web], wanted('two'))), 'none interop/web: nothing changed')
  })

  test('each rolls back what the other deployed', async () => {
    await sync([web], wanted('three'))
    await helm('rollback', 'web', '1', '-n', 'interop')
    assert.equal((await history('interop', 'web')).at(-1), '4 deployed Rollback to 1')
    assert.equal(planText(await rollback(web, 2)), 'rollback interop/web: back to revision 2\n  change ConfigMap settings')
    assert.equal(resultText(await execute(await rollback(web, 2))), 'done interop/web')
    const revisions = JSON.parse(await helm('history', 'web', '-n', 'interop', '-o', 'json')) as {
      revision: number
      status: string
      description: string
    }[]
    assert.deepEqual(
      revisions.map(({ revision, status, description }) => `${revision} ${status} ${description}`),
      [
        '1 superseded Install complete',
        '2 superseded Upgrade complete',
        '3 superseded Upgrade complete',
        '4 superseded Rollback to 1',
        '5 deployed Rollback to 2',
      ],
    )
  })

  test('each removes what the other installed', async () => {
    await helm('uninstall', 'web', '-n', 'interop')
    assert.equal(planText(await destroy([web])), 'none interop/web: not installed')
    await helm('install', 'web', join(folder, 'demo'), '-n', 'interop', '--set-string', 'value=two')
    assert.equal(planText(await plan([web], wanted('two'))), 'none interop/web: nothing changed')
    assert.equal(resultText(await execute(await destroy([web]))), 'done interop/web')
    assert.equal((await helm('list', '-n', 'interop', '-o', 'json')).trim(), '[]')
  })

  test('a failure that Flotilla recorded does not stop Helm', async () => {
    const bad = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata: {value: {nested: 1}}\n'
    await sync([web], wanted('one'))
    assert.equal((await sync([web], { 'interop/web': desired(bad) })).succeeded, false)
    await helm('upgrade', 'web', join(folder, 'demo'), '-n', 'interop', '--set-string', 'value=four')
    assert.equal((await history('interop', 'web')).at(-1), '3 deployed Upgrade complete')
  })
})
