import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { nodeHost } from '../../src/base/host-node.ts'
import { startSandbox } from '../../src/sandbox/start.ts'
import { runFlotilla } from '../support/command-line.ts'
import { repositoryRoot } from '../support/paths.ts'

/** Command lines in this order, and what their standard output must be. */
const runs: readonly (readonly [string, 'plan' | 'result' | 'comparison' | 'promotion'])[] = [
  ['diff', 'plan'],
  ['apply', 'result'],
  ['diff --set replicas=3', 'plan'],
  ['compare staging production', 'comparison'],
  ['compare production staging --offline', 'comparison'],
  ['promote staging production --force --dry-run', 'promotion'],
  ['promote production staging --offline --force --dry-run', 'promotion'],
  ['sync -l name=web', 'result'],
  ['apply -l name=worker --set replicas=3', 'result'],
  ['rollback worker', 'result'],
  ['test', 'result'],
  ['destroy', 'result'],
  ['diff', 'plan'],
]

describe('JSON output is as schemas/ describe it', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'flotilla-json-'))
  let sandbox: Awaited<ReturnType<typeof startSandbox>>
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true })
  const schemaOf = (name: string): object => JSON.parse(readFileSync(join(repositoryRoot, 'schemas', `${name}.schema.json`), 'utf8'))
  const validators = {
    plan: ajv.compile(schemaOf('plan')),
    result: ajv.compile(schemaOf('result')),
    event: ajv.compile(schemaOf('event')),
    comparison: ajv.compile(schemaOf('comparison')),
    promotion: ajv.compile(schemaOf('promotion')),
  }

  before(async () => {
    cpSync(join(repositoryRoot, 'examples/shop'), cwd, { recursive: true })
    sandbox = await startSandbox(nodeHost({ cwd }), { readyAfterMs: 1 })
    writeFileSync(join(cwd, '.kubeconfig'), sandbox.kubeconfig)
  })
  after(async () => {
    await sandbox.close()
    rmSync(cwd, { recursive: true, force: true })
  })

  for (const [line, kind] of runs) {
    test(line, async () => {
      const env = { PATH: process.env['PATH'], HOME: cwd, KUBECONFIG: join(cwd, '.kubeconfig'), SOPS_AGE_KEY_FILE: join(cwd, 'demo.agekey') }
      const environment = kind === 'plan' || kind === 'result' ? ['-e', 'staging'] : []
      const { stdout, stderr, exit } = await runFlotilla([...environment, ...line.split(' '), '--output', 'json'], { cwd, env })
      assert.equal(exit, 0, stderr)
      assert.match(stdout, /^\{.*\}\n$/)
      assert.ok(validators[kind](JSON.parse(stdout)), `${ajv.errorsText(validators[kind].errors)}\n${stdout}`)
    })
  }

  test('a failed run too', async () => {
    const env = { PATH: process.env['PATH'], HOME: cwd, KUBECONFIG: join(cwd, '.kubeconfig'), SOPS_AGE_KEY_FILE: join(cwd, 'demo.agekey') }
    writeFileSync(join(cwd, 'failing.yaml'), 'releases: [{ name: web, chart: ./charts/redis, hooks: [{ events: [presync], command: "false" }] }]\n')
    const { stdout, exit } = await runFlotilla(['-f', 'failing.yaml', 'sync', '--output', 'json'], { cwd, env })
    assert.equal(exit, 1)
    assert.ok(validators.result(JSON.parse(stdout)), ajv.errorsText(validators.result.errors))
    assert.equal(JSON.parse(stdout).releases[0].errors[0].code, 'state/hook-failed')
  })

  for (const line of ['sync --set replicas=2', 'test', 'rollback worker', 'destroy']) {
    test(`${line}, event by event`, async () => {
      const env = { PATH: process.env['PATH'], HOME: cwd, KUBECONFIG: join(cwd, '.kubeconfig'), SOPS_AGE_KEY_FILE: join(cwd, 'demo.agekey') }
      if (line === 'test') await runFlotilla(['-e', 'staging', 'sync', '-q'], { cwd, env })
      const { stdout } = await runFlotilla(['-e', 'staging', ...line.split(' '), '--output', 'ndjson'], { cwd, env })
      const events = stdout
        .trimEnd()
        .split('\n')
        .map((text) => JSON.parse(text) as { readonly type: string })
      for (const event of events) assert.ok(validators.event(event), `${ajv.errorsText(validators.event.errors)}\n${JSON.stringify(event)}`)
      assert.deepEqual([events[0]?.type, events.at(-1)?.type], ['plan', 'result'])
      for (const type of ['release-started', 'release-finished'])
        assert.ok(
          events.some((event) => event.type === type),
          type,
        )
    })
  }

  test('and a schema refuses what is not', () => {
    assert.equal(validators.plan({ formatVersion: 1 }), false)
    assert.equal(validators.event({ type: 'phase', at: 'now', release: 'a', phase: 'checking', hookEvent: null }), false)
    assert.equal(validators.comparison({ formatVersion: 1, source: 'a', target: 'b', folded: 0, values: [{}], locks: [], releases: [] }), false)
    assert.equal(validators.promotion({ formatVersion: 1, source: 'a', target: 'b', values: [], left: [], files: [], patch: '' }), false)
    assert.equal(validators.result({ formatVersion: 1, succeeded: true, interrupted: false, durationMs: -1, releases: [] }), false)
  })
})
