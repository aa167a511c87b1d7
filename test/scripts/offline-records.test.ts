import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { nodeHost } from '../../src/base/host-node.ts'
import { connect } from '../../src/kube/connect.ts'
import { startSandbox } from '../../src/sandbox/start.ts'
import { type Outcome, runFlotilla } from '../support/command-line.ts'
import { writeFiles } from '../support/write-files.ts'

const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: gadgets.offline.example }
spec:
  group: offline.example
  names: { kind: Gadget, plural: gadgets }
  scope: Namespaced
  versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } } }]
`

const files: Readonly<Record<string, string>> = {
  'helmfile.yaml.gotmpl': `environments: { default: { values: [{ gone: false, force: false }] } }
---
releases:
  - { name: web, namespace: shop, chart: ./chart, installed: {{ not .Values.gone }}, force: {{ .Values.force }} }
`,
  'chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 1.0.0\n',
  'chart/values.yaml': 'size: small\n',
  'chart/crds/gadget.yaml': definition,
  'chart/templates/all.yaml': `apiVersion: v1
kind: ConfigMap
metadata: { name: web }
data: { size: {{ .Values.size }}, found: {{ empty (lookup "v1" "ConfigMap" .Release.Namespace "web") | not | quote }} }
{{- if .Capabilities.APIVersions.Has "offline.example/v1" }}
---
apiVersion: offline.example/v1
kind: Gadget
metadata: { name: web }
size: {{ .Values.size }}
{{- end }}
`,
}

describe('without a cluster, but with records', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'flotilla-records-'))
  const env = { PATH: process.env['PATH'], HOME: cwd, KUBECONFIG: join(cwd, 'kubeconfig') }
  let sandbox: Awaited<ReturnType<typeof startSandbox>>

  before(async () => {
    writeFiles(cwd, files)
    sandbox = await startSandbox(nodeHost({ cwd }), { readyAfterMs: 1 })
    writeFileSync(join(cwd, 'kubeconfig'), sandbox.kubeconfig)
    await runFlotilla(['apply', '-q', '--suppress-diff'], { cwd, env })
    // Now that its kind is there, the chart has its object, and has found itself.
    for (const args of [[], ['--server-side', 'false']]) assert.equal((await runFlotilla(['sync', '-q', ...args], { cwd, env })).exit, 0)
    const client = await connect(nodeHost({ cwd }), { kubeconfig: join(cwd, 'kubeconfig') })
    const items = await client.list('v1', 'Secret', { labelSelector: 'owner=helm' })
    client.close()
    writeFileSync(join(cwd, 'records.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', metadata: {}, items }, null, 2))
    writeFileSync(join(cwd, 'records.yaml'), items.map((item) => `---\n${JSON.stringify(item)}\n`).join(''))
    writeFileSync(join(cwd, 'empty.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', metadata: {}, items: [] }))
  })
  after(async () => {
    await sandbox.close()
    rmSync(cwd, { recursive: true, force: true })
  })

  const run = (...args: readonly string[]): Promise<Outcome> => runFlotilla([...args, '--offline'], { cwd, env: { ...env, KUBECONFIG: '/nowhere' } })

  for (const records of ['records.json', 'records.yaml']) {
    test(`${records}: what nobody changed is unchanged`, async () => {
      const { stdout, stderr, exit } = await run('diff', '--records', records, '--detailed-exitcode')
      assert.equal(stderr, `compared with the records in ${records}: no cluster is asked, and edits of live objects do not show\n`)
      assert.deepEqual([stdout, exit], ['Plan: 1 unchanged; compared with records\n', 0])
    })
  }

  test('what the chart changes is shown, in custom kinds too, whichever way it was applied', async () => {
    const { stdout, exit } = await run('plan', '--records', 'records.json', '--set', 'size=large', '--detailed-exitcode')
    assert.match(stdout, /^shop\/web: upgrade, revision 3 → 4/m)
    assert.match(stdout, / {2}~ Gadget shop\/web .* will change\n(?: {4}.*\n)* {4}-size: small\n {4}\+size: large\n/)
    assert.match(stdout, /^Plan: 1 to upgrade; objects: 2 to change; compared with records$/m)
    assert.equal(exit, 2)
  })

  test('a release that is no longer wanted goes, and a forced one can be planned', async () => {
    const gone = await run('diff', '--records', 'records.json', '--state-values-set', 'gone=true', '--stat')
    assert.match(gone.stdout, /^Plan: 1 to uninstall; objects: 2 to delete; compared with records$/m)
    const forced = await run('plan', '--records', 'records.json', '--set', 'size=large', '--state-values-set', 'force=true')
    assert.deepEqual([forced.exit, /^Plan: .*$/m.exec(forced.stdout)?.[0]], [0, 'Plan: 1 to upgrade; objects: 2 to change; compared with records'])
  })

  test('programs are told what it was compared with', async () => {
    const of = async (...args: readonly string[]): Promise<unknown> =>
      JSON.parse((await run('diff', '--output', 'json', ...args)).stdout).comparedWith
    assert.deepEqual([await of('--records', 'records.json'), await of()], ['records', 'nothing'])
    const online = await runFlotilla(['diff', '--output', 'json'], { cwd, env })
    assert.equal(JSON.parse(online.stdout).comparedWith, 'cluster')
  })

  test('files that hold none are refused', async () => {
    for (const [file, words] of [
      ['none.json', /there is no file none\.json \[release\/no-such-file\]/],
      ['empty.json', /empty\.json holds no records of releases \[release\/no-records\]\n {2}hint: /],
      ['chart/Chart.yaml', /chart\/Chart\.yaml holds no records of releases \[release\/no-records\]\n {2}note: /],
    ] as const) {
      const { stderr, exit } = await run('diff', '--records', file)
      assert.match(stderr, words)
      assert.equal(exit, 1)
    }
    const { stderr, exit } = await runFlotilla(['diff', '--records', 'records.json'], { cwd, env })
    assert.match(stderr, /--records is for --offline/)
    assert.equal(exit, 3)
  })

  test('a database of records needs no cluster, either', async () => {
    const db = await PGlite.create()
    const server = new PGLiteSocketServer({ db, port: 0, host: '127.0.0.1', maxConnections: 16 })
    await server.start()
    try {
      const [, port] = /:(\d+)$/.exec(server.getServerConn()) ?? []
      const connection = `postgres://postgres@127.0.0.1:${port}/postgres?sslmode=disable`
      const withSql = { ...env, HELM_DRIVER: 'sql', HELM_DRIVER_SQL_CONNECTION_STRING: connection }
      // A process of its own each, whose connections end with it.
      const main = join(import.meta.dirname, '../../src/cli/main.js')
      const started = (args: readonly string[], more = {}): Promise<{ readonly stdout: string; readonly stderr: string }> =>
        promisify(execFile)(process.execPath, [main, ...args], { cwd, env: { ...withSql, ...more } as NodeJS.ProcessEnv })
      await started(['sync', '-q'])
      const { stdout, stderr } = await started(['diff', '--offline', '--set', 'size=large', '--stat'], { KUBECONFIG: '/nowhere' })
      assert.match(stderr, /^compared with the records in the database: /)
      assert.match(stdout, /^Plan: 1 to upgrade; objects: 2 to change; compared with records$/m)
    } finally {
      await server.stop()
      await db.close()
    }
  })
})
