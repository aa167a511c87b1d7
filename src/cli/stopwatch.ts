import type { Clusters } from '../actions/clusters.ts'
import type { Host } from '../base/host.ts'
import type { Timings } from '../report/timings.ts'

/** Takes down what a run costs; there is one where `--timings` is given. */
export interface Stopwatch {
  /** The next phase begins, and the one before it ends. */
  phase(name: string): void
  /** Their requests count too. */
  watch(clusters: Clusters): void
  /** What it has come to so far. */
  read(): Timings
}

/** A stopwatch that runs from now on. */
export function startStopwatch(host: Host): Stopwatch {
  const begun = host.monotonic()
  const phases: { readonly name: string; readonly from: number }[] = []
  const watched: Clusters[] = []
  return {
    phase: (name) => phases.push({ name, from: host.monotonic() }),
    watch: (clusters) => watched.push(clusters),
    read: () => {
      const now = host.monotonic()
      const clients = watched.flatMap((clusters) => [...clusters.opened.values()])
      const requests = new Map<string, number>()
      for (const [what, n] of clients.flatMap((client) => [...client.requestCounts])) requests.set(what, (requests.get(what) ?? 0) + n)
      const sum = (of: 'sentBytes' | 'receivedBytes'): number => clients.reduce((total, client) => total + client.traffic[of], 0)
      return {
        ...host.resources(),
        totalMs: now - begun,
        phases: phases.map(({ name, from }, at) => ({ name, ms: (phases[at + 1]?.from ?? now) - from })),
        requests,
        sentBytes: sum('sentBytes'),
        receivedBytes: sum('receivedBytes'),
      }
    },
  }
}
