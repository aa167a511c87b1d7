import { createSign } from 'node:crypto'
import { join } from 'node:path'
import { valueAt } from '../../base/json.ts'
import type { Plain } from '../../go/plain.ts'
import { askServer, type Backend, jsonOf, loggedIn, parseJson, type SecretQuery, secretFailure } from './backend.ts'

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform'
const TOKEN_URL = 'https://oauth2.googleapis.com/token'
const HOUR_SECONDS = 3600

/**
 * A token for Google's services: of the service account or the user in `GOOGLE_APPLICATION_CREDENTIALS` or in gcloud's folder, else
 * of the machine's own account.
 * @throws DiagnosticError `state/secret-ref`
 * Source: Google's Application Default Credentials, RFC 7523
 */
export function googleToken(by: Backend, query: SecretQuery): Promise<string> {
  return loggedIn(by, 'google', async () => {
    const credentials = credentialsOf(by, query)
    const answer = credentials === undefined ? await askMachine(by, query) : await askWith(by, query, credentials)
    const token = answer['access_token']
    if (typeof token === 'string') return token
    throw secretFailure(query.uri, 'the login brought no token')
  })
}

function credentialsOf({ host }: Backend, query: SecretQuery): Plain | undefined {
  const named = host.env['GOOGLE_APPLICATION_CREDENTIALS']
  const path = named || join(host.env['CLOUDSDK_CONFIG'] || join(host.homeDir, '.config/gcloud'), 'application_default_credentials.json')
  if (host.fs.stat(path)?.kind !== 'file') {
    if (named) throw secretFailure(query.uri, `open ${path}: no such file or directory`)
    return undefined
  }
  return parseJson(host.fs.readText(path), path, query)
}

type Answer = ReturnType<typeof jsonOf>

async function askMachine(by: Backend, query: SecretQuery): Promise<Answer> {
  const host = by.host.env['GCE_METADATA_HOST'] || 'metadata.google.internal'
  const url = `http://${host}/computeMetadata/v1/instance/service-accounts/default/token`
  return jsonOf(await askServer(by, query, 'the metadata server', { url, headers: { 'metadata-flavor': 'Google' } }), query)
}

async function askWith(by: Backend, query: SecretQuery, credentials: Plain): Promise<Answer> {
  const { type, token_uri: url = TOKEN_URL, ...rest } = texts(credentials)
  const proofs: Readonly<Record<string, () => Readonly<Record<string, string>>>> = {
    service_account: () => ({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: assertion(by, rest, url) }),
    authorized_user: () => ({
      grant_type: 'refresh_token',
      client_id: rest['client_id'] ?? '',
      client_secret: rest['client_secret'] ?? '',
      refresh_token: rest['refresh_token'] ?? '',
    }),
  }
  const proof = type !== undefined && Object.hasOwn(proofs, type) ? proofs[type] : undefined
  if (!proof) throw secretFailure(query.uri, `credentials of type "${type}" are not supported`, 'use those of a service account')
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return jsonOf(await askServer(by, query, 'the login', { url, method: 'POST', headers, body: new URLSearchParams(proof()).toString() }), query)
}

function texts(value: Plain): Readonly<Record<string, string | undefined>> {
  const names = ['type', 'token_uri', 'client_email', 'private_key', 'private_key_id', 'client_id', 'client_secret', 'refresh_token']
  const found = names.map((name) => [name, valueAt(value, name)] as const)
  return Object.fromEntries(found.filter((entry): entry is readonly [string, string] => typeof entry[1] === 'string'))
}

/** A JWT that the account has signed. */
function assertion({ host }: Backend, account: Readonly<Record<string, string | undefined>>, audience: string): string {
  const now = Math.floor(host.now() / 1000)
  const email = account['client_email']
  const header = { alg: 'RS256', typ: 'JWT', ...(account['private_key_id'] && { kid: account['private_key_id'] }) }
  const claims = { iss: email, scope: SCOPE, aud: audience, iat: now, exp: now + HOUR_SECONDS }
  const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${signed}.${createSign('RSA-SHA256')
    .update(signed)
    .sign(account['private_key'] ?? '', 'base64url')}`
}
