import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setImmediate as immediate } from 'node:timers/promises'
import { nodeHost } from '../../src/base/host-node.ts'
import { connect } from '../../src/kube/connect.ts'
import { startSandbox } from '../../src/sandbox/start.ts'
import { type Answer, type Asked, answeringProxy, refusal } from '../support/answering-proxy.ts'
import { type CommandOptions, type Outcome, runFlotilla } from '../support/command-line.ts'
import { formsOf } from '../support/secret-forms.ts'
import { writeRunnable } from '../support/write-files.ts'

/** Its beginning alone would give it away where a line is cut. */
const SECRET = 's3ntinel "q" & 50% <é> \\ x+y/9d8c7b6a5f4e3d2c1b0a'
const BEGINNING = SECRET.slice(0, 12)

const files: Readonly<Record<string, string>> = {
  'helmfile.yaml': `releases:
  - name: web
    namespace: shop
    chart: ./chart
    values: [values.yaml]
    unitTests: [tests/*_test.yaml]
`,
  'crash.yaml': `releases:
  - { name: web, namespace: shop, chart: ./chart, values: [values.yaml], postRenderer: ./crash.sh }
`,
  'garbage.yaml': `releases:
  - { name: web, namespace: shop, chart: ./chart, values: [values.yaml], postRenderer: ./garbage.sh }
`,
  'killed.yaml': `releases:
  - name: web
    namespace: shop
    chart: ./chart
    values: [values.yaml]
    hooks: [{ events: [presync], command: ./killed.sh, args: ["{{ .Release.Name }}"], showlogs: true }]
`,
  'values.yaml': 'token: ref+file://./token.txt\n',
  'token.txt': SECRET,
  'crash.sh': '#!/bin/sh\ncat >&2\nexit 3\n',
  'garbage.sh': '#!/bin/sh\necho "a: [ $(cat token.txt)"\ncat\n',
  'killed.sh': '#!/bin/sh\ncat token.txt\ncat token.txt >&2\nkill -9 $$\n',
  'chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 1.0.0\n',
  'chart/values.yaml': 'token: none\nmode: ""\n',
  'chart/templates/all.yaml': `{{- if eq .Values.mode "fail" }}{{ fail .Values.token }}{{ end }}
apiVersion: v1
kind: ConfigMap
metadata: { name: web{{ if eq .Values.mode "lint" }} {{ .Values.token }}{{ end }} }
data: { token: {{ .Values.token | quote }}, inside: {{ printf "u:%s@h" .Values.token | b64enc }} }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata:
      labels: { app: web }
      annotations:
        {{- if eq .Values.mode "crash" }}
        sandbox.flotilla.dev/fail: CrashLoopBackOff
        {{- end }}
        sandbox.flotilla.dev/logs: {{ printf "cannot log in with %s\\nnor %s" .Values.token (.Values.token | b64enc) | quote }}
    spec: { containers: [{ name: web, image: "web:1", args: [{{ .Values.token | quote }}] }] }
`,
  'chart/tests/web_test.yaml': `suite: web
templates: [templates/all.yaml]
tests:
  - it: has another token
    documentIndex: 0
    asserts:
      - equal: { path: data.token, value: other }
      - matchRegex: { path: data.inside, pattern: ^other$ }
`,
}

