import { formatDuration } from './duration.ts'
import { formatTable } from './table.ts'

/** What a run took; times in milliseconds, sizes in bytes. */
export interface Timings {
  readonly totalMs: number
  readonly cpuMs: number
  readonly peakBytes: number
  /** One after another, in their order. */
  readonly phases: readonly { readonly name: string; readonly ms: number }[]
  /** Requests to clusters, each attempt counted, by `METHOD resource`. */
  readonly requests: ReadonlyMap<string, number>
  /** Bodies, unpacked; streams are not counted. */
  readonly sentBytes: number
  readonly receivedBytes: number
}

/** What a run took, for people: phases, then requests, the most frequent first. */
export function formatTimings({ totalMs, cpuMs, peakBytes, phases, requests, sentBytes, receivedBytes }: Timings): string {
  const sorted = [...requests].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  const count = sorted.reduce((sum, [, n]) => sum + n, 0)
  const rows = [
    ...phases.map(({ name, ms }) => [name, formatDuration(ms)]),
    ['total', `${formatDuration(totalMs)}, ${formatDuration(cpuMs)} of processor time, ${size(peakBytes)} of memory at most`],
    ['requests', count === 0 ? 'none' : `${count}, ${size(sentBytes)} sent, ${size(receivedBytes)} received`],
    ...sorted.map(([what, n]) => [`  ${what}`, String(n)]),
  ]
  return `\n${formatTable(['PHASE', 'TOOK'], rows)}`
}

function size(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`
}

/** What a run took, for programs. */
export function timingsDocument(timings: Timings): unknown {
  const { totalMs, cpuMs, peakBytes, phases, requests, sentBytes, receivedBytes } = timings
  return {
    totalMs: Math.round(totalMs),
    cpuMs: Math.round(cpuMs),
    peakBytes,
    phases: phases.map(({ name, ms }) => ({ name, ms: Math.round(ms) })),
    requests: Object.fromEntries([...requests].sort(([a], [b]) => (a < b ? -1 : 1))),
    sentBytes,
    receivedBytes,
  }
}
