import { failure } from '../../base/diagnostic.ts'
import type { Host } from '../../base/host.ts'
import { isObject } from '../../base/json.ts'
import type { Plain } from '../../go/plain.ts'
import type { GoMap, GoValue } from '../../go/values.ts'
import type { Fetched, Fetcher, FetchRequest } from '../../supply/fetcher.ts'
import type { ReadClusterData } from '../cluster-data.ts'
import { decodeText } from '../yaml-text.ts'

/** A reference to a secret that lies on a server. */
export interface SecretQuery {
  /** Behind `provider://`. */
  readonly path: string
  readonly query: URLSearchParams
  /** The whole reference, for messages. */
  readonly uri: string
}

/** What a backend works with. */
export interface Backend {
  readonly host: Host
  readonly fetcher: Fetcher
  /** Undefined where no cluster can be asked. */
  readonly clusterData: ReadClusterData | undefined
}

/** Fetches secrets of one kind of server; what comes back is a text, or a map where the reference has a `#/key`. */
export interface SecretBackend {
  readonly text: (by: Backend, query: SecretQuery) => Promise<string>
  readonly map: (by: Backend, query: SecretQuery) => Promise<GoMap>
}

const MAX_BYTES = 4 * 1024 * 1024

/** The server's answer; `what` names the server in messages. @throws DiagnosticError `state/secret-ref` unless the status is 200 */
export async function askServer(by: Backend, { uri }: SecretQuery, what: string, request: Omit<FetchRequest, 'maxBytes'>): Promise<Fetched> {
  const answer = await by.fetcher.fetch({ ...request, maxBytes: MAX_BYTES })
  if (answer.status === 200) return answer
  throw secretFailure(uri, `${what} answered with status ${answer.status}`)
}

/** A failure to read the secret that `uri` names; `what` must not hold a secret. */
export function secretFailure(uri: string, what: string, hint?: string): Error {
  return failure('state/secret-ref', `expand ${uri}: ${what}`, hint === undefined ? {} : { hint })
}

/** The answer as JSON. What cannot be read is not quoted: it may be secret. */
export function jsonOf({ body }: Fetched, { uri }: SecretQuery): { readonly [key: string]: Plain | undefined } {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    if (isObject(value)) return value as { readonly [key: string]: Plain }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw secretFailure(uri, 'the answer is no JSON object')
}

/** `text` as a YAML map. */
export function mapOfText(text: string, { uri }: SecretQuery): GoMap {
  let value: GoValue
  try {
    value = decodeText({ name: uri, text })
  } catch {
    // The message and its excerpt could hold plain text, so neither is kept.
    throw secretFailure(uri, 'the secret is no YAML')
  }
  if (value instanceof Map) return value
  throw secretFailure(uri, 'the secret is no map')
}

/** A JSON value as text: texts as they are, everything else as Go's `%v` shows simple values. */
export function textOfJson(value: Plain | undefined): string {
  return typeof value === 'string'
    ? value
    : value === null || value === undefined
      ? '<nil>'
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value)
}

/** A variable that must be set. */
export function requiredVariable({ host }: Backend, name: string, { uri }: SecretQuery): string {
  const value = host.env[name]
  if (value !== undefined && value !== '') return value
  throw secretFailure(uri, `the variable ${name} is not set`, `set ${name}`)
}
