import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { nodeHost } from '../../src/base/host-node.ts'
import { startSandbox } from '../../src/sandbox/start.ts'
import { type Outcome, runFlotilla } from '../support/command-line.ts'

const volume = `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data-{{ .Release.Name }}}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`
const names = ['one', 'two', 'three', 'four']
const files: Readonly<Record<string, string>> = {
  'charts/app/Chart.yaml': 'apiVersion: v2\nname: app\nversion: 1.0.0\n',
  'charts/app/templates/volume.yaml': `{{ if .Values.keep | default "yes" | eq "yes" }}\n${volume}{{ end }}`,
  'helmfile.yaml': `releases: [${names.map((name) => `{name: ${name}, namespace: shop, chart: ./charts/app}`).join(', ')}]\n`,
  'flotilla.config.yaml': 'policy: {confirm: changes}\n',
}

describe('what destroys something is confirmed by its name', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'flotilla-confirm-'))
  let sandbox: Awaited<ReturnType<typeof startSandbox>>

  before(async () => {
    mkdirSync(join(cwd, 'charts/app/templates'), { recursive: true })
    for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text)
    sandbox = await startSandbox(nodeHost({ cwd }), { readyAfterMs: 1 })
    writeFileSync(join(cwd, '.kubeconfig'), sandbox.kubeconfig)
  })
  after(async () => {
    await sandbox.close()
    rmSync(cwd, { recursive: true, force: true })
  })

  const steps: readonly (readonly [command: string, answers: readonly string[], exit: number, asked: string, happened: boolean])[] = [
    ['apply', [''], 0, 'Apply this plan? [y/N]: \nnothing was changed\n', false],
    ['apply', ['no'], 0, 'Apply this plan? [y/N]: no\nnothing was changed\n', false],
    ['apply', ['y'], 0, 'Apply this plan? [y/N]: y\n', true],
    ['apply', [], 0, '', false],
    [
      '-l name=one apply --set keep=no',
      ['yes'],
      0,
      'This destroys:\n  PersistentVolumeClaim shop/data-one of shop/one\nApply this plan? Type data-one to go ahead: yes\nnothing was changed\n',
      false,
    ],
    [
      '-l name=one apply --set keep=no',
      ['data-one'],
      0,
      'This destroys:\n  PersistentVolumeClaim shop/data-one of shop/one\nApply this plan? Type data-one to go ahead: data-one\n',
      true,
    ],
    [
      '-l name=two destroy',
      ['three'],
      0,
      'This destroys:\n  release shop/two\nRemove these releases? Type two to go ahead: three\nnothing was changed\n',
      false,
    ],
    // More than three names: the environment's stands for them.
    ['destroy', ['four'], 0, 'Remove these releases? Type default to go ahead: four\nnothing was changed\n', false],
    ['destroy', ['default'], 0, 'Remove these releases? Type default to go ahead: default\n', true],
  ]
  for (const [command, answers, exit, asked, happened] of steps) {
    test(`policy.confirm: changes; ${command}, answered with ${JSON.stringify(answers)}`, async () => {
      const env = { PATH: process.env['PATH'], HOME: cwd, KUBECONFIG: join(cwd, '.kubeconfig') }
      const outcome = await runFlotilla(command.split(' '), { cwd, env, answers })
      assert.equal(outcome.exit, exit, outcome.stderr)
      assert.equal(outcome.stderr.includes(asked), true, `asked\n${asked}\nbut was\n${outcome.stderr}`)
      assert.equal(/^\d+ done in /m.test(outcome.stdout), happened, outcome.stdout)
    })
  }

  test('policy.confirm: destructive asks for that alone', async () => {
    writeFileSync(join(cwd, 'flotilla.config.yaml'), 'policy: {confirm: destructive}\n')
    const env = { PATH: process.env['PATH'], HOME: cwd, KUBECONFIG: join(cwd, '.kubeconfig') }
    const run = (command: string, answers: readonly string[]): Promise<Outcome> => runFlotilla(command.split(' '), { cwd, env, answers })
    assert.equal((await run('-l name=one apply', [])).exit, 0)
    const wrong = await run('-l name=one destroy', ['One'])
    assert.match(wrong.stderr, /Type one to go ahead: One\nnothing was changed\n$/)
    assert.doesNotMatch(wrong.stdout, /done in/)
    assert.match((await run('-l name=one destroy', ['one'])).stdout, /^1 done in /m)
  })
})
