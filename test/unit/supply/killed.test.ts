import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { FileSystem, Host } from '../../../src/base/host.ts'
import { openSupply, type SupplyScope } from '../../../src/supply/chart-supply.ts'
import { plainChart, sha256 } from '../../support/chart-archive.ts'
import { scopeOf, supplyHost } from '../../support/supply-host.ts'
import { fileListener, startWebServer } from '../../support/web-server.ts'

/** `host` as a process sees it that is killed at its write number `writes` (from 0): half of a file is there, and nothing follows. */
function dyingHost(host: Host, writes: number): { readonly host: Host; readonly isDead: () => boolean } {
  let left = writes
  let dead = false
  const write =
    <A extends readonly unknown[]>(real: (...args: A) => void, halfDone: (...args: A) => void) =>
    (...args: A): void => {
      if (dead || left-- <= 0) {
        if (!dead) halfDone(...args)
        dead = true
        throw new Error('killed')
      }
      real(...args)
    }
  const { fs } = host
  const files: FileSystem = {
    ...fs,
    writeFile: write(fs.writeFile, (path, data) => fs.writeFile(`${path}.4711.tmp`, Buffer.from(data).subarray(0, data.length / 2))),
    makeDir: write(fs.makeDir, () => {}),
    rename: write(fs.rename, () => {}),
    // Whoever is dead tidies up nothing.
    remove: (path) => (dead ? undefined : fs.remove(path)),
  }
  return { host: { ...host, fs: files }, isDead: () => dead }
}

async function load(t: TestContext, host: Host, scope: SupplyScope, chart: string): Promise<string> {
  const supply = openSupply(host)
  t.after(() => supply.close())
  return (await supply.chart(scope, { chart })).metadata.version
}

/** Kills a run at each of its writes, on a machine of its own each time; the next run finds nothing wrong. */
async function killEverywhere(t: TestContext, scopeFor: (host: Host) => SupplyScope, chart: string): Promise<number> {
  for (let writes = 0; ; writes++) {
    const machine = supplyHost(t)
    const { host, isDead } = dyingHost(machine, writes)
    await load(t, host, scopeFor(host), chart).catch((error: Error) => {
      if (!isDead()) throw error
    })
    if (!isDead()) return writes
    assert.equal(await load(t, machine, scopeFor(machine), chart), '1.0.0', `after a death at write ${writes}`)
  }
}

test('a chart of a repository, killed at every write', async (t) => {
  const archive = await plainChart('web', '1.0.0')
  const index = `entries:\n  web:\n  - {version: 1.0.0, urls: [web-1.0.0.tgz], digest: ${sha256(archive)}}\n`
  const { url } = await startWebServer(
    t,
    fileListener(
      new Map<string, Buffer | string>([
        ['/index.yaml', index],
        ['/web-1.0.0.tgz', archive],
      ]),
    ),
  )
  assert.ok((await killEverywhere(t, (host) => scopeOf(host, [{ name: 'shop', url }]), 'shop/web')) >= 4)
})

test('a chart of git, killed at every write', async (t) => {
  const folder = join(supplyHost(t).cwd, 'r')
  mkdirSync(folder)
  const git = (...args: string[]): unknown => execFileSync('git', ['-C', folder, '-c', 'user.name=T', '-c', 'user.email=t@example.test', ...args])
  git('init', '--quiet', '--initial-branch=main')
  execFileSync('sh', ['-c', `mkdir web && printf 'apiVersion: v2\\nname: web\\nversion: 1.0.0\\n' > web/Chart.yaml`], { cwd: folder })
  git('add', '--all')
  git('commit', '--quiet', '--message=x')
  assert.ok((await killEverywhere(t, (host) => scopeOf(host, []), `git::file://${folder}@web`)) >= 2)
})
