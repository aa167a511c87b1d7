import { valueAt } from '../../base/json.ts'
import {
  askServer,
  type Backend,
  jsonOf,
  loggedIn,
  readSecretFile,
  requiredVariable,
  type SecretBackend,
  type SecretQuery,
  secretFailure,
  yamlBackend,
} from './backend.ts'

const SERVICE_ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token'

/**
 * Secrets of Infisical: `NAME?project=…&environment=…&path=…`, after a login with `INFISICAL_AUTH_METHOD`.
 * Source: vals 0.46 pkg/providers/infisical, infisical/go-sdk 0.8
 */
export const infisicalBackend: SecretBackend = yamlBackend(async (by, query) => {
  const option = (name: string): string => query.query.get(name) ?? ''
  const [id, slug] = [option('project_id'), option('project')]
  if (!id && !slug) throw secretFailure(query.uri, 'no project is named', 'add ?project=SLUG or ?project_id=ID')
  const version = Number(option('version') || '0')
  const asked = new URLSearchParams({
    environment: option('environment'),
    secretPath: option('path') ? `/${option('path').replace(/^\//, '')}` : '/',
    expandSecretReferences: 'false',
    include_imports: 'false',
    type: option('type') || 'shared',
    ...(id ? { workspaceId: id } : { workspaceSlug: slug }),
    ...(version > 0 && { version: String(version) }),
  })
  const address = apiOf(by)
  const url = `${address}/v3/secrets/raw/${encodeURIComponent(query.path)}?${asked}`
  const answer = await askServer(by, query, 'Infisical', { url, authorization: `Bearer ${await logIn(by, query, address)}` })
  const value = valueAt(jsonOf(answer, query)['secret'], 'secretValue')
  return typeof value === 'string' ? value : ''
})

function apiOf({ host }: Backend): string {
  const site = (host.env['INFISICAL_URL'] || 'https://app.infisical.com').replace(/\/+$/, '')
  return site.endsWith('/api') ? site : `${site}/api`
}

function logIn(by: Backend, query: SecretQuery, address: string): Promise<string> {
  return loggedIn(by, `infisical ${address}`, () => newToken(by, query, address))
}

async function newToken(by: Backend, query: SecretQuery, address: string): Promise<string> {
  const { path, body } = proofOf(by, query)
  const request = {
    url: `${address}/v1/auth/${path}/login`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  } as const
  const { accessToken } = jsonOf(await askServer(by, query, 'the login', request), query)
  if (typeof accessToken === 'string') return accessToken
  throw secretFailure(query.uri, 'the login brought no token')
}

/** Where to log in, and with what. */
function proofOf(by: Backend, query: SecretQuery): { readonly path: string; readonly body: object } {
  const { env } = by.host
  const variable = (name: string): string => requiredVariable(by, name, query)
  switch (env['INFISICAL_AUTH_METHOD']) {
    case 'UNIVERSAL_AUTH': {
      const clientId = variable('INFISICAL_UNIVERSAL_AUTH_CLIENT_ID')
      return { path: 'universal-auth', body: { clientId, clientSecret: variable('INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET') } }
    }
    case 'KUBERNETES': {
      const file = env['INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH'] || SERVICE_ACCOUNT_TOKEN
      return { path: 'kubernetes-auth', body: { identityId: variable('INFISICAL_KUBERNETES_IDENTITY_ID'), jwt: readSecretFile(by, file, query) } }
    }
    case 'OIDC_AUTH': {
      const jwt = env[env['INFISICAL_OIDC_AUTH_TOKEN_KEY_NAME'] || 'INFISICAL_AUTH_JWT'] || variable('INFISICAL_JWT')
      return { path: 'oidc-auth', body: { identityId: variable('INFISICAL_OIDC_AUTH_IDENTITY_ID'), jwt } }
    }
    default:
      throw secretFailure(
        query.uri,
        `INFISICAL_AUTH_METHOD is "${env['INFISICAL_AUTH_METHOD'] ?? ''}"`,
        'set it to UNIVERSAL_AUTH, KUBERNETES or OIDC_AUTH',
      )
  }
}
