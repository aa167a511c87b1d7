import { join } from 'node:path'
import { failure } from '../../base/diagnostic.ts'
import { isObject } from '../../base/json.ts'
import type { Plain } from '../../go/plain.ts'
import type { GoMap, GoValue } from '../../go/values.ts'
import { decodeText } from '../yaml-text.ts'
import {
  askServer,
  type Backend,
  type Json,
  jsonOf,
  readSecretFile,
  requiredVariable,
  type SecretBackend,
  type SecretQuery,
  secretFailure,
  textOfJson,
} from './backend.ts'

/** Where the server is and who asks. */
interface Session {
  readonly address: string
  readonly headers: Readonly<Record<string, string>>
}

const JWT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount/token'

/**
 * Key-value secrets of HashiCorp Vault (`VAULT_…` variables) or of OpenBao (`BAO_…`), versions 1 and 2 of the engine. Logs in by
 * token, approle, userpass or a service account.
 * Source: vals 0.46 pkg/providers/vault, pkg/providers/openbao
 */
export function vaultBackend(prefix: 'VAULT' | 'BAO'): SecretBackend {
  return {
    text: async (by, query) => {
      const at = query.path.lastIndexOf('/')
      const key = query.path.slice(at + 1)
      const secret = await readSecret(prefix, by, { ...query, path: query.path.slice(0, Math.max(0, at)) })
      if (!Object.hasOwn(secret, key)) throw secretFailure(query.uri, `there is no key "${key}" in the secret`)
      return decoded(textOfJson(secret[key]), query)
    },
    map: async (by, query) => decodeText({ name: query.uri, text: JSON.stringify(await readSecret(prefix, by, query)) }) as GoMap satisfies GoValue,
  }
}

function decoded(text: string, { query, uri }: SecretQuery): string {
  const decode = query.get('decode') || 'raw'
  if (decode === 'raw') return text
  if (decode === 'base64') return Buffer.from(text, 'base64').toString('utf8')
  throw secretFailure(uri, `unsupported decode parameter: "${decode}"`)
}

async function readSecret(prefix: string, by: Backend, query: SecretQuery): Promise<Json> {
  const session = await logIn(prefix, by, query)
  const path = query.path.replace(/^\/|\/$/g, '')
  const mount = await mountOf(by, query, session, path)
  const version = query.query.get('version')
  const url = `${session.address}/v1/${mount.isVersioned ? dataPath(path, mount.path) : path}${version ? `?version=${encodeURIComponent(version)}` : ''}`
  const { data } = jsonOf(await askServer(by, query, prefix === 'BAO' ? 'OpenBao' : 'Vault', { url, headers: session.headers }), query)
  const inner = mount.isVersioned ? objectAt(data, 'data') : undefined
  return inner ?? (isObject(data) ? data : {})
}

function objectAt(value: Plain | undefined, key: string): Json | undefined {
  const inner = isObject(value) ? value[key] : undefined
  return isObject(inner) ? inner : undefined
}

function dataPath(path: string, mount: string): string {
  const root = mount.replace(/\/$/, '')
  return path === root ? `${root}/data` : `${root}/data/${path.startsWith(mount) ? path.slice(mount.length) : path}`
}

async function mountOf(
  by: Backend,
  query: SecretQuery,
  { address, headers }: Session,
  path: string,
): Promise<{ readonly path: string; readonly isVersioned: boolean }> {
  const url = `${address}/v1/sys/internal/ui/mounts/${path}`
  const answer = await by.fetcher.fetch({ url, headers, maxBytes: 1024 * 1024 })
  // Servers older than this question have the first version only.
  if (answer.status === 404) return { path: '', isVersioned: false }
  if (answer.status !== 200)
    throw secretFailure(query.uri, `the server answered with status ${answer.status}`, 'look whether the token may read this path')
  const { data } = jsonOf(answer, query)
  const mount = isObject(data) && typeof data['path'] === 'string' ? data['path'] : ''
  return { path: mount, isVersioned: objectAt(data, 'options')?.['version'] === '2' }
}

