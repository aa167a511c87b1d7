import { setImmediate } from 'node:timers/promises'

/**
 * Gives a function that waits until the event loop has gone round once more since it let somebody go: work that never waits for
 * anything is done in pieces between which timers fire and answers arrive.
 */
export function turns(): () => Promise<void> {
  let last: Promise<void> = Promise.resolve()
  return () => {
    last = last.then(() => setImmediate())
    return last
  }
}
