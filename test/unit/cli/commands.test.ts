import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { nodeHost } from '../../../src/base/host-node.ts'
import { runCli } from '../../../src/cli/run.ts'
import type { Terminal } from '../../../src/cli/terminal.ts'
import { connect } from '../../../src/kube/connect.ts'

const cwd = mkdtempSync(join(tmpdir(), 'flotilla-commands-'))
after(() => rmSync(cwd, { recursive: true, force: true }))

mkdirSync(join(cwd, 'chart/templates'), { recursive: true })
writeFileSync(join(cwd, 'chart/Chart.yaml'), 'apiVersion: v2\nname: chart\nversion: 1.0.0\n')
writeFileSync(
  join(cwd, 'chart/templates/a.yaml'),
  `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: main, image: "main:1" }] } }
`,
)
writeFileSync(join(cwd, 'helmfile.yaml'), 'releases: [{ name: web, namespace: shop, chart: ./chart }]\n')

/** Answers what `ask` is asked, and stops the command when `stop` is printed. */
function run(args: readonly string[], options: { readonly answer?: string; readonly stopAt?: RegExp } = {}) {
  const controller = new AbortController()
  const printed = { out: '', err: '', asked: '' }
  const note = (to: 'out' | 'err') => (text: string) => {
    printed[to] += text
    if (options.stopAt?.test(printed.err)) controller.abort(new Error('interrupted'))
  }
  const terminal: Terminal = {
    out: note('out'),
    err: note('err'),
    ask: async (question) => {
      printed.asked += question
      return options.answer
    },
    readInput: () => '',
    outIsTerminal: false,
    errIsTerminal: false,
    columns: () => 80,
    rows: () => 24,
  }
  const env = { HOME: cwd, KUBECONFIG: join(cwd, 'kubeconfig') }
  return runCli(nodeHost({ cwd, env }), terminal, args, controller.signal).then((exit) => ({ exit, ...printed }))
}

describe('sandbox', () => {
  test('serves until it is stopped, on the port asked for, and keeps its data', async () => {
    const { exit, err, out } = await run(['sandbox', '--data', 'data', '--write-kubeconfig', 'kubeconfig', '--port', '0', '--ready-after', '1'], {
      stopAt: /Ctrl-C ends it/,
    })
    assert.equal(exit, 0)
    assert.equal(out, '')
    assert.match(err, /^sandbox: listening on http:\/\/127\.0\.0\.1:\d+, kubeconfig in kubeconfig; Ctrl-C ends it\n$/)
    assert.match(readFileSync(join(cwd, 'kubeconfig'), 'utf8'), /^current-context: /m)
    assert.equal(statSync(join(cwd, 'kubeconfig')).mode & 0o777, 0o600)
    assert.ok(existsSync(join(cwd, 'data')))
  })

  for (const [what, args] of [
    ['its kubeconfig', ['--write-kubeconfig', 'helmfile.yaml/kubeconfig']],
    ['its data', ['--data', 'helmfile.yaml/data']],
  ] as const) {
    test(`ends where ${what} cannot be written`, async () => {
      const { exit, err } = await run(['sandbox', ...args])
      assert.equal(exit, 1)
      assert.match(err, /^error: cannot make the folder ".*helmfile\.yaml(\/data)?": .+ \[base\/file\]\n$/)
    })
  }

  test('prints its kubeconfig where no file is named', async () => {
    assert.match((await run(['sandbox'], { stopAt: /Ctrl-C ends it/ })).out, /^apiVersion: v1/)
  })
})

describe('questions', () => {
  const cases: readonly (readonly [string, RegExp, RegExp])[] = [
    ['n', /^nothing was changed\n$/, /not installed/],
    ['', /^nothing was changed\n$/, /not installed/],
    ['Y', /^installing /, /deployed/],
  ]
  for (const [answer, err, status] of cases) {
    test(`"${answer}"`, async () => {
      const done = await run(['-i', '--sandbox-data', 'asked', 'apply', '--suppress-diff'], { answer })
      assert.equal(done.exit, 0)
      assert.equal(done.asked, 'Apply this plan? [y/N]: ')
      assert.match(done.err, err)
      assert.match((await run(['--sandbox-data', 'asked', 'status'])).out, status)
    })
  }
})

describe('options that only the cluster shows', () => {
  /** What `see` finds in the sandbox of a folder. */
  async function inCluster<T>(data: string, see: (client: Awaited<ReturnType<typeof connect>>) => Promise<T>): Promise<T> {
    const { startSandbox } = await import('../../../src/sandbox/start.ts')
    const host = nodeHost({ cwd })
    const running = await startSandbox(host, { dataDir: data, readyAfterMs: 1 })
    writeFileSync(join(cwd, 'see.kubeconfig'), running.kubeconfig)
    const client = await connect(host, { kubeconfig: 'see.kubeconfig' })
    try {
      return await see(client)
    } finally {
      client.close()
      await running.close()
    }
  }

  for (const [mode, operation] of [
    ['true', 'Apply'],
    ['false', 'Update'],
  ] as const) {
    test(`--server-side ${mode} writes with the operation ${operation}`, async () => {
      const data = `server-side-${mode}`
      assert.equal((await run(['--sandbox-data', data, 'sync', '-q', '--server-side', mode])).exit, 0)
      const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' }
      const fields = await inCluster(data, async (client) => (await client.get(ref))?.metadata.managedFields)
      const managers = fields as unknown as readonly { readonly manager: string; readonly operation: string }[]
      assert.equal(managers.find(({ manager }) => manager === 'helm')?.operation, operation)
    })
  }

  for (const [mode, left] of [
    ['orphan', 1],
    ['background', 0],
  ] as const) {
    test(`--cascade ${mode} leaves ${left} ReplicaSets`, async () => {
      const data = `cascade-${mode}`
      assert.equal((await run(['--sandbox-data', data, 'sync', '-q', '--wait'])).exit, 0)
      assert.equal((await run(['--sandbox-data', data, 'destroy', '-q', '--cascade', mode, '--deleteWait'])).exit, 0)
      const sets = await inCluster(data, (client) => client.list('apps/v1', 'ReplicaSet', { namespace: 'shop' }))
      assert.equal(sets.length, left)
    })
  }
})
