import type { Host } from '../base/host.ts'
import { type AccessOptions, accessFrom } from './access.ts'
import type { KubeClient } from './client.ts'
import { readKubeConfig } from './kubeconfig.ts'
import { makeClient } from './rest-client.ts'

/** What to connect to, and limits; everything absent comes from the kubeconfig. */
export interface ConnectOptions extends AccessOptions {
  /** One file, instead of those that KUBECONFIG names. */
  readonly kubeconfig?: string
  /** Requests at once; 16 when absent. */
  readonly maxRequests?: number
  /** Gives up on a request when nothing arrives for this long; a minute when absent. */
  readonly silenceMs?: number
  /** Called with each warning the server sends (deprecated versions, unknown fields). */
  readonly onWarning?: (text: string) => void
}

/**
 * A client of the server that the kubeconfig and `options` name. Nothing is sent before the client's first request.
 *
 * In: kubeconfig files, environment, options. Out: a `KubeClient`.
 * @throws DiagnosticError `kube/no-config`, `kube/bad-config`, `kube/unknown-context`, `base/bad-proxy`, `kube/bad-credentials`
 */
export async function connect(host: Host, options: ConnectOptions = {}): Promise<KubeClient> {
  const access = accessFrom(host, readKubeConfig(host, options.kubeconfig), options)
  return makeClient(host, access, {
    ...(options.maxRequests === undefined ? {} : { maxSockets: options.maxRequests }),
    ...(options.silenceMs === undefined ? {} : { silenceMs: options.silenceMs }),
    ...(options.onWarning === undefined ? {} : { onWarning: options.onWarning }),
  })
}
