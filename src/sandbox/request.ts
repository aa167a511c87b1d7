import { isObject, type JsonObject } from '../base/json.ts'
import { badRequest, invalid } from './status.ts'
import type { WatchSink } from './watch-objects.ts'
import type { WriteContext } from './write-object.ts'

/** A request after authentication, its body read. */
export interface ApiRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: string
  /** Media type without parameters. */
  readonly contentType: string
  readonly accept: string
  readonly userAgent: string
  readonly address: string
}

/** An answer: a text, or a stream of watch events. */
export type ApiResponse =
  | { readonly status: number; readonly text: string; readonly contentType?: string; readonly warnings?: readonly string[] }
  | { readonly watch: (sink: WatchSink) => void }

/** A JSON text's value. @throws ApiError 400 when it is none */
export function parseBody(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw badRequest(`the object provided is unrecognized (must be of type Object): ${(error as Error).message}`)
  }
}

/** Who a request says it is: its field manager, or the first word of its user agent. */
function managerOf(request: ApiRequest): string {
  return (request.query.get('fieldManager') ?? '') || (request.userAgent.split('/')[0] ?? '').slice(0, 128) || 'unknown'
}

/** @throws ApiError 400 for another dry run than `All` */
export function contextOf(request: ApiRequest): WriteContext {
  const dryRun = request.query.getAll('dryRun').filter((value) => value !== '')
  if (dryRun.some((value) => value !== 'All')) {
    const kind = { POST: 'CreateOptions', PUT: 'UpdateOptions', DELETE: 'DeleteOptions' }[request.method] ?? 'PatchOptions'
    throw invalid({ group: 'meta.k8s.io', kind }, [
      { reason: 'FieldValueNotSupported', message: `Unsupported value: ${JSON.stringify(dryRun)}: supported values: "All"`, field: 'dryRun' },
    ])
  }
  return { manager: managerOf(request), dryRun: dryRun.length > 0 }
}

/** The body of a request as an object. @throws ApiError 400 */
export function bodyObject(request: ApiRequest): JsonObject {
  const body = parseBody(request.body)
  if (!isObject(body)) throw badRequest('the object provided is unrecognized (must be of type Object)')
  return body
}
