import type { Host } from '../base/host.ts'
import { isObject, valueAt } from '../base/json.ts'
import { KubeError, type KubeRequest } from './client.ts'

/** Attempts after the first. */
const MAX_RETRIES = 5
const FIRST_DELAY_MS = 20

/**
 * What `send` gives, sent again when the server only says that somebody else wrote at the same moment. A request that names the
 * version it was made for is not sent again: its sender has to read first. Neither is one that others' fields stand against.
 */
export async function againAfterRaces(host: Host, send: () => Promise<unknown>, asked: KubeRequest): Promise<unknown> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await send()
    } catch (error) {
      if (attempt === MAX_RETRIES || !isLostRace(error) || namesVersion(asked.body)) throw error
      await host.sleep(FIRST_DELAY_MS * 2 ** attempt * (0.5 + (host.randomBytes(1)[0] as number) / 512), asked.signal)
    }
  }
}

function isLostRace(error: unknown): boolean {
  return error instanceof KubeError && error.reason === 'Conflict' && !error.causes.some(({ reason }) => reason === 'FieldManagerConflict')
}

function namesVersion(body: unknown): boolean {
  if (Array.isArray(body)) return body.some((step) => isObject(step) && step['path'] === '/metadata/resourceVersion')
  return valueAt(body, 'metadata', 'resourceVersion') !== undefined
}
