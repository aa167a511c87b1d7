import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Host } from '../../src/base/host.ts'
import { nodeHost } from '../../src/base/host-node.ts'

/** A machine with a home and a cache of its own, where waiting takes no time; both go when the test ends. */
export function supplyHost(t: TestContext, env: Readonly<Record<string, string>> = {}): Host {
  const home = mkdtempSync(join(tmpdir(), 'flotilla-supply-'))
  t.after(() => rmSync(home, { recursive: true, force: true }))
  const host = nodeHost({ cwd: home, env: { PATH: process.env['PATH'], HOME: home, ...env } })
  return { ...host, sleep: () => Promise.resolve() }
}
