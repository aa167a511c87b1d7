/** One call of a chain in which templates execute one another through a function, as far as it could be seen. */
export interface SeenCall {
  /** The template it started. */
  readonly name: string
  /** What Go writes for it: `template: x:1:2: executing "x" at <include "y">: error calling include: `. */
  readonly text: string
}

/** Where a chain would have ended, and what Go writes for the calls up to there. */
export interface EndlessChain {
  readonly reason: string
  readonly text: string
}

/** Calls that are made up from the ring at most. */
const MAX_CALLS = 100_000

/**
 * Follows a chain of calls that repeats itself to the call that `refuse` would not have let pass.
 *
 * JavaScript's stack ends after some hundred calls, long before most counters of such calls; but templates without end run in a
 * ring, so the calls that are missing are known.
 *
 * @param calls outermost first
 * @param refuse takes the names of the templates called, one after the other, up to the one it refuses, and says why
 */
export function followEndlessCalls(calls: readonly SeenCall[], refuse: (names: Iterable<string>) => string): EndlessChain {
  const ring = ringOf(calls)
  let taken = 0
  const names = function* (): Generator<string> {
    const limit = ring === undefined ? calls.length : MAX_CALLS
    for (; taken < limit; ) yield callAt(calls, ring ?? 0, taken++).name
  }
  const reason = refuse(names())
  if (ring === undefined) return { reason, text: '' }
  return { reason, text: Array.from({ length: taken }, (_, i) => callAt(calls, ring, i).text).join('') }
}

function callAt(calls: readonly SeenCall[], ring: number, index: number): SeenCall {
  const beyond = index - calls.length
  const at = beyond < 0 ? index : calls.length - ring + (beyond % ring)
  return calls[at] as SeenCall
}

/** Length of the ring the second half of the calls runs in, or undefined when it is none, or one too long to be sure of. */
function ringOf(calls: readonly SeenCall[]): number | undefined {
  const from = Math.floor(calls.length / 2)
  for (let length = 1; length <= from / 2; length++) if (isRing(calls, from, length)) return length
  return undefined
}

function isRing(calls: readonly SeenCall[], from: number, length: number): boolean {
  for (let i = from; i < calls.length; i++) {
    const [call, before] = [calls[i], calls[i - length]]
    if (call?.name !== before?.name || call?.text !== before?.text) return false
  }
  return true
}
