import { isObject, type JsonObject, objectOf, objectsOf, textOf, valueAt } from '../base/json.ts'
import { KubeError, type KubeErrorDetails } from './client.ts'
import { type PathParts, parsePath } from './paths.ts'
import type { TransportAnswer } from './transport.ts'

/** What was asked, as far as a refusal tells it. */
export interface Asked {
  readonly method: string
  readonly path: string
}

/** Reasons of answers that carry no Status object, as the API machinery names them. */
const REASONS: ReadonlyMap<number, string> = new Map([
  [400, 'BadRequest'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'NotFound'],
  [405, 'MethodNotAllowed'],
  [406, 'NotAcceptable'],
  [409, 'Conflict'],
  [410, 'Gone'],
  [413, 'RequestEntityTooLarge'],
  [415, 'UnsupportedMediaType'],
  [422, 'Invalid'],
  [429, 'TooManyRequests'],
  [500, 'InternalError'],
  [503, 'ServiceUnavailable'],
  [504, 'Timeout'],
])

const MAX_MESSAGE = 2_000

/** The JSON of an answer. @throws KubeError for every status but success, and for a success that is no JSON */
export function jsonOf(answer: TransportAnswer, asked: Asked): unknown {
  if (answer.status >= 200 && answer.status < 300) return parsed(answer, asked)
  throw refusal(answer, asked)
}

function parsed(answer: TransportAnswer, asked: Asked): unknown {
  if (answer.body.length === 0) return {}
  try {
    return JSON.parse(answer.body.toString('utf8')) as unknown
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new KubeError(answer.status, 'NotAcceptable', `the answer to ${asked.method} ${asked.path} is not JSON`)
  }
}

/** The error for a refused request. */
export function refusal(answer: TransportAnswer, asked: Asked): KubeError {
  const status = statusObject(answer)
  return status === undefined ? plainRefusal(answer, asked) : statusRefusal(status, answer.status, asked)
}

/** The error for a Status object, such as a watch sends one in the middle. */
export function statusRefusal(status: JsonObject, httpStatus: number, asked: Asked): KubeError {
  const code = typeof status['code'] === 'number' && status['code'] >= 400 ? status['code'] : httpStatus
  const reason = textOf(status['reason']) || reasonOf(code)
  const causes = objectsOf(valueAt(status, 'details', 'causes')).map((cause) => ({
    ...(typeof cause['reason'] === 'string' ? { reason: cause['reason'] } : {}),
    ...(typeof cause['message'] === 'string' ? { message: cleaned(cause['message'], asked) } : {}),
    ...(typeof cause['field'] === 'string' ? { field: cause['field'] } : {}),
  }))
  const message = cleaned(textOf(status['message']), asked) || `${reasonOf(code)} (status ${code})`
  return new KubeError(code, reason, message, causes, { ...detailsOf(code, asked), ...(isUnknownPath(status) ? { code: 'kube/unknown-kind' } : {}) })
}

function plainRefusal(answer: TransportAnswer, asked: Asked): KubeError {
  const text = answer.body.toString('utf8', 0, MAX_MESSAGE).trim()
  const isProse = text !== '' && !text.startsWith('<') && !text.startsWith('{')
  const message = isProse
    ? cleaned(text, asked)
    : `the server answered with status ${answer.status} to ${asked.method} ${asked.path.split('?', 1)[0]}`
  const details = { ...detailsOf(answer.status, asked), ...(answer.status === 404 ? { code: 'kube/unknown-kind' } : {}) }
  return new KubeError(answer.status, reasonOf(answer.status), message, [], details)
}

/** A path that is not served at all answers like a missing object, but its details name none. */
function isUnknownPath(status: JsonObject): boolean {
  const details = objectOf(status['details'])
  return status['reason'] === 'NotFound' && details['name'] === undefined && details['kind'] === undefined && details['group'] === undefined
}

function statusObject(answer: TransportAnswer): JsonObject | undefined {
  try {
    const content: unknown = JSON.parse(answer.body.toString('utf8'))
    return isObject(content) && content['kind'] === 'Status' ? content : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function reasonOf(status: number): string {
  return REASONS.get(status) ?? (status >= 500 ? 'InternalError' : 'Unknown')
}

function detailsOf(status: number, asked: Asked): KubeErrorDetails {
  const parts = parsePath(asked.path)
  const subject =
    parts?.name === undefined ? undefined : `${parts.resource} ${parts.namespace === undefined ? '' : `${parts.namespace}/`}${parts.name}`
  return { ...(subject === undefined ? {} : { subject }), ...adviceOn(status, asked, parts) }
}

function adviceOn(status: number, asked: Asked, parts: PathParts | undefined): KubeErrorDetails {
  if (status === 401) return { hint: 'log in again: the server does not accept the credentials of this kubeconfig context' }
  if (status !== 403) return {}
  const what = parts === undefined ? asked.path : `${verbOf(asked, parts)} ${parts.resource}`
  const where = parts?.namespace === undefined ? '' : ` in namespace ${parts.namespace}`
  return { notes: [{ text: `tried to ${what}${where}` }], hint: `ask for a role that may ${what}${where}` }
}

/** The verb as roles spell it. */
function verbOf(asked: Asked, parts: PathParts): string {
  if (asked.method === 'GET') return parts.name !== undefined ? 'get' : /[?&]watch=/.test(asked.path) ? 'watch' : 'list'
  if (asked.method === 'POST') return 'create'
  if (asked.method === 'PUT') return 'update'
  return asked.method.toLowerCase()
}

/** What the server quotes of a Secret stays out of messages. */
function cleaned(message: string, asked: Asked): string {
  const short = message.slice(0, MAX_MESSAGE)
  if (parsePath(asked.path)?.resource !== 'secrets') return short
  return short.replace(/error found in #.*$/s, 'error found in the object').replace(/Invalid value: (?:"(?:[^"\\]|\\.)*"|[^:]*)/g, 'Invalid value')
}
