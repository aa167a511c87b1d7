import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { nodeHost } from '../../src/base/host-node.ts'
import { decodePlanFile, encodePlanFile } from '../../src/plan/saved/encode-plan-file.ts'
import { startSandbox } from '../../src/sandbox/start.ts'
import { type Outcome, runFlotilla } from '../support/command-line.ts'
import { repositoryRoot } from '../support/paths.ts'

const files: Readonly<Record<string, string>> = {
  'charts/app/Chart.yaml': 'apiVersion: v2\nname: app\nversion: 1.0.0\n',
  'charts/app/templates/config.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\ndata: {message: {{ .Values.message | default "hello" | quote }}}\n',
  'helmfile.yaml': `
hooks: [{events: [prepare, cleanup], command: "true"}]
releases:
  - {name: web, namespace: shop, chart: ./charts/app, hooks: [{events: [presync], command: "true"}]}
`,
}
const RECIPIENT = 'age1642au5dgxp4qpa896029cce8rmg2r3qkm0kysmts7qlxdhvhcpaqm6mdrq'

const cwd = mkdtempSync(join(tmpdir(), 'flotilla-refusals-'))
const sandboxes: Awaited<ReturnType<typeof startSandbox>>[] = []

function run(line: string, kubeconfig = 'here'): Promise<Outcome> {
  return runFlotilla(line.split(' '), { cwd, env: { PATH: process.env['PATH'], HOME: cwd, KUBECONFIG: join(cwd, kubeconfig) } })
}

/** `web.plan` with its content changed, as another file. */
function forge(name: string, change: (bytes: Uint8Array) => Uint8Array | string): string {
  writeFileSync(join(cwd, name), change(readFileSync(join(cwd, 'web.plan'))))
  return name
}

function contentOf(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  return JSON.parse(gunzipSync(bytes).toString('utf8')) as Readonly<Record<string, unknown>>
}

before(async () => {
  mkdirSync(join(cwd, 'charts/app/templates'), { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text)
  for (const name of ['here', 'elsewhere']) {
    const sandbox = await startSandbox(nodeHost({ cwd }), { readyAfterMs: 1 })
    sandboxes.push(sandbox)
    writeFileSync(join(cwd, name), sandbox.kubeconfig)
  }
})
after(async () => {
  for (const sandbox of sandboxes) await sandbox.close()
  rmSync(cwd, { recursive: true, force: true })
})

describe('a plan file is as its schema describes it', () => {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true })
  const validate = ajv.compile(JSON.parse(readFileSync(join(repositoryRoot, 'schemas/plan-file.schema.json'), 'utf8')) as object)
  const assertValid = (content: unknown): void => assert.ok(validate(content), ajv.errorsText(validate.errors))

  test('in clear, with a warning of the hooks that will not run', async () => {
    const { exit, stderr } = await run('plan -o web.plan')
    assert.equal(exit, 0, stderr)
    assert.match(
      stderr,
      /^warning: the state files have hooks \(cleanup, presync\), which applying the saved plan does not run \[plan\/hooks\]\n {2}hint: run them beside it, or apply without a plan file\nwrote web\.plan, which can be applied until \S+\n$/,
    )
    assertValid(contentOf(readFileSync(join(cwd, 'web.plan'))))
  })

  test('encrypted', async () => {
    assert.equal((await run(`plan -q -o sealed.plan --plan-recipient ${RECIPIENT}`)).exit, 0)
    assertValid(contentOf(readFileSync(join(cwd, 'sealed.plan'))))
  })

  test('and it refuses what is not', () => {
    const { work: _work, ...rest } = contentOf(readFileSync(join(cwd, 'web.plan')))
    assert.equal(validate(rest), false)
    assert.equal(validate({ ...rest, work: { clear: {} } }), false)
  })
})

describe('a plan file that cannot be applied is one clear error', () => {
  const misfit = 3
  const broken = 1
  const cases: readonly (readonly [string, () => string, number, RegExp])[] = [
    ['no such file', () => 'nowhere.plan', broken, /^nowhere\.plan: error: there is no such file \[plan\/no-plan-file\]\n {2}hint: .+\n$/],
    ['a state file', () => 'helmfile.yaml', broken, /^helmfile\.yaml: error: this is no saved plan \[plan\/no-plan-file\]\n {2}hint: .+\n$/],
    [
      'a file that was cut off',
      () => forge('cut.plan', (bytes) => bytes.subarray(0, bytes.length - 20)),
      broken,
      /^cut\.plan: error: this is no saved plan \[plan\/no-plan-file\]\n {2}hint: .+\n$/,
    ],
    [
      'a change by hand',
      () => forge('changed.plan', (bytes) => gzipSync(JSON.stringify({ ...contentOf(bytes), environment: 'production' }))),
      broken,
      /^changed\.plan: error: the plan file is damaged: its content does not match its digest \[plan\/damaged-file\]\n {2}hint: make a new plan\n$/,
    ],
    [
      'a later format',
      () => forge('later.plan', (bytes) => gzipSync(JSON.stringify({ ...contentOf(bytes), formatVersion: 2 }))),
      broken,
      /^later\.plan: error: the plan has format version 2, and this Flotilla reads 1 \[plan\/other-format\]\n {2}hint: .+\n$/,
    ],
    [
      'a plan that is too old',
      () => forge('old.plan', (bytes) => encodePlanFile({ ...decodePlanFile(bytes, 'web.plan'), createdAt: 1000, expiresAt: 2000 })),
      misfit,
      /^old\.plan: error: what this plan rests on is no longer so; nothing was changed \[plan\/stale\]\n {2}note: environment default: the plan was made at 1970-01-01T00:00:01\.000Z and was good until 1970-01-01T00:00:02\.000Z\n {2}hint: .+\n$/,
    ],
  ]
  for (const [name, path, exit, message] of cases) {
    test(name, async () => {
      const outcome = await run(`apply ${path()}`)
      assert.match(outcome.stderr, message)
      assert.deepEqual([outcome.exit, outcome.stdout], [exit, ''])
    })
  }

  test('another cluster', async () => {
    const { exit, stderr } = await run('apply web.plan', 'elsewhere')
    assert.match(
      stderr,
      /^web\.plan: error: .+ \[plan\/stale\]\n {2}note: the current kubeconfig context: the plan is for the cluster \S+ \(\S+\), and this is \S+ \(\S+\)\n {2}hint: .+\n$/,
    )
    assert.equal(exit, misfit)
  })

  test('a second time', async () => {
    assert.equal((await run('apply -q web.plan')).exit, 0)
    const { exit, stderr } = await run('apply web.plan')
    assert.match(stderr, /^web\.plan: error: .+ \[plan\/stale\]\n {2}note: release shop\/web: revision 1 \(deployed\) has come\n {2}hint: .+\n$/)
    assert.equal(exit, misfit)
  })
})
