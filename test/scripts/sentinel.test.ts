import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { nodeHost } from '../../src/base/host-node.ts'
import { startSandbox } from '../../src/sandbox/start.ts'
import { type Outcome, runFlotilla } from '../support/command-line.ts'
import { demoKeyFile, placeDemoSecrets } from '../support/demo-secrets.ts'
import { formsOf } from '../support/secret-forms.ts'
import { writeRunnable } from '../support/write-files.ts'

/** Values as only a test would choose them: each says by which way it came in. */
const sentinels = {
  file: 'f1le-S3cr3t "q" & 50% <é> \\ x+y/9d8c7b',
  set: 'se7-S3cr3t-0a1b2c3d4e5f6a7b8c9d',
  variable: 'var1able-S3cr3t-ffeeddccbbaa',
  pem: '-----BEGIN THING-----\nMIIBVgIBADANBgkqhkiG9w0BAQEFAASCAUAwggE8\nAgEAAkEAq7BFUpkGp3FQmlmYeT0k2kmXKxeyp9wQ\n-----END THING-----',
} as const

const rotated = 'f1le-R0tated-but-secret-still-7777'

const REFS = `- message: plain
  fromFile: ref+file://./file.txt
  fromVariable: ref+envsubst://$SENTINEL
  pem: ref+file://./pem.txt
`

const template = `{{- $v := .Values }}
{{- if eq $v.mode "fail" }}{{ fail (printf "no: %s %s" $v.fromFile $v.database.password) }}{{ end }}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ if eq $v.mode "name" }}{{ $v.fromSet | quote }}{{ else }}web{{ end }}
  annotations:
    file: {{ $v.fromFile | quote }}
    url: {{ printf "https://u:%s@db?x=%s" (urlquery $v.fromFile) $v.fromSet | quote }}
data:
  plain: {{ $v.fromFile | quote }}
  base64: {{ $v.fromFile | b64enc }}
  inside: {{ printf "user=me;password=%s;x" $v.fromFile | b64enc }}
  twice: {{ dict "a" ($v.fromSet | b64enc) | toJson | b64enc }}
  json: {{ dict "p" $v.fromFile "pem" $v.pem | toJson | quote }}
  jsonjson: {{ dict "p" $v.fromFile | toJson | toJson | quote }}
  script: |
    #!/bin/sh
    export A='{{ $v.fromVariable }}'
{{ $v.pem | indent 4 }}
  env: {{ $v.fromVariable }}
  sops: {{ $v.database.password }}
---
apiVersion: v1
kind: Secret
metadata: { name: web }
stringData: { file: {{ $v.fromFile | quote }}, pem: {{ $v.pem | quote }} }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: {{ if eq $v.mode "immutable" }}{{ $v.fromSet | quote }}{{ else }}web{{ end }} } }
  template:
    metadata: { labels: { app: {{ if eq $v.mode "immutable" }}{{ $v.fromSet | quote }}{{ else }}web{{ end }} } }
    spec:
      containers:
        - name: web
          image: web:1
          args: ["--token={{ $v.fromSet }}", {{ printf "--file=%s" $v.fromFile | quote }}]
          env: [{ name: SOPS, value: {{ $v.database.password | quote }} }, { name: V, value: {{ $v.fromVariable | quote }} }]
---
apiVersion: batch/v1
kind: Job
metadata: { name: migrate, annotations: { helm.sh/hook: "pre-install,pre-upgrade", helm.sh/hook-output-log-policy: "hook-succeeded,hook-failed" } }
spec:
  backoffLimit: 0
  template:
    metadata:
      annotations:
        {{- if eq $v.mode "job" }}
        sandbox.flotilla.dev/fail: Failed
        {{- end }}
        sandbox.flotilla.dev/logs: {{ printf "migrating with %s\\nand %s\\n%s" $v.fromFile $v.fromSet $v.pem | quote }}
    spec: { restartPolicy: Never, containers: [{ name: migrate, image: "main:1", args: [{{ $v.fromSet | quote }}] }] }
`

/** Hooks run with a secret as an argument, and print it; while they run they look for it in every file. */
const HOOKS = `
    hooks:
      - { name: first, events: [prepare], command: echo, showlogs: true, args: ["first {{ .Values.database.password }}"] }
      - { name: log, events: [presync, postsync, cleanup], command: ./scan.sh, showlogs: true, args: ["{{ .Values.database.password }}"] }
      - { name: apply, events: [presync], kubectlApply: { filename: extra.yaml }, showlogs: true }
`

