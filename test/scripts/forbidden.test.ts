import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { nodeHost } from '../../src/base/host-node.ts'
import { startSandbox } from '../../src/sandbox/start.ts'
import { answeringProxy, refusal } from '../support/answering-proxy.ts'
import { runFlotilla } from '../support/command-line.ts'

describe('a cluster that forbids something', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'flotilla-forbidden-'))
  let sandbox: Awaited<ReturnType<typeof startSandbox>>
  let server: Awaited<ReturnType<typeof answeringProxy>>
  let forbidden = /^$/
  const user = 'User "dev" cannot'

  before(async () => {
    mkdirSync(join(cwd, 'chart/templates'), { recursive: true })
    writeFileSync(join(cwd, 'chart/Chart.yaml'), 'apiVersion: v2\nname: chart\nversion: 1.0.0\n')
    writeFileSync(join(cwd, 'chart/templates/a.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\n')
    const more = '{{ if .Values.more }}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: more }\n{{ end }}'
    writeFileSync(join(cwd, 'chart/templates/more.yaml'), more)
    const installed = '{{ not (get "gone" false .Values) }}'
    writeFileSync(join(cwd, 'helmfile.yaml.gotmpl'), `releases: [{ name: web, namespace: shop, chart: ./chart, installed: ${installed} }]\n`)
    sandbox = await startSandbox(nodeHost({ cwd }), { readyAfterMs: 1 })
    server = await answeringProxy(sandbox.url, ({ method, path }) =>
      forbidden.test(`${method} ${path}`) ? refusal(403, 'Forbidden', `${user} ${method} ${path}`) : undefined,
    )
    writeFileSync(join(cwd, '.kubeconfig'), sandbox.kubeconfig.replaceAll(sandbox.url, server.url))
  })
  after(async () => {
    server.close()
    await sandbox.close()
    rmSync(cwd, { recursive: true, force: true })
  })

  const run = (...args: string[]) => runFlotilla(args, { cwd, env: { HOME: cwd, KUBECONFIG: join(cwd, '.kubeconfig') } })

  test('to list records: nothing is started', async () => {
    forbidden = /^GET .*\/secrets/
    const { stdout, stderr, exit } = await run('apply')
    assert.equal(exit, 1)
    assert.equal(stdout, '')
    assert.match(stderr, /error: .*User "dev" cannot GET .*\[kube\/forbidden\]/)
    assert.match(stderr, /hint: /)
  })

  test('to write an object: the release is failed, and says why', async () => {
    forbidden = /^(PATCH|POST) .*\/configmaps(?!.*dryRun)/
    const { stderr, exit } = await run('apply', '-q', '--suppress-diff')
    assert.equal(exit, 1)
    assert.match(stderr, /^ConfigMap shop\/web: error: .*User "dev" cannot .*configmaps/m)
    forbidden = /^$/
    assert.match((await run('status')).stdout, /^shop\/web +failed +1 /m)
    assert.equal((await run('apply', '-q', '--suppress-diff')).exit, 0)
  })

  test('to delete an object: the plan says so, and nothing is begun', async () => {
    forbidden = /^$/
    const [both, one] = [
      ['--set', 'more=true'],
      ['--set', 'more=false'],
    ]
    assert.equal((await run('apply', '-q', '--suppress-diff', ...both)).exit, 0)
    forbidden = /^DELETE .*\/configmaps/
    for (const command of [['diff'], ['apply'], ['diff', '--state-values-set', 'gone=true']]) {
      const { stdout, stderr, exit } = await run(...command, ...one)
      assert.equal(exit, 1, stderr)
      assert.match(
        stdout,
        /^ {2}ConfigMap shop\/more: error: the server would refuse to delete this: User "dev" cannot DELETE .*\[plan\/denied\]\n {4}hint: /m,
      )
      assert.match(stdout, /^Plan: 1 to (upgrade|uninstall); objects: .*; 1 cannot be carried out$/m)
    }
    forbidden = /^$/
    assert.match((await run('diff', ...both)).stdout, /^Plan: 1 unchanged$/m)
    assert.equal((await run('apply', '-q', '--suppress-diff', ...one)).exit, 0)
  })

  test('to write Leases: that is said once, and the work is done', async () => {
    forbidden = /leases/
    const { stderr, exit } = await run('sync', '-q')
    assert.equal(exit, 0, stderr)
    assert.match(
      stderr,
      /^Lease default\/flotilla\.environment\.default\.[0-9a-f]{10}: warning: this run is not locked against others: Leases may not be written there \[actions\/not-locked\]\n {2}hint: .*lock\.namespace$/m,
    )
    assert.match((await run('status')).stdout, /^shop\/web +deployed /m)
  })
})
