import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { nodeHost } from '../../src/base/host-node.ts'
import { startSandbox } from '../../src/sandbox/start.ts'
import { type Outcome, runFlotilla } from '../support/command-line.ts'
import { demoKeyFile, placeDemoSecrets } from '../support/demo-secrets.ts'
import { writeFiles } from '../support/write-files.ts'

/** A chart that shows its secret wherever a chart can, and fails with it when asked to. */
const files: Readonly<Record<string, string>> = {
  'helmfile.yaml.gotmpl': `environments: { default: { secrets: [dev.secrets.yaml] } }
---
releases:
  - name: web
    namespace: shop
    chart: ./chart
    secrets: [dev.secrets.yaml]
    values: [{ copy: {{ .Values.database.password | quote }} }]
`,
  'fails.yaml.gotmpl': `environments: { default: { secrets: [dev.secrets.yaml] } }
---
releases: [{ name: web, namespace: shop, chart: ./chart, labels: { x: {{ fail .Values.database.password }} } }]
`,
  'schema.yaml.gotmpl': `environments: { default: { secrets: [dev.secrets.yaml] } }
---
releases: [{ name: web, chart: ./chart, secrets: [dev.secrets.yaml], values: [{ message: {{ .Values.database.password | quote }} }] }]
`,
  'unknown.yaml.gotmpl': `environments: { default: { secrets: [dev.secrets.yaml] } }
---
releases: [{ name: web, chart: ./chart, {{ .Values.database.password | quote }}: 1 }]
`,
  'chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 1.0.0\n',
  'chart/values.yaml': 'copy: ""\nfail: false\nnumber: 1\nmessage: ""\nbad: ""\n',
  'chart/values.schema.json': '{ "properties": { "number": { "type": "integer" }, "copy": { "maxLength": 100 }, "message": { "pattern": "^x*$" } } }',
  'chart/templates/all.yaml': `{{- if .Values.fail }}{{ fail (printf "no: %s" .Values.database.password) }}{{ end }}
apiVersion: v1
kind: Secret
metadata: { name: web }
stringData: { password: {{ .Values.database.password | quote }} }
data: { url: {{ printf "pg://u:%s@db" .Values.database.password | b64enc }} }
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  annotations: { password: {{ .Values.copy | quote }}, url: {{ .Values.copy | urlquery | quote }} }
data:
  plain: {{ .Values.copy | quote }}
  base64: {{ .Values.copy | b64enc }}
  inside: {{ printf "user=me;password=%s" .Values.copy | b64enc }}
  url: {{ printf "https://u:%s@db" (.Values.copy | urlquery) | quote }}
  json: {{ dict "p" .Values.copy | toJson | quote }}
  {{ with .Values.bad }}{{ printf "%s %s" . $.Values.copy | quote }}: bad key{{ end }}
`,
  'stages.yaml': `environments: { one: { secrets: [dev.secrets.yaml] }, two: { values: [two.yaml] } }
---
releases: [{ name: web, namespace: shop, chart: ./chart, values: [web.yaml.gotmpl, copy.yaml] }]
`,
  'two.yaml': 'database: { password: other }\n',
  'web.yaml.gotmpl': 'copy: {{ .Values.database.password }}\n',
  'copy.yaml': '{}\n',
  'chart/templates/NOTES.txt': 'log in with {{ .Values.copy }}\n',
}