const files: Readonly<Record<string, string>> = {
  'helmfile.yaml.gotmpl': `environments: { default: { secrets: [dev.secrets.yaml] } }
---
releases:
  - name: web
    namespace: shop
    chart: ./chart
    secrets: [dev.secrets.yaml]
    values: [values.yaml]
    set: [{ name: fromSet, value: ref+file://./set.txt }]
${HOOKS}`,
  'values.yaml': `${REFS.replace(/^- /, '  ').replace(/^ {2}/gm, '')}mode: ""\n`,
  'failing-hook.yaml.gotmpl': `environments: { default: { secrets: [dev.secrets.yaml] } }
---
releases:
  - name: other
    namespace: other
    chart: ./chart
    secrets: [dev.secrets.yaml]
    values: [values.yaml]
    set: [{ name: fromSet, value: ref+file://./set.txt }]
    hooks:
      - { events: [presync], command: sh, args: [-c, "echo {{ .Values.database.password }}; echo no {{ .Values.database.password }} >&2; exit 3"] }
`,
  'patched.yaml.gotmpl': `environments: { default: { secrets: [dev.secrets.yaml] } }
---
releases:
  - name: patched
    namespace: patched
    chart: ./chart
    secrets: [dev.secrets.yaml]
    values: [values.yaml]
    set: [{ name: fromSet, value: ref+file://./set.txt }]
    jsonPatches: [{ target: { version: v1, kind: ConfigMap, name: web }, patch: [{ op: replace, path: /data/plain, value: {{ .Values.database.password | quote }} }] }]
`,
  'chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 1.0.0\n',
  'chart/values.yaml': 'mode: ""\n',
  'chart/values.schema.json':
    '{ "properties": { "number": { "type": "integer" }, "mode": { "maxLength": 20 }, "fromSet": { "pattern": "^[^!]*$" } } }',
  'chart/templates/all.yaml': template,
  'chart/templates/NOTES.txt': 'log in with {{ .Values.fromFile }}, {{ .Values.fromSet | b64enc }} or\n{{ .Values.pem }}\n',
  'extra.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: extra }\n',
  // What is looked through: all files but those the secrets come from.
  'scan.sh': `#!/bin/sh
echo hook with "$1" and "$(cat file.txt)"
for s in "$1" "$(cat set.txt)" "$SENTINEL"; do
  grep -rlF -e "$s" -e "$(printf %s "$s" | base64 -w0)" --exclude=file.txt --exclude=set.txt --exclude=pem.txt . "$TMPDIR" >> "$FOUND"
done
exit 0
`,
  'file.txt': sentinels.file,
  'set.txt': sentinels.set,
  'pem.txt': sentinels.pem,
}

const commands: readonly (readonly string[])[] = [
  ['diff'],
  ['diff', '--output', 'json'],
  ['plan', '-o', 'one.plan'],
  ['show', 'one.plan'],
  ['show', 'one.plan', '--output', 'json'],
  ['apply', '--set', 'mode=fail'],
  ['apply', '--set', 'number=text'],
  ['apply', '--set', 'mode=much-longer-than-twenty-letters'],
  ['apply', '--set', 'mode=name'],
  ['apply', '--set', 'mode=job', '--log-level', 'debug'],
  ['apply', '--log-level', 'debug', '--wait'],
  ['apply', '--set', 'mode=immutable', '--output', 'ndjson'],
  ['sync', '--output', 'ndjson'],
  ['sync', '--output', 'json'],
  ['sync', '--output', 'junit'],
  ['-f', 'failing-hook.yaml.gotmpl', 'sync'],
  ['-f', 'failing-hook.yaml.gotmpl', 'sync', '--output', 'junit'],
  ['-f', 'patched.yaml.gotmpl', 'diff'],
  ['-f', 'patched.yaml.gotmpl', 'sync'],
  ['history', 'web', '--output', 'json'],
  ['status'],
  ['list', '--output', 'json'],
  ['values', 'explain', 'web'],
  ['values', 'explain', 'web', 'fromSet', '--output', 'json'],
]

