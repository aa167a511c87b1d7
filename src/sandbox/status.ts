import type { JsonObject } from '../base/json.ts'

/** One cause of a refusal, as `details.causes` holds it. */
export interface Cause {
  readonly reason: string
  readonly message: string
  readonly field?: string
}

/** Which object or resource a refusal is about. */
export interface Subject {
  readonly group?: string
  /** The plural, or the kind for objects that are invalid. */
  readonly kind?: string
  readonly name?: string
}

/** A refusal with the HTTP status and the fields of the `Status` object that tells it. */
export class ApiError extends Error {
  readonly code: number
  readonly reason: string
  readonly details: JsonObject | undefined

  constructor(code: number, reason: string, message: string, details?: JsonObject) {
    super(message)
    this.name = 'ApiError'
    this.code = code
    this.reason = reason
    this.details = details
  }
}

function detailsOf(subject: Subject, causes: readonly Cause[] = []): JsonObject {
  return {
    ...(subject.name ? { name: subject.name } : {}),
    ...(subject.group ? { group: subject.group } : {}),
    ...(subject.kind ? { kind: subject.kind } : {}),
    ...(causes.length > 0 ? { causes } : {}),
  }
}

function qualified(subject: Subject): string {
  return subject.group ? `${subject.kind}.${subject.group}` : (subject.kind ?? '')
}

/** The `Status` object of a refusal. */
export function statusOf(error: ApiError): JsonObject {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: error.message,
    ...(error.reason ? { reason: error.reason } : {}),
    ...(error.details ? { details: error.details } : {}),
    code: error.code,
  }
}

/** The `Status` object of a deletion that is done. */
export function successStatus(subject: Subject, uid: string): JsonObject {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details: { ...detailsOf(subject), uid } }
}

export function notFound(subject: Subject): ApiError {
  return new ApiError(404, 'NotFound', `${qualified(subject)} "${subject.name}" not found`, detailsOf(subject))
}

export function alreadyExists(subject: Subject): ApiError {
  return new ApiError(409, 'AlreadyExists', `${qualified(subject)} "${subject.name}" already exists`, detailsOf(subject))
}

export function conflict(subject: Subject, why: string): ApiError {
  return new ApiError(409, 'Conflict', `Operation cannot be fulfilled on ${qualified(subject)} "${subject.name}": ${why}`, detailsOf(subject))
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message)
}

export function forbidden(subject: Subject, why: string): ApiError {
  return new ApiError(403, 'Forbidden', `${qualified(subject)} "${subject.name}" is forbidden: ${why}`, detailsOf(subject))
}

export function methodNotAllowed(): ApiError {
  return new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})
}

export function unsupportedMediaType(accepted: readonly string[]): ApiError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`
  return new ApiError(415, 'UnsupportedMediaType', message)
}

/** For objects that break a rule: the message joins all causes as an API server does. `subject.kind` is the kind, not the plural. */
export function invalid(subject: Subject, causes: readonly Cause[]): ApiError {
  const texts = causes.map((cause) => `${cause.field}: ${cause.message}`)
  const unique = [...new Set(texts)]
  const joined = unique.length === 1 ? unique[0] : `[${unique.join(', ')}]`
  const name = subject.name ? ` "${subject.name}"` : ' ""'
  return new ApiError(422, 'Invalid', `${qualified(subject)}${name} is invalid: ${joined}`, detailsOf(subject, causes))
}
