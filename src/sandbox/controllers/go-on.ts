import { ApiError } from '../status.ts'

/** Refusals that a controller may meet: it lost a race, its namespace is being deleted, or a template makes no valid object. */
const EXPECTED = new Set([403, 404, 409, 422])

/** Runs a controller's `work`; an expected refusal ends it quietly, because the change that settles the matter asks again. */
export function goOn(work: () => void): void {
  try {
    work()
  } catch (error) {
    if (!(error instanceof ApiError && EXPECTED.has(error.code))) throw error
  }
}
