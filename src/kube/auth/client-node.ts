import type { KubeConfig } from '@kubernetes/client-node'
import { failure } from '../../base/diagnostic.ts'
import type { Host } from '../../base/host.ts'
import { type JsonObject, objectsOf, textOf } from '../../base/json.ts'
import type { Access } from '../access.ts'
import type { ClusterEntry } from '../kubeconfig.ts'
import { type Credential, type Credentials, pem } from './credential.ts'

/** A credential without an expiry is asked for again after this long; one with an expiry is kept by KubeConfig itself until then. */
const ASK_AGAIN_AFTER_MS = 60_000

/** The part of `https.RequestOptions` that KubeConfig fills. */
interface FilledOptions {
  headers?: Record<string, string>
  cert?: string | Buffer
  key?: string | Buffer
}

/** KubeConfig from its own file: importing it costs half a second, so it is imported when a credential needs it. */
async function loadKubeConfig(): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js')
  return new KubeConfig()
}

/**
 * Credentials that `@kubernetes/client-node` obtains for `access.user`: an exec plugin's, or those of the gcp and azure auth providers.
 * One plugin run serves all requests that wait for it; a refused credential is asked for anew.
 *
 * @throws DiagnosticError `kube/exec-plugin` when the plugin is missing, fails, or prints no credential; `kube/bad-credentials` for
 * an auth provider that fails
 */
export function clientNodeCredentials(host: Host, access: Access): Credentials {
  let config: Promise<KubeConfig> | undefined
  let known: { readonly credential: Promise<Credential>; readonly askedAt: number } | undefined
  const ask = async (): Promise<Credential> => {
    const filled: FilledOptions = {}
    try {
      config ??= configFor(host, access)
      await (await config).applyToHTTPSOptions(filled as Parameters<KubeConfig['applyToHTTPSOptions']>[0])
    } catch (error) {
      known = undefined
      throw credentialFailure(access, error)
    }
    return credentialIn(filled)
  }
  return {
    current: () => {
      if (known === undefined || host.now() - known.askedAt > ASK_AGAIN_AFTER_MS) known = { credential: ask(), askedAt: host.now() }
      return known.credential
    },
    refresh: () => {
      config = undefined
      known = undefined
      return true
    },
  }
}

function credentialIn({ headers, cert, key }: FilledOptions): Credential {
  const authorization = headers?.['Authorization']
  return {
    headers: authorization === undefined ? {} : { authorization },
    ...(cert === undefined || key === undefined ? {} : { cert: String(cert), key: String(key) }),
  }
}

/** A configuration of this one user; the server in it is never asked. */
async function configFor(host: Host, access: Access): Promise<KubeConfig> {
  const { exec, authProvider } = access.user
  const user =
    exec === undefined ? { name: 'user', authProvider } : { name: 'user', exec: { ...exec, env: pluginEnvironment(host, exec, access.cluster) } }
  const config = await loadKubeConfig()
  config.loadFromOptions({
    clusters: [{ name: 'cluster', server: 'https://localhost', skipTLSVerify: true }],
    users: [user],
    contexts: [{ name: 'context', cluster: 'cluster', user: 'user' }],
    currentContext: 'context',
  })
  return config
}

/**
 * What the plugin finds in its environment: ours, what the kubeconfig adds, and what is known of the request.
 * Source: k8s.io/client-go 0.37 plugin/pkg/client/auth/exec
 */
function pluginEnvironment(host: Host, exec: JsonObject, cluster: ClusterEntry): readonly { readonly name: string; readonly value: string }[] {
  if (exec['interactiveMode'] === 'Always') throw pluginFailure(exec, 'wants a terminal (interactiveMode: Always)')
  const inherited = Object.entries(host.env).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]))
  const added = objectsOf(exec['env']).map((entry) => ({ name: textOf(entry['name']), value: textOf(entry['value']) }))
  const spec = { interactive: false, ...(exec['provideClusterInfo'] === true ? { cluster: clusterInfo(host, cluster) } : {}) }
  const info = JSON.stringify({ kind: 'ExecCredential', apiVersion: exec['apiVersion'], spec })
  return [...inherited, ...added, { name: 'KUBERNETES_EXEC_INFO', value: info }]
}

function clusterInfo(host: Host, cluster: ClusterEntry): JsonObject {
  const ca = pem(host, cluster.caFile, cluster.caData, 'certificate authority')
  return {
    server: cluster.server,
    ...(cluster.tlsServerName === undefined ? {} : { 'tls-server-name': cluster.tlsServerName }),
    ...(cluster.insecureSkipTlsVerify ? { 'insecure-skip-tls-verify': true } : {}),
    ...(ca === undefined ? {} : { 'certificate-authority-data': Buffer.from(ca, 'latin1').toString('base64') }),
    ...(cluster.proxyUrl === undefined ? {} : { 'proxy-url': cluster.proxyUrl }),
    config: null,
  }
}

/** What a plugin printed as credential can stand in the error of reading it, so only what is meant for people is passed on. */
function credentialFailure({ user }: Access, error: unknown): unknown {
  if (!(error instanceof Error) || error.name === 'DiagnosticError') return error
  const { exec } = user
  if (exec === undefined)
    return failure('kube/bad-credentials', `the auth provider "${textOf(user.authProvider?.['name'])}" gave no credential`, {
      notes: lastLines(error.message),
    })
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return pluginFailure(exec, 'is not installed')
  if (error instanceof SyntaxError || error instanceof TypeError) return pluginFailure(exec, 'printed no ExecCredential')
  return pluginFailure(exec, 'failed', error.message)
}

function pluginFailure(exec: JsonObject, what: string, stderr = ''): Error {
  const hint = textOf(exec['installHint'])
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, '')
    .trim()
  return failure('kube/exec-plugin', `the credential plugin "${textOf(exec['command'])}" ${what}`, {
    notes: lastLines(stderr),
    ...(hint === '' ? {} : { hint: hint.split('\n')[0] as string }),
  })
}

function lastLines(text: string): readonly { readonly text: string }[] {
  return text
    .trim()
    .split('\n')
    .slice(-5)
    .filter((line) => line !== '')
    .map((line) => ({ text: line.slice(0, 300) }))
}
