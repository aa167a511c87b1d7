import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { failure } from '../../base/diagnostic.ts'
import type { Host } from '../../base/host.ts'
import { isObject, type JsonObject, objectOf, textOf } from '../../base/json.ts'
import { bearer, type Credentials, pem } from './credential.ts'

/** How long before its expiry a token counts as expired. */
const EXPIRY_MARGIN_MS = 10_000
const MAX_ANSWER_BYTES = 1024 * 1024
const TIMEOUT_MS = 30_000

/**
 * The id token of an `oidc` auth provider, renewed with its refresh token when it expires or is refused. What the issuer
 * hands out stays in memory: the kubeconfig is not rewritten.
 *
 * @throws DiagnosticError `kube/oidc` when there is no token and none can be had
 * Source: k8s.io/client-go 0.37 plugin/pkg/client/auth/oidc; OpenID Connect Core 1.0 section 12
 */
export function oidcCredentials(host: Host, provider: JsonObject): Credentials {
  const config = objectOf(provider['config'])
  let token = textOf(config['id-token'])
  let refreshToken = textOf(config['refresh-token'])
  let renewing: Promise<void> | undefined
  const renew = async (): Promise<void> => {
    const answer = await refreshGrant(host, config, refreshToken)
    token = textOf(answer['id_token'])
    if (token === '') throw oidcFailure('the issuer sent no id token')
    refreshToken = textOf(answer['refresh_token']) || refreshToken
  }
  return {
    current: async () => {
      if (expiryOf(token) - EXPIRY_MARGIN_MS <= host.now()) {
        renewing ??= renew().finally(() => {
          renewing = undefined
        })
        await renewing
      }
      return { headers: bearer(token) }
    },
    refresh: () => {
      if (refreshToken === '') return false
      token = ''
      return true
    },
  }
}

/** Milliseconds since the epoch; 0 for what is no token, Infinity for a token without an expiry. */
function expiryOf(token: string): number {
  const payload = token.split('.')[1]
  if (payload === undefined) return 0
  try {
    const exp: unknown = objectOf(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')))['exp']
    return typeof exp === 'number' ? exp * 1000 : Infinity
  } catch (error) {
    if (error instanceof SyntaxError) return 0
    throw error
  }
}

async function refreshGrant(host: Host, config: JsonObject, refreshToken: string): Promise<JsonObject> {
  const issuer = textOf(config['idp-issuer-url'])
  const clientId = textOf(config['client-id'])
  if (refreshToken === '') throw oidcFailure('the id token has expired and there is no refresh token')
  if (issuer === '' || clientId === '') throw oidcFailure('idp-issuer-url and client-id are needed to renew the id token')
  const ca = pem(
    host,
    textOf(config['idp-certificate-authority']) || undefined,
    textOf(config['idp-certificate-authority-data']) || undefined,
    'issuer certificate authority',
  )
  const discovered = await askIssuer(`${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`, undefined, ca)
  const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken, client_id: clientId })
  const secret = textOf(config['client-secret'])
  if (secret !== '') form.set('client_secret', secret)
  return askIssuer(textOf(discovered['token_endpoint']), form.toString(), ca)
}

function askIssuer(address: string, form: string | undefined, ca: string | undefined): Promise<JsonObject> {
  if (!URL.canParse(address)) throw oidcFailure('the issuer names no usable address')
  const url = new URL(address)
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest
  const headers = form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(form) }
  return new Promise((done, fail) => {
    const sent = request(
      url,
      { method: form === undefined ? 'GET' : 'POST', headers, timeout: TIMEOUT_MS, ...(ca === undefined ? {} : { ca }) },
      (answer) => {
        readIssuer(answer, url).then(done, fail)
      },
    )
    sent.on('timeout', () => sent.destroy(new Error('timed out')))
    sent.on('error', (error) => fail(oidcFailure(`the issuer ${url.host} cannot be reached: ${error.message}`)))
    sent.end(form)
  })
}

async function readIssuer(answer: IncomingMessage, url: URL): Promise<JsonObject> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_ANSWER_BYTES) throw oidcFailure(`the answer of the issuer ${url.host} is too large`)
    chunks.push(chunk)
  }
  if (answer.statusCode !== 200) throw oidcFailure(`the issuer ${url.host} answered with status ${answer.statusCode ?? 0}`)
  try {
    const content: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    if (isObject(content)) return content
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw oidcFailure(`the answer of the issuer ${url.host} is not a JSON object`)
}

function oidcFailure(summary: string): Error {
  return failure('kube/oidc', summary, { hint: 'log in again with the tool that wrote this kubeconfig entry' })
}