async function logIn(prefix: string, by: Backend, given: SecretQuery): Promise<Session> {
  const { query, uri } = given
  const host = query.get('host')
  const address = query.get('address') || (host ? `${query.get('proto') || 'https'}://${host}` : by.host.env[`${prefix}_ADDR`])
  if (!address) throw secretFailure(uri, 'no server is named', `set ${prefix}_ADDR, or add ?address=…`)
  const namespace = query.get('namespace') || by.host.env[`${prefix}_NAMESPACE`]
  const common: Record<string, string> = { 'x-vault-request': 'true', ...(namespace && { 'x-vault-namespace': namespace }) }
  const session: Session = { address: address.replace(/\/$/, ''), headers: common }
  const token = await tokenOf(prefix, by, given, session)
  return { ...session, headers: { ...common, 'x-vault-token': token } }
}

async function tokenOf(prefix: string, by: Backend, given: SecretQuery, session: Session): Promise<string> {
  const { query } = given
  const setting = (name: string, variable = name): string => query.get(name) || (by.host.env[`${prefix}_${variable.toUpperCase()}`] ?? '')
  const mountPoint = by.host.env[`${prefix}_LOGIN_MOUNT_POINT`]
  const logInAt = (path: string, body: object): Promise<string> => tokenFrom(by, given, session, { path, body })
  switch (setting('auth_method')) {
    case 'approle':
      return logInAt(`auth/${mountPoint ?? 'approle'}/login`, { role_id: setting('role_id'), secret_id: setting('secret_id') })
    case 'userpass':
      return logInAt(`auth/${mountPoint ?? 'userpass'}/login/${setting('username')}`, { password: passwordOf(by, given, setting) })
    case 'kubernetes': {
      const path = by.host.env[`${prefix}_KUBERNETES_JWT_TOKEN_PATH`] || JWT_PATH
      const jwt = readSecretFile(by, path, given)
      return logInAt(`auth/${by.host.env[`${prefix}_KUBERNETES_MOUNT_POINT`] || 'kubernetes'}/login`, { jwt, role: setting('role_id') })
    }
    default:
      return ownToken(prefix, by, given)
  }
}

function passwordOf(by: Backend, given: SecretQuery, setting: (name: string) => string): string {
  const variable = setting('password_env')
  if (variable) return requiredVariable(by, variable, given)
  const file = setting('password_file')
  if (file) return readSecretFile(by, file, given)
  throw secretFailure(given.uri, 'password missing for userpass authentication', 'add password_env or password_file')
}

function ownToken(prefix: string, by: Backend, given: SecretQuery): string {
  const { query, uri } = given
  const file = query.get('token_file')
  if (file) return readSecretFile(by, file, given).trim()
  const variable = query.get('token_env')
  if (variable) return requiredVariable(by, variable, given)
  const { env } = by.host
  const home = env['HOME']
  const usual = env[`${prefix}_TOKEN_FILE`] || (home ? join(home, prefix === 'BAO' ? '.bao-token' : '.vault-token') : '')
  const token = env[`${prefix}_TOKEN`] || (usual && by.host.fs.stat(usual)?.kind === 'file' ? by.host.fs.readText(usual).trim() : '')
  if (token) return token
  throw secretFailure(uri, 'there is no token', `set ${prefix}_TOKEN, or log in first`)
}

async function tokenFrom(
  by: Backend,
  query: SecretQuery,
  { address, headers }: Session,
  { path, body }: { readonly path: string; readonly body: object },
): Promise<string> {
  const request = { url: `${address}/v1/${path.replaceAll('//', '/')}`, method: 'PUT' as const, headers, body: JSON.stringify(body) }
  const { auth } = jsonOf(await askServer(by, query, 'the login', request), query)
  const token = isObject(auth) ? auth['client_token'] : undefined
  if (typeof token === 'string') return token
  throw failure('state/secret-ref', `expand ${query.uri}: no auth info returned`)
}