describe('a secret is nowhere in what others say, either', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'flotilla-sentinel-paths-'))
  let sandbox: Awaited<ReturnType<typeof startSandbox>>
  let server: Awaited<ReturnType<typeof answeringProxy>>
  let answerFor: (asked: Asked) => Answer | undefined = () => undefined

  before(async () => {
    writeRunnable(cwd, files)
    sandbox = await startSandbox(nodeHost({ cwd }), { readyAfterMs: 1 })
    server = await answeringProxy(sandbox.url, (asked) => answerFor(asked))
    writeFileSync(join(cwd, '.kubeconfig'), sandbox.kubeconfig.replaceAll(sandbox.url, server.url))
  })
  after(async () => {
    server.close()
    await sandbox.close()
    rmSync(cwd, { recursive: true, force: true })
  })

  /** Runs a command and looks for the secret in all it printed; `expected` is there for the way to have been gone. */
  const check = async (line: string, expected: RegExp, options: Partial<CommandOptions> = {}): Promise<Outcome> => {
    const env = { PATH: process.env['PATH'], HOME: cwd, TMPDIR: cwd, KUBECONFIG: join(cwd, '.kubeconfig'), TERM: 'xterm-256color' }
    const outcome = await runFlotilla(line.split(' '), { cwd, env, ...options })
    const text = outcome.stdout + outcome.stderr
    for (const form of [...formsOf(SECRET), BEGINNING]) assert.ok(!text.includes(form), `${line} shows ${form}\n${text}`)
    assert.match(text, expected, line)
    return outcome
  }

  /** Resolves once the container of the release runs no more. */
  const crashed = async (): Promise<void> => {
    const client = await connect(nodeHost({ cwd }), { kubeconfig: join(cwd, '.kubeconfig') })
    const isOver = async (): Promise<boolean> => JSON.stringify(await client.list('v1', 'Pod', { namespace: 'shop' })).includes('"CrashLoopBackOff"')
    while (!(await isOver())) await immediate()
    client.close()
  }

  const isConfigMap = ({ method, path }: Asked, dryRun: boolean): boolean =>
    (method === 'PATCH' || method === 'POST') && path.includes('/configmaps') && path.includes('dryRun') === dryRun

  /** The ways in which servers say again what they were sent. */
  const echoes: readonly (readonly [string, (body: string) => Answer, RegExp])[] = [
    [
      'a policy',
      (body) => refusal(422, 'Invalid', `ConfigMap "web" is invalid: ValidatingAdmissionPolicy 'p' denied request: ${body}`),
      /denied request: .*\(secret\)/,
    ],
    [
      'a webhook that quotes it',
      (body) => refusal(403, 'Forbidden', `admission webhook "w" denied the request: ${JSON.stringify(body)}`),
      /denied the request: .*\(secret\)/,
    ],
    [
      'a webhook in base64',
      (body) => refusal(400, 'BadRequest', `admission webhook "w": ${Buffer.from(body).toString('base64')}`),
      /webhook \\?"w\\?": /,
    ],
    ['a proxy in HTML', (body) => ({ status: 400, type: 'text/html', body: `<h1>Bad</h1><pre>${body}</pre>` }), /400|Bad/],
    ['a proxy in a URL', (body) => ({ status: 400, type: 'text/plain', body: `see /log?body=${encodeURIComponent(body)}` }), /400|see/],
  ]
  for (const [index, [name, echo, expected]] of echoes.entries()) {
    test(`${name} that refuses a dry run`, async () => {
      answerFor = (asked) => (isConfigMap(asked, true) ? echo(asked.body) : undefined)
      for (const line of ['diff --output github', 'plan --output json', 'apply --output ndjson', 'apply --log-level debug --output junit'])
        await check(`-n default ${line}`, expected)
      answerFor = () => undefined
    })
    test(`${name} that refuses a write`, async () => {
      answerFor = (asked) => (isConfigMap(asked, false) ? echo(asked.body) : undefined)
      for (const line of ['sync', 'sync --output json', 'apply --output ndjson', 'apply --log-level debug --output junit'])
        await check(`-n wet-${index} ${line}`, expected)
      await check(`-n wet-${index} sync`, /web/, { columns: 70 })
      await check(`-n wet-${index} history web --output json`, /failed/)
      answerFor = () => undefined
    })
  }

  test('logs and events of what is waited for', async () => {
    const event = (about: Record<string, unknown>, message: string): unknown => ({
      metadata: { name: 'e', namespace: 'shop' },
      involvedObject: about,
      type: 'Warning',
      reason: 'Failed',
      message,
      lastTimestamp: '2026-01-01T00:00:00Z',
    })
    const items = [SECRET, JSON.stringify(SECRET), encodeURIComponent(SECRET)].map((text) =>
      event({ kind: 'Pod', name: 'web' }, `started with ${text}`),
    )
    answerFor = ({ path }) =>
      path.includes('/events') ? { status: 200, body: JSON.stringify({ kind: 'EventList', apiVersion: 'v1', metadata: {}, items }) } : undefined
    await check('sync --set mode=crash', /web/)
    await crashed()
    await check(
      'sync --set mode=crash --wait --timeout 1',
      /started with \(secret\)(?:.|\n)*cannot log in with \(secret\)|cannot log in with \(secret\)(?:.|\n)*started with \(secret\)/,
    )
    await check('sync --set mode=crash --wait --timeout 1 --output json', /\(secret\)/)
    for (const columns of [30, 44, 61, 200]) await check('sync --set mode=crash --wait --timeout 1', /web/, { columns })
    answerFor = () => undefined
  })

  test('programs that fail', async () => {
    await check('-f crash.yaml sync', /crash\.sh" failed(?:.|\n)*\(secret\)/)
    await check('-f crash.yaml diff --output json --log-level debug', /post-renderer/)
    await check('-f garbage.yaml sync', /error parsing YAML/)
    await check('-f killed.yaml sync', /\(secret\)/)
    await check('-f killed.yaml sync --output ndjson', /killed\.sh/, { columns: 50 })
  })

  test('commands on charts', async () => {
    await check('lint --set mode=fail', /\(secret\)/)
    await check('lint --set mode=lint', /\(secret\)/)
    await check('unittest', /\(secret\)/)
    await check('unittest --output junit', /\(secret\)/)
    await check('chart template chart -f values.yaml --set mode=fail', /./)
    await check('template --set mode=fail', /\(secret\)/)
  })
})
