import { resolve } from 'node:path'
import type { PlanStateOptions } from '../actions/plan-state.ts'
import type { CommandContext } from './command.ts'

type ChartOptions = NonNullable<PlanStateOptions['charts']>

/** What the global options and the settings say of fetching charts. */
export async function chartOptions({
  global,
  settings,
  host,
  signal,
}: Pick<CommandContext, 'global' | 'settings' | 'host' | 'signal'>): Promise<ChartOptions> {
  const { skipDeps = false, locked = false, skipRefresh = false, ociPlainHttp } = global
  const { require, keyring, sources, registries, ...servers } = (await settings()).charts ?? {}
  const signed = require === 'signed' ? { keyring: keyring === undefined ? '' : resolve(host.cwd, keyring) } : {}
  return {
    ...{ skipDeps, locked: locked || require === 'locked', skipRefresh, signal },
    ...(ociPlainHttp && { ociPlainHttp }),
    policy: { ...signed, ...(sources && { sources }) },
    servers: { ...servers, ...(registries !== undefined && { registries: resolve(host.cwd, registries) }) },
  }
}
