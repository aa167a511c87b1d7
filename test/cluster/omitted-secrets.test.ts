import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { runFlotilla } from '../support/command-line.ts'
import { release, startCluster } from '../support/desired-release.ts'
import { findHelm, runHelm } from '../support/helm.ts'
import { repositoryRoot } from '../support/paths.ts'

const shop = join(repositoryRoot, 'examples/shop')
const FILES: Readonly<Record<string, string>> = {
  'helmfile.yaml': 'releases: [{ name: app, chart: ./chart, secrets: [dev.secrets.yaml], values: [{ plain: one }] }]\n',
  'flotilla.config.yaml': 'records: { sensitive: omit }\n',
  'chart/Chart.yaml': 'apiVersion: v2\nname: app\nversion: 1.0.0\n',
  'chart/templates/all.yaml':
    'apiVersion: v1\nkind: Secret\nmetadata: { name: app }\nstringData: { password: {{ .Values.database.password | quote }}, plain: {{ .Values.plain | quote }} }\n',
}

test('Helm goes back to a revision whose record lacks secret values', { skip: findHelm() === undefined ? 'no Helm 4 found' : false }, async (t) => {
  const cluster = await startCluster()
  const namespace = `t-cluster-${process.pid}-omitted`
  release(`${namespace}/app`)
  const cwd = mkdtempSync(join(tmpdir(), 'flotilla-omitted-'))
  t.after(async () => {
    rmSync(cwd, { recursive: true, force: true })
    await cluster.close()
  })
  mkdirSync(join(cwd, 'chart/templates'), { recursive: true })
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(cwd, name), text)
  cpSync(join(shop, 'environments/dev.secrets.yaml'), join(cwd, 'dev.secrets.yaml'))
  const env = { PATH: process.env['PATH'], HOME: cwd, KUBECONFIG: cluster.kubeconfig, SOPS_AGE_KEY_FILE: join(shop, 'demo.agekey') }
  const flotilla = async (...args: readonly string[]): Promise<string> => {
    const { exit, stdout, stderr } = await runFlotilla(['-q', '-n', namespace, ...args], { cwd, env })
    assert.equal(exit, 0, stderr)
    return stdout
  }
  const helm = async (...args: readonly string[]): Promise<string> => {
    const { succeeded, stdout, stderr } = await runHelm(cluster.kubeconfig, [...args, '-n', namespace], { cwd })
    assert.ok(succeeded, stderr)
    return stdout
  }
  const live = async (): Promise<readonly string[]> => {
    const secret = await cluster.client.get({ apiVersion: 'v1', kind: 'Secret', namespace, name: 'app' })
    const data = secret?.['data'] as { readonly password: string; readonly plain: string }
    return [data.password, data.plain].map((text) => Buffer.from(text, 'base64').toString('utf8'))
  }

  await flotilla('sync')
  const [password = ''] = await live()
  assert.ok(password.length > 8)
  await flotilla('sync', '--set', 'plain=two', '--set', 'database.password=other')
  assert.deepEqual(await live(), ['other', 'two'])
  assert.deepEqual(JSON.parse(await helm('get', 'values', 'app', '--revision', '1', '-o', 'json')), { plain: 'one' })
  await helm('rollback', 'app', '1')
  assert.deepEqual(await live(), [password, 'one'])
  assert.deepEqual(JSON.parse(await helm('get', 'values', 'app', '-o', 'json')), { plain: 'one' })
  assert.match(await flotilla('diff'), /1 unchanged/)
  await helm('uninstall', 'app')
})
