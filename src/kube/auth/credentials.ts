import { failure } from '../../base/diagnostic.ts'
import type { Host } from '../../base/host.ts'
import { textOf } from '../../base/json.ts'
import type { Access } from '../access.ts'
import type { Impersonation, UserEntry } from '../kubeconfig.ts'
import { clientNodeCredentials } from './client-node.ts'
import { bearer, type Credential, type Credentials, pem } from './credential.ts'
import { oidcCredentials } from './oidc.ts'
import { tokenFileCredentials } from './token-file.ts'

/**
 * The credentials of `access.user`: a token, a token file, a name and password, an exec plugin, OIDC, or a client certificate,
 * with its impersonation headers added.
 *
 * @throws DiagnosticError `kube/bad-credentials` for certificates that cannot be read and auth providers that no longer exist
 */
export function credentialsOf(host: Host, access: Access): Credentials {
  const { user } = access
  const method = methodOf(host, access)
  const certificate = certificateOf(host, user)
  const impersonation = user.impersonate === undefined ? {} : impersonationHeaders(user.impersonate)
  return {
    current: async (signal) => {
      const credential = await method.current(signal)
      return { ...certificate, ...credential, headers: { ...credential.headers, ...impersonation } }
    },
    refresh: () => method.refresh(),
  }
}

function methodOf(host: Host, access: Access): Credentials {
  const { user } = access
  if (user.token !== undefined && user.tokenFile === undefined) return fixed(bearer(user.token))
  if (user.tokenFile !== undefined) return tokenFileCredentials(host, user.tokenFile)
  if (user.username !== undefined) return fixed(basic(user.username, user.password ?? ''))
  if (user.exec !== undefined) return clientNodeCredentials(host, access)
  if (user.authProvider !== undefined) return providerCredentials(host, access, user.authProvider)
  return fixed({})
}

function providerCredentials(host: Host, access: Access, provider: NonNullable<UserEntry['authProvider']>): Credentials {
  const name = textOf(provider['name'])
  if (name === 'oidc') return oidcCredentials(host, provider)
  if (name === 'gcp' || name === 'azure') return clientNodeCredentials(host, access)
  throw failure('kube/bad-credentials', `the auth provider "${name}" is not supported`, {
    hint: 'use the exec plugin of your cluster provider instead',
  })
}

function fixed(headers: Credential['headers']): Credentials {
  return { current: () => Promise.resolve({ headers }), refresh: () => false }
}

function basic(username: string, password: string): Credential['headers'] {
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }
}

function certificateOf(host: Host, user: UserEntry): { readonly cert?: string; readonly key?: string } {
  const cert = pem(host, user.certFile, user.certData, 'client certificate')
  const key = pem(host, user.keyFile, user.keyData, 'client key')
  if (cert === undefined || key === undefined) return {}
  return { cert, key }
}

function impersonationHeaders(who: Impersonation): Credential['headers'] {
  const extra = Object.entries(who.extra).map(([key, values]) => [`Impersonate-Extra-${encodeURIComponent(key)}`, values] as const)
  return {
    'Impersonate-User': who.user,
    ...(who.uid === undefined ? {} : { 'Impersonate-Uid': who.uid }),
    ...(who.groups.length === 0 ? {} : { 'Impersonate-Group': who.groups }),
    ...Object.fromEntries(extra),
  }
}
