import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { repositoryRoot } from '../../support/paths.ts'

test('a command whose output nobody reads any more is carried out all the same', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-closed-'))
  try {
    writeFileSync(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: c\nversion: 0.1.0\n')
    writeFileSync(join(folder, 'helmfile.yaml'), 'releases: [{name: a, namespace: n, chart: .}]\n')
    const main = join(repositoryRoot, 'dist/src/cli/main.js')
    const child = spawn(process.execPath, [main, '--sandbox-data', 'data', 'apply'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.destroy()
    child.stderr.destroy()
    const [exit] = await once(child, 'exit')
    assert.equal(exit, 0)
    const status = spawn(process.execPath, [main, '--sandbox-data', 'data', 'status'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
    assert.match((await status.stdout.toArray()).join(''), /deployed/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
