import { isIPv6 } from 'node:net'
import { resolve } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { nearest } from '../base/nearest.ts'
import type { ClusterEntry, Impersonation, KubeConfig, UserEntry } from './kubeconfig.ts'

/** Which server is asked, as whom, and for which namespace; what a kubeconfig context and the command line come to. */
export interface Access {
  readonly contextName: string | undefined
  readonly namespace: string
  readonly cluster: ClusterEntry
  readonly user: UserEntry
}

/** What a caller may say over the kubeconfig. */
export interface AccessOptions {
  readonly context?: string
  readonly namespace?: string
  readonly server?: string
  readonly token?: string
  readonly caFile?: string
  readonly insecureSkipTlsVerify?: boolean
  readonly tlsServerName?: string
  readonly impersonate?: Impersonation
}

/** Where Kubernetes puts a pod's own token, its namespace and the certificate authority of its cluster. */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'

/**
 * The access that `options` and `config` name; inside a pod without any kubeconfig, its service account's.
 *
 * @throws DiagnosticError `kube/no-config` when nothing names a server, `kube/unknown-context` when a name is not there
 * Source: k8s.io/client-go 0.37 tools/clientcmd/client_config.go and rest/config.go
 */
export function accessFrom(host: Host, config: KubeConfig, options: AccessOptions = {}): Access {
  const contextName = options.context ?? config.currentContext
  const found = contextName === undefined ? serviceAccountAccess(host) : contextAccess(config, contextName, options.server)
  if (found === undefined && options.server === undefined) throw noConfig(config)
  const cluster = overriddenCluster(host, found?.cluster, options)
  return {
    contextName,
    namespace: options.namespace ?? found?.namespace ?? 'default',
    cluster: { ...cluster, server: normalServer(cluster.server) },
    user: overriddenUser(found?.user ?? {}, options),
  }
}

function overriddenCluster(host: Host, cluster: ClusterEntry = { server: '', insecureSkipTlsVerify: false }, options: AccessOptions): ClusterEntry {
  return {
    ...cluster,
    ...(options.server === undefined ? {} : { server: options.server }),
    ...(options.caFile === undefined ? {} : { caFile: resolve(host.cwd, options.caFile) }),
    ...(options.insecureSkipTlsVerify === undefined ? {} : { insecureSkipTlsVerify: options.insecureSkipTlsVerify }),
    ...(options.tlsServerName === undefined ? {} : { tlsServerName: options.tlsServerName }),
  }
}

function overriddenUser(user: UserEntry, options: AccessOptions): UserEntry {
  const own = options.token === undefined ? user : { ...withoutSecrets(user), token: options.token }
  return options.impersonate === undefined ? own : { ...own, impersonate: options.impersonate }
}

function withoutSecrets(user: UserEntry): UserEntry {
  return user.impersonate === undefined ? {} : { impersonate: user.impersonate }
}

function contextAccess(
  config: KubeConfig,
  name: string,
  server: string | undefined,
): Omit<Access, 'contextName' | 'namespace'> & { readonly namespace?: string } {
  const context = config.contexts.get(name)
  if (context === undefined) throw unknown(`context "${name}" does not exist`, name, config.contexts.keys(), config)
  const cluster = config.clusters.get(context.cluster)
  if (cluster === undefined && server === undefined) {
    throw unknown(`context "${name}" names cluster "${context.cluster}", which does not exist`, context.cluster, config.clusters.keys(), config)
  }
  const user = config.users.get(context.user)
  if (user === undefined && context.user !== '') {
    throw unknown(`context "${name}" names user "${context.user}", which does not exist`, context.user, config.users.keys(), config)
  }
  return {
    cluster: cluster ?? { server: '', insecureSkipTlsVerify: false },
    user: user ?? {},
    ...(context.namespace === undefined ? {} : { namespace: context.namespace }),
  }
}

/** Source: k8s.io/client-go 0.37 rest/config.go InClusterConfig */
function serviceAccountAccess(host: Host): Omit<Access, 'contextName'> | undefined {
  const [name, port] = [host.env['KUBERNETES_SERVICE_HOST'], host.env['KUBERNETES_SERVICE_PORT']]
  if (!name || !port || !host.fs.stat(`${SERVICE_ACCOUNT}/token`)) return undefined
  const has = (file: string): boolean => host.fs.stat(`${SERVICE_ACCOUNT}/${file}`) !== undefined
  return {
    namespace: (has('namespace') && host.fs.readText(`${SERVICE_ACCOUNT}/namespace`).trim()) || 'default',
    cluster: {
      server: `https://${isIPv6(name) ? `[${name}]` : name}:${port}`,
      insecureSkipTlsVerify: false,
      ...(has('ca.crt') ? { caFile: `${SERVICE_ACCOUNT}/ca.crt` } : {}),
    },
    user: { tokenFile: `${SERVICE_ACCOUNT}/token` },
  }
}

function normalServer(server: string): string {
  const full = /^https?:\/\//i.test(server) ? server : `http://${server}`
  if (server === '' || !URL.canParse(full)) throw failure('kube/bad-config', 'the server address is no URL')
  const url = new URL(full)
  if (url.username !== '' || url.password !== '')
    throw failure('kube/bad-config', `the address of server ${url.host} carries a user name or password`, {
      hint: 'put credentials into the user entry of the kubeconfig',
    })
  return `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`
}

function unknown(summary: string, name: string, known: Iterable<string>, config: KubeConfig): Error {
  const similar = nearest(name, known)
  return failure('kube/unknown-context', summary, {
    notes: [{ text: `read ${config.files.join(', ') || 'no kubeconfig file'}` }],
    ...(similar === undefined ? {} : { hint: `did you mean "${similar}"?` }),
  })
}

function noConfig(config: KubeConfig): Error {
  const empty = config.files.length === 0
  return failure('kube/no-config', empty ? 'no Kubernetes cluster is configured' : 'the kubeconfig names no current context', {
    notes: [{ text: empty ? `there is no kubeconfig file: looked for ${config.missing.join(', ')}` : `read ${config.files.join(', ')}` }],
    hint: 'set KUBECONFIG, or choose a context with --kube-context',
  })
}
