import { getHeapStatistics } from 'node:v8'

/** How much of the heap may be in use before there is no telling whether the process survives. */
const SAFE_PART = 0.7

/** Whether this thread's JavaScript heap holds more than `bytes`, or is about to end. */
export function isHeapFull(bytes: number): boolean {
  const { used_heap_size: used, heap_size_limit: size } = getHeapStatistics()
  return used > Math.min(bytes, size * SAFE_PART)
}
