import type { GlobalValues } from './command.ts'

/** Where charts may come from, as the global options say. */
export interface ChartOptions {
  readonly skipDeps: boolean
  readonly locked: boolean
  readonly skipRefresh: boolean
}

/** What the global options say of fetching charts. */
export function chartOptions({ skipDeps = false, locked = false, skipRefresh = false }: GlobalValues): ChartOptions {
  return { skipDeps, locked, skipRefresh }
}
