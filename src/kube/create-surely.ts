import { DiagnosticError } from '../base/diagnostic.ts'
import { ExchangeError } from '../base/http-exchange.ts'
import { isObject } from '../base/json.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import { KubeError } from './client.ts'

const MAX_RETRIES = 3

/**
 * What `create` gives. When its answer is lost on the way, nobody knows whether the object was made: then `read` tells, and where
 * nothing is, it is made again. An object without a name of its own cannot be looked for.
 *
 * @throws what `create` throws, also where another object has the name
 */
export async function createSurely(
  object: KubeObject,
  create: () => Promise<KubeObject>,
  read: () => Promise<KubeObject | undefined>,
): Promise<KubeObject> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await create()
    } catch (error) {
      const isOpen = isUnclear(error) || (attempt > 0 && error instanceof KubeError && error.reason === 'AlreadyExists')
      if (!isOpen || object.metadata.name === undefined || attempt === MAX_RETRIES) throw error
      const live = await read()
      if (live !== undefined && holds(live, object)) return live
      if (live !== undefined) throw error
    }
  }
}

/** The request may have reached the server, and may have been carried out. */
function isUnclear(error: unknown): boolean {
  if (error instanceof KubeError) return error.status >= 500
  return error instanceof DiagnosticError && error.cause instanceof ExchangeError && !error.cause.unsent
}

/** True when all of `part` is in `whole`: what the server adds does not count. */
function holds(whole: unknown, part: unknown): boolean {
  if (Array.isArray(part)) return Array.isArray(whole) && whole.length === part.length && part.every((item, index) => holds(whole[index], item))
  if (isObject(part)) return isObject(whole) && Object.entries(part).every(([key, value]) => holds(whole[key], value))
  return whole === part
}
