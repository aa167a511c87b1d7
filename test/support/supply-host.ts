import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Host } from '../../src/base/host.ts'
import { nodeHost } from '../../src/base/host-node.ts'
import type { RepositorySettings } from '../../src/supply/chart-source.ts'
import { type ChartOrder, openSupply, type SupplyOptions, type SupplyScope } from '../../src/supply/chart-supply.ts'
import type { PinnedSource } from '../../src/supply/pins.ts'

/** A machine with a home and a cache of its own, where waiting takes no time; both go when the test ends. */
export function supplyHost(t: TestContext, env: Readonly<Record<string, string>> = {}): Host {
  const home = mkdtempSync(join(tmpdir(), 'flotilla-supply-'))
  t.after(() => rmSync(home, { recursive: true, force: true }))
  const host = nodeHost({ cwd: home, env: { PATH: process.env['PATH'], HOME: home, ...env } })
  return { ...host, sleep: () => Promise.resolve() }
}

/** What a state file in the host's folder says of charts. */
export function scopeOf(host: Host, repositories: readonly RepositorySettings[], pins: readonly PinnedSource[] = []): SupplyScope {
  return { repositories, baseDir: host.cwd, pins }
}

/** The versions that a run of its own takes for these orders. */
export async function versionsOf(
  t: TestContext,
  host: Host,
  scope: SupplyScope,
  orders: readonly ChartOrder[],
  options: SupplyOptions = {},
): Promise<string[]> {
  const supply = openSupply(host, options)
  t.after(() => supply.close())
  const charts = await Promise.all(orders.map((order) => supply.chart(scope, order)))
  return charts.map(({ metadata }) => metadata.version)
}
