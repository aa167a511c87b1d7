import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { Fetched, Fetcher, FetchRequest, Trust } from './fetcher.ts'
import { publicUrl } from './public-url.ts'
import { type RegistryCredential, registryCredential } from './registry-credentials.ts'

/** How a registry is reached. */
export interface RegistryAccess {
  /** `host` or `host:port`. */
  readonly registry: string
  readonly plainHttp?: boolean
  readonly trust?: Trust
  readonly username?: string
  readonly password?: string
}

/** Sends requests to one registry as whoever may. */
export interface RegistrySession {
  /** @param scope what is to be done: `repository:charts/web:pull` */
  send(request: FetchRequest, scope: string): Promise<Fetched>
}

const MAX_TOKEN_BYTES = 1024 * 1024
/** What the specification has clients assume. */
const DEFAULT_TOKEN_SECONDS = 60

interface Token {
  readonly header: string
  readonly expires: number
}

interface Challenge {
  readonly scheme: 'bearer' | 'basic'
  readonly parameters: ReadonlyMap<string, string>
}

/**
 * A session whose tokens are fetched when the registry asks for them, shared by requests of the same scope, and fetched anew
 * when they have expired, in the middle of a run too.
 *
 * @throws (later) DiagnosticError `supply/unauthorized`, `supply/bad-registry`, and what asking for credentials throws
 * Source: distribution/distribution docs/spec/auth/token.md, oauth.md; RFC 9110 section 11
 */
export function openSession(host: Host, fetcher: Fetcher, access: RegistryAccess): RegistrySession {
  let credential: Promise<RegistryCredential | undefined> | undefined
  const tokens = new Map<string, Promise<Token>>()
  const given = access.username ? { username: access.username, password: access.password ?? '' } : undefined
  const credentialNow = (): Promise<RegistryCredential | undefined> => {
    credential ??= given ? Promise.resolve(given) : registryCredential(host, access.registry)
    return credential
  }
  const login = async (challenge: Challenge, scope: string): Promise<Token> => {
    const first = await authorize(host, fetcher, access, { challenge, scope, credential: await credentialNow() })
    if (first !== undefined) return first
    // Helpers hand out credentials that expire: they are asked once more.
    credential = given ? credential : undefined
    const second = given ? undefined : await authorize(host, fetcher, access, { challenge, scope, credential: await credentialNow() })
    if (second !== undefined) return second
    throw denied(access)
  }
  const renewed = (challenge: Challenge, scope: string, stale: Promise<Token> | undefined): Promise<Token> => {
    const current = tokens.get(scope)
    // Another request may have renewed it already.
    if (current !== undefined && current !== stale) return current
    const next = login(challenge, scope)
    tokens.set(scope, next)
    return next
  }
  const attempt = async (request: FetchRequest, scope: string): Promise<{ readonly answer: Fetched; readonly used: Promise<Token> | undefined }> => {
    const used = tokens.get(scope)
    const token = await used
    const isFresh = token !== undefined && token.expires > host.now()
    const answer = await fetcher.fetch({ ...request, ...(isFresh ? { authorization: token.header } : {}) })
    return { answer, used }
  }
  return {
    send: async (request, scope) => {
      let { answer, used } = await attempt(request, scope)
      // A token may run out between being handed out and being looked at, so one refusal of a new one is no verdict.
      for (let tries = 0; answer.status === 401 && tries < 2; tries++) {
        const challenge = challengeOf(answer.headers['www-authenticate'])
        if (!challenge) break
        if (tries > 0 && challenge.scheme === 'basic') credential = given ? credential : undefined
        await renewed(challenge, scope, used)
        ;({ answer, used } = await attempt(request, scope))
      }
      if (answer.status === 401 || answer.status === 403) throw denied(access)
      return answer
    },
  }
}