/** Once the file's secret is another one, the old one is a secret still. */
const commandsAfterRotation: readonly (readonly string[])[] = [
  ['diff', '--context', '-1'],
  ['diff', '--output', 'json'],
  ['diff', '--output', 'github'],
  ['diff', '--output', 'gitlab', '--no-fold'],
  ['diff', '--output', 'junit'],
  ['plan', '-o', 'two.plan'],
  ['show', 'two.plan', '--output', 'github'],
  ['apply', 'two.plan'],
  ['rollback', 'web', '--output', 'ndjson'],
  ['rollback', 'web'],
  ['sync', '--set', 'fromSet=other', '-i'],
  ['destroy', '--output', 'ndjson'],
]

describe('a secret is nowhere in what comes out', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'flotilla-sentinel-'))
  const temporary = mkdtempSync(join(tmpdir(), 'flotilla-sentinel-tmp-'))
  const found = join(mkdtempSync(join(tmpdir(), 'flotilla-sentinel-found-')), 'found.txt')
  let sandbox: Awaited<ReturnType<typeof startSandbox>>
  const secrets: string[] = [...Object.values(sentinels), rotated]

  before(async () => {
    writeRunnable(cwd, files)
    writeFileSync(found, '')
    secrets.push(await placeDemoSecrets(cwd))
    sandbox = await startSandbox(nodeHost({ cwd }), { readyAfterMs: 1 })
    writeFileSync(join(cwd, '.kubeconfig'), sandbox.kubeconfig)
  })
  after(async () => {
    await sandbox.close()
    for (const folder of [cwd, temporary, dirname(found)]) rmSync(folder, { recursive: true, force: true })
  })

  const run = (args: readonly string[]): Promise<Outcome> => {
    const env = { PATH: `${join(cwd, 'bin')}:${process.env['PATH']}`, HOME: temporary, TMPDIR: temporary, KUBECONFIG: join(cwd, '.kubeconfig') }
    return runFlotilla(args, { cwd, env: { ...env, SOPS_AGE_KEY_FILE: demoKeyFile, SENTINEL: sentinels.variable, FOUND: found } })
  }

  const check = async (args: readonly string[]): Promise<Outcome> => {
    const outcome = await run(args)
    const text = outcome.stdout + outcome.stderr
    for (const secret of secrets) for (const form of formsOf(secret)) assert.ok(!text.includes(form), `${args.join(' ')} shows ${form}\n${text}`)
    return outcome
  }

  test('before and while it is installed', async () => {
    const outcomes = new Map<string, Outcome>()
    for (const args of commands) outcomes.set(args.join(' '), await check(args))
    const of = (line: string): string => `${outcomes.get(line)?.stdout}${outcomes.get(line)?.stderr}`
    // Each way was gone: there is something hidden in what was printed.
    for (const [line, expected] of [
      ['apply --set mode=fail', /no: \(secret\) \(secret\)/],
      ['apply --set mode=name', /Invalid value: .*\(secret\)/],
      ['apply --set mode=job --log-level debug', /migrating with \(secret\)/],
      ['apply --log-level debug --wait', /log in with \(secret\)/],
      ['apply --log-level debug --wait', /hook with \(secret\)/],
      ['apply --log-level debug --wait', /configmap\/extra (?:created|unchanged)/],
      ['apply --set mode=immutable --output ndjson', /\(secret\).*field is immutable/],
      ['-f failing-hook.yaml.gotmpl sync', /no \(secret\)/],
      ['-f patched.yaml.gotmpl diff', /\(secret/],
    ] as const) {
      assert.match(of(line), expected, line)
    }
  })

  test('and once it is another one', async () => {
    writeFileSync(join(cwd, 'file.txt'), rotated)
    for (const args of commandsAfterRotation) await check(args)
  })

  test('nor in a file that was written meanwhile, or is left', () => {
    assert.equal(readFileSync(found, 'utf8'), '')
    const written = [...filesIn(temporary), ...filesIn(cwd)].filter((path) => !/(?:file|set|pem)\.txt$/.test(path))
    assert.ok(written.some((path) => path.endsWith('one.plan')))
    for (const path of written) {
      const bytes = readFileSync(path)
      const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('latin1')
      for (const secret of secrets)
        for (const form of formsOf(secret)) assert.ok(!text.includes(Buffer.from(form).toString('latin1')), `${path} holds ${form}`)
    }
  })
})

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => statSync(path).isFile())
}
