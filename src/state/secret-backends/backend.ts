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
  /** Behind `#/`. */
  readonly fragment: string
  /** The whole reference, as it was written. */
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

const logins = new WeakMap<Host, Map<string, Promise<string>>>()

/** What `logIn` brought the first time in this run; `key` says where and as whom. One that fails is tried again. */
export function loggedIn({ host }: Backend, key: string, logIn: () => Promise<string>): Promise<string> {
  const known = logins.get(host) ?? new Map<string, Promise<string>>()
  logins.set(host, known)
  const token = known.get(key) ?? logIn()
  known.set(key, token)
  return token.catch((error: unknown) => {
    known.delete(key)
    throw error
  })
}

/** A reference without the keys that it may hold in its options. */
export function publicReference(uri: string): string {
  return uri.replace(/([?&](?:[a-z_]*token|apikey)=)[^&#]*/g, '$1(secret)')
}

/** A failure to read the secret that `uri` names; `what` must not hold a secret. */
export function secretFailure(uri: string, what: string, hint?: string): Error {
  return failure('state/secret-ref', `expand ${publicReference(uri)}: ${what}`, hint === undefined ? {} : { hint })
}

/** A JSON object. */
export type Json = { readonly [key: string]: Plain | undefined }

/** The answer as a JSON object. @throws DiagnosticError `state/secret-ref` */
export function jsonOf({ body }: Fetched, query: SecretQuery): Json {
  const value = parseJson(body.toString('utf8'), 'the answer', query)
  if (isObject(value)) return value as Json
  throw secretFailure(query.uri, 'the answer is no JSON object')
}

/** `text` as JSON; `what` names it in messages. @throws DiagnosticError `state/secret-ref` */
export function parseJson(text: string, what: string, { uri }: SecretQuery): Plain {
  try {
    return JSON.parse(text) as Plain
  } catch (error) {
    // The message would quote what may be secret.
    if (!(error instanceof SyntaxError)) throw error
    throw secretFailure(uri, `${what} is no JSON`)
  }
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

/** Secrets that `text` fetches; those with a `#/key` behind them are YAML. */
export function yamlBackend(text: SecretBackend['text']): SecretBackend {
  return { text, map: async (by, query) => mapOfText(await text(by, query), query) }
}

/** Secrets that are texts and nothing else. */
export function textBackend(text: SecretBackend['text']): SecretBackend {
  return {
    text,
    map: async (_by, { uri }) => {
      throw secretFailure(uri, 'such a secret has no keys', 'leave out what follows #')
    },
  }
}

/** A file beside the program. @throws DiagnosticError `state/secret-ref` */
export function readSecretFile({ host }: Backend, path: string, { uri }: SecretQuery): string {
  if (host.fs.stat(path)?.kind !== 'file') throw secretFailure(uri, `open ${path}: no such file or directory`)
  return host.fs.readText(path)
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