function denied({ registry }: RegistryAccess): Error {
  return failure('supply/unauthorized', `the registry ${registry} denies access`, {
    hint: `run "flotilla chart login ${registry}" or "docker login ${registry}", or give username and password in repositories`,
  })
}

/** The first challenge that can be met; undefined where there is none. */
export function challengeOf(header: string | undefined): Challenge | undefined {
  const match = /^\s*(bearer|basic)(?:\s+(.*))?$/i.exec(header ?? '')
  if (!match) return undefined
  const parameters = new Map<string, string>()
  for (const [, name = '', quoted, bare = ''] of (match[2] ?? '').matchAll(/([A-Za-z_-]+)\s*=\s*(?:"([^"]*)"|([^\s,"]+))/g)) {
    parameters.set(name.toLowerCase(), quoted ?? bare)
  }
  return { scheme: (match[1] as string).toLowerCase() as Challenge['scheme'], parameters }
}

interface Login {
  readonly challenge: Challenge
  readonly scope: string
  readonly credential: RegistryCredential | undefined
}

function basicHeader({ username, password }: RegistryCredential): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

/** A header to go on with, or undefined when the credentials are refused. */
async function authorize(host: Host, fetcher: Fetcher, access: RegistryAccess, login: Login): Promise<Token | undefined> {
  const { challenge, credential } = login
  if (challenge.scheme === 'basic') return credential && { header: basicHeader(credential), expires: Number.POSITIVE_INFINITY }
  const asked = host.now()
  const answer = await fetcher.fetch(tokenRequest(access, login))
  if (answer.status !== 200) return undefined
  const { token, seconds } = tokenIn(answer.body, access)
  return { header: `Bearer ${token}`, expires: asked + seconds * 1000 }
}

function tokenRequest(access: RegistryAccess, { challenge, scope, credential }: Login): FetchRequest {
  const realm = realmOf(access, challenge)
  const service = challenge.parameters.get('service') ?? ''
  const wanted = challenge.parameters.get('scope') || scope
  const common = { maxBytes: MAX_TOKEN_BYTES, ...(access.trust && realm.host === access.registry ? { trust: access.trust } : {}) }
  if (credential?.identityToken) {
    const form = { grant_type: 'refresh_token', service, scope: wanted, client_id: 'flotilla', refresh_token: credential.identityToken }
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    return { ...common, url: realm.href, method: 'POST', headers, body: new URLSearchParams(form).toString() }
  }
  if (service) realm.searchParams.set('service', service)
  if (wanted) realm.searchParams.set('scope', wanted)
  return { ...common, url: realm.href, ...(credential ? { authorization: basicHeader(credential) } : {}) }
}

/** Where tokens come from. A registry reached over TLS may not have passwords sent in the clear. */
function realmOf(access: RegistryAccess, { parameters }: Challenge): URL {
  const text = parameters.get('realm') ?? ''
  const realm = URL.canParse(text) ? new URL(text) : undefined
  if (realm?.protocol === 'https:' || (realm?.protocol === 'http:' && access.plainHttp)) return realm
  throw failure(
    'supply/bad-registry',
    `the registry ${access.registry} names no place for tokens that can be trusted: ${publicUrl(text) || '(none)'}`,
  )
}

function tokenIn(body: Buffer, { registry }: RegistryAccess): { readonly token: string; readonly seconds: number } {
  let answer: { readonly token?: unknown; readonly access_token?: unknown; readonly expires_in?: unknown }
  try {
    answer = JSON.parse(body.toString('utf8')) as typeof answer
  } catch {
    // The parser's message would quote the answer, which holds a token.
    answer = {}
  }
  const token = answer.token ?? answer.access_token
  const seconds = typeof answer.expires_in === 'number' && answer.expires_in > 0 ? answer.expires_in : DEFAULT_TOKEN_SECONDS
  if (typeof token === 'string' && token !== '' && !/[\r\n]/.test(token)) return { token, seconds }
  throw failure('supply/bad-registry', `the registry ${registry} gave an answer without a token`)
}
