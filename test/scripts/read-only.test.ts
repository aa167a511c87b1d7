import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Host } from '../../src/base/host.ts'
import { nodeHost } from '../../src/base/host-node.ts'
import { runCli } from '../../src/cli/run.ts'
import { startSandbox } from '../../src/sandbox/start.ts'
import { repositoryRoot } from '../support/paths.ts'

/** In this order, on one cluster. */
const COMMANDS: readonly string[] = [
  'list',
  'build',
  'build --embed-values',
  'show-dag',
  'print-env',
  'template',
  'lint',
  'values web',
  'values explain web',
  'deps',
  'repos',
  'diff',
  'plan',
  'apply --wait',
  'status',
  'history web',
  'test',
  'sync --set replicas=2',
  'rollback web',
  'destroy',
]

const WRITES = ['writeFile', 'makeDir', 'remove', 'rename', 'touch'] as const

/** `host`, on which nothing can be written in `folder`: permissions do not stop everybody. */
function guarded(host: Host, folder: string): Host {
  const refused = WRITES.map((name) => [
    name,
    (...args: readonly [string, ...unknown[]]): unknown => {
      const touched = args.filter((arg) => typeof arg === 'string' && arg.startsWith(`${folder}/`))
      if (touched.length > 0) throw new Error(`${name} ${touched.join(' ')} in a folder that is read-only`)
      return (host.fs[name] as (...all: readonly unknown[]) => unknown)(...args)
    },
  ])
  return { ...host, fs: { ...host.fs, ...(Object.fromEntries(refused) as Partial<Host['fs']>) } }
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .toSorted()
}

/** What lies in a folder, as one text. */
function digestOf(folder: string): string {
  const hash = createHash('sha256')
  for (const path of filesIn(folder)) hash.update(`${path}\0${statSync(path).isFile() ? readFileSync(path) : ''}\0`)
  return hash.digest('hex')
}

function setWritable(folder: string, isWritable: boolean): void {
  for (const path of [...filesIn(folder), folder]) {
    const { mode } = statSync(path)
    chmodSync(path, isWritable ? mode | 0o200 : mode & ~0o222)
  }
}

describe('a checkout that nobody may write to', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'flotilla-read-only-'))
  const home = mkdtempSync(join(tmpdir(), 'flotilla-read-only-home-'))
  let sandbox: Awaited<ReturnType<typeof startSandbox>>

  before(async () => {
    cpSync(join(repositoryRoot, 'examples/shop'), cwd, { recursive: true })
    setWritable(cwd, false)
    sandbox = await startSandbox(nodeHost({ cwd: home }), { readyAfterMs: 1 })
    writeFileSync(join(home, 'kubeconfig'), sandbox.kubeconfig)
  })
  after(async () => {
    await sandbox.close()
    setWritable(cwd, true)
    for (const folder of [cwd, home]) rmSync(folder, { recursive: true, force: true })
  })

  async function run(line: string): Promise<{ readonly exit: number; readonly err: string }> {
    let err = ''
    const terminal = {
      out: () => {},
      err: (text: string) => {
        err += text
      },
      ask: async () => undefined,
      readInput: () => '',
      outIsTerminal: false,
      errIsTerminal: false,
      columns: () => 80,
      rows: () => 24,
    }
    const env = { HOME: home, TMPDIR: home, KUBECONFIG: join(home, 'kubeconfig'), SOPS_AGE_KEY_FILE: join(cwd, 'demo.agekey') }
    const exit = await runCli(guarded(nodeHost({ cwd, env }), cwd), terminal, ['-e', 'dev', ...line.split(' ')], new AbortController().signal)
    return { exit, err }
  }

  test('is enough for every command, and stays as it is', async () => {
    const before = digestOf(cwd)
    for (const line of COMMANDS) {
      const { exit, err } = await run(line)
      assert.equal(exit, 0, `${line}\n${err}`)
    }
    assert.equal(digestOf(cwd), before)
  })

  test('what has to be written there says so', async () => {
    const { exit, err } = await run('write-values --output-file-template values.yaml')
    assert.equal(exit, 1)
    assert.match(err, /values\.yaml/)
  })
})
