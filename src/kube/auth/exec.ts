import { failure } from '../../base/diagnostic.ts'
import type { Host } from '../../base/host.ts'
import { isObject, objectOf, objectsOf, textOf, type JsonObject } from '../json.ts'
import type { ClusterEntry } from '../kubeconfig.ts'
import { bearer, pem, type Credential, type Credentials } from './credential.ts'

/** How long before its expiry a credential counts as expired. */
const EXPIRY_MARGIN_MS = 10_000

const VERSIONS = new Set(['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'])

/**
 * Credentials that a plugin prints: the token or client certificate of an ExecCredential, kept until it expires or is refused.
 * The plugin runs without a terminal; one run serves all requests that wait for it.
 *
 * @throws DiagnosticError `kube/exec-plugin` when the plugin is missing, fails, or prints no credential
 * Source: k8s.io/client-go 0.37 plugin/pkg/client/auth/exec
 */
export function execCredentials(host: Host, exec: JsonObject, cluster: ClusterEntry): Credentials {
  let known: Promise<ExpiringCredential> | undefined
  const current = async (signal?: AbortSignal): Promise<Credential> => {
    const asked = (known ??= runPlugin(host, exec, cluster, signal))
    try {
      const credential = await asked
      if (credential.expiresAt === undefined || credential.expiresAt - EXPIRY_MARGIN_MS > host.now()) return credential
    } catch (error) {
      if (known === asked) known = undefined
      throw error
    }
    if (known === asked) known = runPlugin(host, exec, cluster, signal)
    return known as Promise<Credential>
  }
  return {
    current,
    refresh: () => {
      known = undefined
      return true
    },
  }
}

interface ExpiringCredential extends Credential {
  readonly expiresAt?: number
}

async function runPlugin(host: Host, exec: JsonObject, cluster: ClusterEntry, signal?: AbortSignal): Promise<ExpiringCredential> {
  const command = textOf(exec['command'])
  const apiVersion = textOf(exec['apiVersion'])
  if (!VERSIONS.has(apiVersion)) throw pluginFailure(command, `asks for the unknown version "${apiVersion}"`, exec)
  if (exec['interactiveMode'] === 'Always') throw pluginFailure(command, 'wants a terminal (interactiveMode: Always)', exec)
  const args = Array.isArray(exec['args']) ? exec['args'].map(String) : []
  const result = await host.run({ file: command, args, env: pluginEnvironment(host, exec, apiVersion, cluster) }, signal)
  if (result.missing) throw pluginFailure(command, 'is not installed', exec)
  if (result.code !== 0) throw pluginFailure(command, `ended with exit code ${result.code ?? 'none'}`, exec, Buffer.from(result.stderr).toString('utf8'))
  return credentialIn(Buffer.from(result.stdout).toString('utf8'), (what) => pluginFailure(command, what, exec), apiVersion)
}

function pluginEnvironment(host: Host, exec: JsonObject, apiVersion: string, cluster: ClusterEntry): Record<string, string> {
  const own = objectsOf(exec['env']).map((entry) => [textOf(entry['name']), textOf(entry['value'])] as const)
  const spec = { interactive: false, ...(exec['provideClusterInfo'] === true ? { cluster: clusterInfo(host, cluster) } : {}) }
  return { ...Object.fromEntries(own), KUBERNETES_EXEC_INFO: JSON.stringify({ kind: 'ExecCredential', apiVersion, spec }) }
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

function credentialIn(output: string, fail: (what: string) => Error, apiVersion: string): ExpiringCredential {
  const printed = parsed(output)
  if (!isObject(printed) || printed['kind'] !== 'ExecCredential') throw fail('printed no ExecCredential')
  if (printed['apiVersion'] !== apiVersion) throw fail(`answered in version "${textOf(printed['apiVersion'])}" instead of "${apiVersion}"`)
  const status = objectOf(printed['status'])
  const token = textOf(status['token'])
  const cert = textOf(status['clientCertificateData'])
  const key = textOf(status['clientKeyData'])
  if (token === '' && (cert === '' || key === '')) throw fail('printed neither a token nor a client certificate with its key')
  const expiry = textOf(status['expirationTimestamp'])
  return {
    headers: token === '' ? {} : bearer(token),
    ...(cert === '' ? {} : { cert, key }),
    ...(expiry === '' ? {} : { expiresAt: Date.parse(expiry) }),
  }
}

/** Undefined for what is no JSON; the text itself may hold a token and is not passed on. */
function parsed(output: string): unknown {
  try {
    return JSON.parse(output) as unknown
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** A plugin's standard error is meant for people; only its last lines are shown. */
function pluginFailure(command: string, what: string, exec: JsonObject, stderr = ''): Error {
  const lines = stderr.trim().split('\n').slice(-5).filter((line) => line !== '')
  const hint = textOf(exec['installHint']).replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '').trim()
  return failure('kube/exec-plugin', `the credential plugin "${command}" ${what}`, {
    notes: lines.map((text) => ({ text: text.slice(0, 300) })),
    ...(hint === '' ? {} : { hint: hint.split('\n')[0] as string }),
  })
}
