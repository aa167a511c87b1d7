import type { Host } from '../base/host.ts'

type Surroundings = Pick<Host, 'now' | 'randomBytes'>

/** A host that can be had again as it was: the same clock readings and random bytes in the same order. */
export interface Replayable {
  readonly host: Surroundings
  /** Answers from the start as `host` did; what was not asked before is asked now. */
  again(): Surroundings
}

/** `host` with a memory of what it answered, so that a failed render can be repeated exactly and looked at. */
export function replayable(host: Surroundings): Replayable {
  const times: number[] = []
  const bytes: Uint8Array[] = []
  const remembered = <T>(list: T[], answer: T): T => {
    list.push(answer)
    return answer
  }
  return {
    host: { now: () => remembered(times, host.now()), randomBytes: (length) => remembered(bytes, host.randomBytes(length)) },
    again: () => {
      let time = 0
      let drawn = 0
      return { now: () => times[time++] ?? host.now(), randomBytes: (length) => bytes[drawn++] ?? host.randomBytes(length) }
    },
  }
}
