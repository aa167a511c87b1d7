import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { nodeHost } from '../../src/base/host-node.ts'
import { startSandbox } from '../../src/sandbox/start.ts'
import { runFlotilla } from '../support/command-line.ts'
import { writeFiles } from '../support/write-files.ts'

const files: Readonly<Record<string, string>> = {
  'helmfile.yaml': `releases:
  - name: web
    namespace: shop
    chart: ./chart
    values: [values.yaml]
    set: [{ name: token, value: ref+file://./token.txt }]
`,
  'chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 1.0.0\n',
  'chart/templates/all.yaml': `apiVersion: v1
kind: Secret
metadata: { name: web }
stringData: { token: {{ .Values.token | toString | quote }} }
data: { plain: {{ .Values.plain | b64enc }} }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: web }
data: { token: {{ .Values.token | toString | quote }}, url: {{ printf "https://%s@db" (.Values.token | toString) | quote }}, plain: {{ .Values.plain | quote }} }
`,
}

/** All that changes what is shown, and must change nothing else. */
const modes: readonly (readonly string[])[] = [
  [],
  ['--show-secrets'],
  ['--suppress-secrets'],
  ['--suppress', 'ConfigMap', '--suppress', 'Secret'],
  ['--show-only', 'nothing'],
  ['--stat'],
  ['--no-fold', '--context', '0'],
  ['--output', 'json'],
  ['--output', 'json', '--show-secrets'],
  ['--output', 'github'],
  ['--output', 'junit', '--suppress-secrets'],
]

const cwd = mkdtempSync(join(tmpdir(), 'flotilla-modes-'))
let sandbox: Awaited<ReturnType<typeof startSandbox>>

before(async () => {
  writeFiles(cwd, files)
  sandbox = await startSandbox(nodeHost({ cwd }), { readyAfterMs: 1 })
  writeFileSync(join(cwd, '.kubeconfig'), sandbox.kubeconfig)
})
after(async () => {
  await sandbox.close()
  rmSync(cwd, { recursive: true, force: true })
})

const run = (...args: readonly string[]) =>
  runFlotilla(args, { cwd, env: { PATH: process.env['PATH'], HOME: cwd, KUBECONFIG: join(cwd, '.kubeconfig') } })

function set({ token, plain }: { readonly token: string; readonly plain: string }): void {
  writeFileSync(join(cwd, 'token.txt'), token)
  writeFileSync(join(cwd, 'values.yaml'), `plain: ${JSON.stringify(plain)}\n`)
}

// Values that look like marks, are short or common, or differ only where a mask may hide it.
const value = fc.oneof(
  fc.constantFrom('true', '1', 'admin', '(secret)', '(secret 0123ab)', 'S3cr3t-aaaa', 'S3cr3t-aaab', 'S3cr3t-aaaa S3cr3t-aaab'),
  fc.stringMatching(/^[A-Za-z0-9 .:=+/&%"'-]{1,30}$/),
)
const values = fc.record({ token: value, plain: value })

test('what is decided does not depend on what is shown', async () => {
  await fc.assert(
    fc.asyncProperty(values, fc.option(values), async (first, second) => {
      set(first)
      assert.equal((await run('sync', '-q')).exit, 0)
      set(second ?? first)
      const exits = new Set<number>()
      const plans = new Set<string>()
      for (const mode of modes) {
        const { exit, stdout } = await run('diff', '--detailed-exitcode', ...mode)
        exits.add(exit)
        if (mode.includes('json')) plans.add(JSON.stringify((JSON.parse(stdout) as { readonly summary: unknown }).summary))
      }
      assert.deepEqual([exits.size, plans.size], [1, 1])
      const { exit } = await run('apply', '-q', '--suppress-diff', '--detailed-exitcode')
      assert.deepEqual([...exits], [exit])
    }),
    { seed: 3, numRuns: 5 },
  )
})

test('and is printed in the same bytes each time', async () => {
  set({ token: 'S3cr3t-one', plain: 'a' })
  await run('sync', '-q')
  set({ token: 'S3cr3t-two', plain: 'b' })
  for (const mode of modes) assert.deepEqual(await run('diff', ...mode), await run('diff', ...mode), mode.join(' '))
  // Marks tell values apart, and are others once the values are.
  const marks = (text: string): readonly string[] =>
    [...text.matchAll(/\(secret(?:: \d+ bytes,)? ([0-9a-f]{6})\)/g)].map(([, mark]) => mark as string)
  const before = marks((await run('diff')).stdout)
  set({ token: 'S3cr3t-three', plain: 'b' })
  assert.ok(before.length > 3)
  assert.deepEqual(
    marks((await run('diff')).stdout).filter((mark) => before.includes(mark)),
    [],
  )
})
