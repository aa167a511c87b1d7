/** Starts work of higher priority first; equal priority in the order of asking. */
export type RunInSlot = <T>(priority: number, work: () => Promise<T>) => Promise<T>

interface Waiting {
  readonly priority: number
  readonly start: () => void
}

/**
 * At most `limit` (0 or less: any number) works at once. What is asked for in one turn of the event loop is compared before any of
 * it starts, so that the order of asking does not decide.
 */
export function prioritySlots(limit: number): RunInSlot {
  const free = { slots: limit > 0 ? limit : Number.POSITIVE_INFINITY }
  const waiting: Waiting[] = []
  let isDue = false
  const dispatch = (): void => {
    isDue = false
    waiting.sort((a, b) => b.priority - a.priority)
    while (free.slots > 0 && waiting.length > 0) {
      free.slots--
      waiting.shift()?.start()
    }
  }
  const dispatchSoon = (): void => {
    if (!isDue) setImmediate(dispatch)
    isDue = true
  }
  return (priority, work) =>
    new Promise((resolve, reject) => {
      const start = (): void => {
        work()
          .then(resolve, reject)
          .finally(() => {
            free.slots++
            dispatchSoon()
          })
      }
      waiting.push({ priority, start })
      dispatchSoon()
    })
}
