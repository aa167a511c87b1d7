import type { Host } from '../base/host.ts'
import type { Chart, ChartFile } from '../chart/chart.ts'
import { Budget, filesFromMemory } from '../chart/chart-files.ts'
import { chartFromFiles } from '../chart/chart-from-files.ts'
import { folderFiles } from '../chart/folder-files.ts'
import { DEFAULT_CHART_LIMITS } from '../chart/limits.ts'

/** A chart as rules look at it: single files first, for it may not even load. */
export interface ChartFolder {
  /** As findings about the whole chart name it. */
  readonly name: string
  /** What a path inside the chart is; undefined where nothing is. */
  readonly kindOf: (path: string) => 'file' | 'directory' | undefined
  /** @throws the system's error where it cannot be read */
  readonly read: (path: string) => Uint8Array
  /** @throws DiagnosticError `chart/…` in Helm's words */
  readonly load: () => Promise<Chart>
}

/** The chart folder `path` (absolute) on disk. */
export function folderOnDisk(host: Host, path: string): ChartFolder {
  return {
    name: path,
    kindOf: (inside) => {
      const kind = host.fs.stat(`${path}/${inside}`)?.kind
      return kind === 'other' ? 'file' : kind
    },
    read: (inside) => host.fs.readFile(`${path}/${inside}`),
    load: async () => {
      const budget = new Budget(DEFAULT_CHART_LIMITS)
      return chartFromFiles(folderFiles(host, path, budget), { budget, origin: path })
    },
  }
}

/** A chart whose files are in memory; `load` makes it as a folder with these files would, unless it was made before. */
export function folderInMemory(name: string, files: readonly ChartFile[], loaded?: Chart): ChartFolder {
  const byName = new Map(files.map((file) => [file.name, file]))
  return {
    name,
    kindOf: (path) => {
      if (byName.has(path)) return 'file'
      return files.some((file) => file.name.startsWith(`${path}/`)) ? 'directory' : undefined
    },
    read: (path) => byName.get(path)?.data ?? new Uint8Array(),
    load: async () => {
      if (loaded) return loaded
      const budget = new Budget(DEFAULT_CHART_LIMITS)
      const given = Object.fromEntries(files.map((file) => [file.name, file.data]))
      return chartFromFiles(filesFromMemory(given, budget), { budget, origin: name })
    },
  }
}
