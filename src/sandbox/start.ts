/*
 * The sandbox: an API server in this process, over HTTP on the loopback interface, with controllers that make workloads ready.
 * In: a host, a port, a folder to remember in. Out: an address, a token, a kubeconfig. Whatever is true of a real API server's
 * answers is to be true of these; no code is shared with the client in `kube/`.
 */
import { setMaxListeners } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Host } from '../base/host.ts'
import type { Cluster } from './cluster.ts'
import { goOn } from './controllers/go-on.ts'
import { startControllers } from './controllers/start-controllers.ts'
import { keepState, loadState } from './persistence.ts'
import { Registry } from './registry.ts'
import { seedCluster } from './seed.ts'
import { apiServer, tokenPath } from './server.ts'
import { Storage } from './storage.ts'

/** A running sandbox. */
export interface Sandbox {
  /** `http://127.0.0.1:PORT`, no slash at the end. */
  readonly url: string
  /** What callers send as bearer token. */
  readonly token: string
  /** The text of a kubeconfig whose only context is this sandbox; the token stands in the server's path, too. */
  readonly kubeconfig: string
  /** Stops listening, ends watches, and writes what is to be remembered. */
  close(): Promise<void>
}

export interface SandboxOptions {
  /** 0 or absent: any free port. */
  readonly port?: number
  /** Where the state is kept between runs; absent: nowhere. */
  readonly dataDir?: string
  /** How long a pod takes to become ready, in milliseconds; 150 when absent. */
  readonly readyAfterMs?: number
  /** The bearer token; absent: the one remembered in `dataDir`, else a random one. */
  readonly token?: string
}

const READY_AFTER_MS = 150

/** Starts a sandbox; resolves when it answers. @throws the system's error when the port is taken */
export async function startSandbox(host: Host, options: SandboxOptions = {}): Promise<Sandbox> {
  const storage = new Storage()
  const registry = new Registry(storage)
  const closing = new AbortController()
  // Every waiting timer listens.
  setMaxListeners(0, closing.signal)
  const cluster: Cluster = { host, storage, registry, after: (ms, work) => runLater(host, ms, () => goOn(work), closing.signal) }
  // Found out before anything is promised.
  if (options.dataDir !== undefined) host.fs.makeDir(options.dataDir)
  const remembered = options.dataDir === undefined ? undefined : loadState(host, options.dataDir, storage, registry)
  const token = options.token ?? remembered?.token ?? Buffer.from(host.randomBytes(16)).toString('hex')
  const keeper = options.dataDir === undefined ? undefined : keepState(cluster, options.dataDir, token)
  const stopControllers = startControllers(cluster, options.readyAfterMs ?? READY_AFTER_MS)
  if (!remembered) seedCluster(cluster)
  const server = apiServer(cluster, token)
  await new Promise<void>((done, fail) => {
    server.once('error', fail)
    server.listen(options.port ?? 0, '127.0.0.1', done)
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = async (): Promise<void> => {
    closing.abort()
    stopControllers()
    await new Promise<void>((done) => {
      server.close(() => done())
      server.closeAllConnections()
    })
    keeper?.flush()
  }
  return { url, token, kubeconfig: kubeconfigOf(url, token), close }
}

function runLater(host: Host, ms: number, work: () => void, signal: AbortSignal): void {
  if (signal.aborted) return
  host.sleep(ms, signal).then(work, (error: unknown) => {
    if (!signal.aborted) throw error
  })
}

function kubeconfigOf(url: string, token: string): string {
  return `apiVersion: v1
kind: Config
current-context: sandbox
clusters:
- name: sandbox
  cluster:
    server: ${url}${tokenPath(token)}
contexts:
- name: sandbox
  context:
    cluster: sandbox
    user: sandbox
users:
- name: sandbox
  user:
    token: ${token}
`
}