const commands: readonly (readonly string[])[] = [
  ['diff'],
  ['diff', '--output', 'json'],
  ['apply', '--set', 'fail=true'],
  ['apply', '--set', 'number=text'],
  ['apply', '--set', 'bad=x'],
  ['apply'],
  ['sync', '--output', 'json'],
  ['diff', '--set', 'copy=other', '--context', '9'],
  ['apply', '--set', 'copy=other'],
  ['rollback', 'web'],
  ['rollback', 'web', '--output', 'json'],
  ['history', 'web'],
  ['history', 'web', '--output', 'json'],
  ['status', '--output', 'json'],
  ['status', 'web'],
  ['get', 'all', 'web'],
  ['get', 'values', 'web', '--all'],
  ['get', 'values', 'web', '--output', 'json'],
  ['get', 'values', 'web', '--output', 'yaml', '--revision', '1'],
  ['get', 'manifest', 'web'],
  ['get', 'hooks', 'web'],
  ['get', 'notes', 'web'],
  ['get', 'metadata', 'web', '--output', 'json'],
  ['values', 'explain', 'web'],
  ['values', 'explain', 'web', 'copy', '--output', 'json'],
  ['-f', 'stages.yaml', 'compare', 'one', 'two'],
  ['-f', 'stages.yaml', 'compare', 'one', 'two', '--offline', '--output', 'json'],
  ['-f', 'stages.yaml', 'promote', 'one', 'two', '--keys', '**', '--output', 'json'],
  ['-f', 'stages.yaml', 'promote', 'one', 'two', '--keys', '**'],
  ['list', '--output', 'json'],
  ['show-dag', '--output', 'json'],
  ['test'],
  ['template', '--set', 'fail=true'],
  ['template', '--set', 'number=text'],
  ['-f', 'fails.yaml.gotmpl', 'list'],
  ['-f', 'fails.yaml.gotmpl', 'apply', '--output', 'json'],
  ['-f', 'schema.yaml.gotmpl', 'diff'],
  ['-f', 'schema.yaml.gotmpl', 'template'],
  ['-f', 'unknown.yaml.gotmpl', 'diff'],
]

describe('what comes out of an encrypted file is never printed', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'flotilla-secrets-'))
  let sandbox: Awaited<ReturnType<typeof startSandbox>>
  let secret = ''

  before(async () => {
    writeFiles(cwd, files)
    secret = await placeDemoSecrets(cwd)
    sandbox = await startSandbox(nodeHost({ cwd }), { readyAfterMs: 1 })
    writeFileSync(join(cwd, '.kubeconfig'), sandbox.kubeconfig)
  })
  after(async () => {
    await sandbox.close()
    rmSync(cwd, { recursive: true, force: true })
  })

  const run = (args: readonly string[]): Promise<Outcome> =>
    runFlotilla(args, { cwd, env: { PATH: process.env['PATH'], HOME: cwd, KUBECONFIG: join(cwd, '.kubeconfig'), SOPS_AGE_KEY_FILE: demoKeyFile } })

  test('in any form, by any command', async () => {
    assert.ok(secret.length > 8)
    const base64 = (text: string): string => Buffer.from(text).toString('base64')
    const forms = [secret, base64(secret), base64(`user=me;password=${secret}`), base64(`pg://u:${secret}@db`), encodeURIComponent(secret)]
    for (const args of commands) {
      const { stdout, stderr } = await run(args)
      const found = forms.filter((form) => `${stdout}${stderr}`.includes(form))
      assert.deepEqual(found, [], `${args.join(' ')}\n${stdout}${stderr}`)
    }
  })

  test('but with --show-secrets, and in what template prints', async () => {
    for (const args of [['diff', '--show-secrets'], ['template']]) assert.ok((await run(args)).stdout.includes(secret), args.join(' '))
  })

  test('and with records.sensitive: omit it is not among the values of records, from which a rollback works', async () => {
    writeFileSync(join(cwd, 'flotilla.config.yaml'), 'records: { sensitive: omit }\n')
    try {
      const get = async (what: string, ...more: readonly string[]): Promise<string> =>
        (await run(['get', what, 'web', '--show-secrets', ...more])).stdout
      assert.equal((await run(['sync', '-q', '--set', 'plain=kept'])).exit, 0)
      assert.equal(await get('values'), 'USER-SUPPLIED VALUES:\nplain: kept\n')
      assert.ok((await get('manifest')).includes(secret), 'what charts render of it stays in the manifest')
      assert.match((await run(['diff', '-q', '--set', 'plain=kept'])).stdout, /1 unchanged/)
      assert.equal((await run(['sync', '-q', '--reuse-values'])).exit, 0)
      assert.equal(await get('values'), 'USER-SUPPLIED VALUES:\nplain: kept\n')
      assert.ok((await get('manifest')).includes(secret), 'and the next revision takes it from the state files')
      assert.equal((await run(['rollback', 'web', '-q', '--yes'])).exit, 0)
      assert.ok((await get('manifest')).includes(secret))
      rmSync(join(cwd, 'flotilla.config.yaml'))
      await run(['sync', '-q'])
      assert.ok((await get('values')).includes(secret), "without the setting Helm's way is kept")
    } finally {
      rmSync(join(cwd, 'flotilla.config.yaml'), { force: true })
    }
  })
})
