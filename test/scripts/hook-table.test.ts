import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { nodeHost } from '../../src/base/host-node.ts'
import { startSandbox } from '../../src/sandbox/start.ts'
import { runFlotilla } from '../support/command-line.ts'
import { repositoryRoot } from '../support/paths.ts'

/** One line of the table of docs/hooks.md. */
interface Row {
  readonly command: string
  readonly release: string
  /** `file: prepare`, `presync`, `postsync!`, … in their order. */
  readonly events: readonly string[]
}

function rowsOf(page: string): readonly Row[] {
  const cells = (line: string): string[] =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim())
  const lines = page.split('\n').filter((line) => line.startsWith('|'))
  const names = cells(lines[0] as string)
  return lines.slice(2).map((line) => {
    const [command = '', release = '', ...marks] = cells(line)
    const events = marks.flatMap((mark, i) => (mark === '' ? [] : [`${names[i + 2]}${mark === '!' ? '!' : ''}`]))
    return { command: command.replaceAll('`', ''), release, events }
  })
}

const EVENTS = 'prepare, preapply, presync, postsync, preuninstall, postuninstall, cleanup'
const FILES: Readonly<Record<string, string>> = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: app\nversion: 1.0.0\n',
  'chart/templates/all.yaml': `apiVersion: v1
kind: ConfigMap
metadata: { name: {{ .Values.name | quote }} }
data: { text: {{ .Values.text | quote }} }
{{- if eq .Values.text "fails" }}
---
apiVersion: batch/v1
kind: Job
metadata: { name: before, annotations: { helm.sh/hook: pre-install } }
spec:
  backoffLimit: 0
  template:
    metadata: { annotations: { sandbox.flotilla.dev/fail: JobFailed } }
    spec: { restartPolicy: Never, containers: [{ name: main, image: job }] }
{{- end }}
`,
}

function stateFile(log: string): string {
  const entry = (prefix: string): string =>
    `{events: [${EVENTS}], command: sh, args: ["-c", "echo '${prefix}{{\`{{ .Event.Name }}{{ with .Event.Error }}!{{ end }}\`}}' >> ${log}"]}`
  return `hooks: [${entry('file: ')}]
releases:
- name: web
  namespace: hooked
  chart: ./chart
  installed: {{ env "INSTALLED" | default "true" }}
  values: [{name: web, text: {{ env "TEXT" | default "as it was" | quote }}}]
  hooks: [${entry('')}]
`
}

/** What has to be there before, and what the command is to see. */
const CASES: Readonly<Record<string, { readonly isThere: boolean; readonly env?: Readonly<Record<string, string>>; readonly exit?: number }>> = {
  install: { isThere: false },
  upgrade: { isThere: true, env: { TEXT: 'changed' } },
  none: { isThere: true },
  uninstall: { isThere: true, env: { INSTALLED: 'false' } },
  gone: { isThere: false, env: { INSTALLED: 'false' } },
  failed: { isThere: false, env: { TEXT: 'fails' }, exit: 1 },
}

describe('docs/hooks.md says which hooks run', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'flotilla-hooks-'))
  const log = join(cwd, 'log')
  let sandbox: Awaited<ReturnType<typeof startSandbox>>

  before(async () => {
    mkdirSync(join(cwd, 'chart/templates'), { recursive: true })
    for (const [path, text] of Object.entries({ ...FILES, 'helmfile.yaml.gotmpl': stateFile(log) })) writeFileSync(join(cwd, path), text)
    sandbox = await startSandbox(nodeHost({ cwd }), { readyAfterMs: 1 })
    writeFileSync(join(cwd, 'kubeconfig'), sandbox.kubeconfig)
  })
  after(async () => {
    await sandbox.close()
    rmSync(cwd, { recursive: true, force: true })
  })

  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    runFlotilla(args, { cwd, env: { PATH: process.env['PATH'], HOME: cwd, KUBECONFIG: join(cwd, 'kubeconfig'), ...env } })

  for (const { command, release, events } of rowsOf(readFileSync(join(repositoryRoot, 'docs/hooks.md'), 'utf8'))) {
    test(`${command}, ${release}`, async () => {
      const given = CASES[release]
      assert.ok(given, `no case is called ${release}`)
      const { isThere, env, exit = 0 } = given
      await run(['destroy'])
      if (isThere) assert.equal((await run(['sync'])).exit, 0)
      writeFileSync(log, '')
      // Destroy removes what is to be installed.
      const found = await run(command.split(' '), command.startsWith('destroy') ? {} : env)
      assert.equal(found.exit, exit, found.stderr)
      assert.deepEqual(readFileSync(log, 'utf8').split('\n').filter(Boolean), events)
    })
  }
})
