/** How much a chart may hold before reading it stops; sizes in bytes. */
export interface ChartLimits {
  /** Of all files together, unpacked. */
  readonly totalSize: number
  /** Files and folders of one folder or archive. */
  readonly entries: number
  /** Names in one path. */
  readonly pathDepth: number
  /** Archives inside archives and charts inside charts. */
  readonly nesting: number
}

/** Helm's own limit on the size (pkg/chart/loader/archive); the others stop what Helm would take a very long time for. */
export const DEFAULT_CHART_LIMITS: ChartLimits = {
  totalSize: 100 * 1024 * 1024,
  entries: 50_000,
  pathDepth: 100,
  nesting: 30,
}
