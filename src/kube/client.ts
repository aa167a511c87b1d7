import { type Diagnostic, DiagnosticError } from '../base/diagnostic.ts'
import type { KubeObject, ObjectRef } from '../kinds/kube-object.ts'
import type { RecordStore } from './record-store.ts'

/** One request. `path` starts with `/api` or `/apis`; `query` values that are undefined are left out. */
export interface KubeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly body?: unknown
  readonly contentType?: string
  readonly signal?: AbortSignal
}

/** A kind as discovery reports it. */
export interface ApiResource {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly namespaced: boolean
  readonly verbs: readonly string[]
  readonly shortNames: readonly string[]
}

/** What the server serves: one aggregated discovery, made once per client and made again after CRDs were applied. */
export interface Discovery {
  readonly resources: readonly ApiResource[]
  /** `v1`, `apps/v1`, … and `apps/v1/Deployment`, …: what `.Capabilities.APIVersions` holds. */
  readonly apiVersions: readonly string[]
  /** Undefined when the server does not serve that kind. */
  find(apiVersion: string, kind: string): ApiResource | undefined
}

export interface ServerVersion {
  readonly major: string
  readonly minor: string
  readonly gitVersion: string
}

export interface ListOptions {
  /** Absent: all namespaces. */
  readonly namespace?: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
  readonly signal?: AbortSignal
}

/** How a write is meant. */
export interface WriteOptions {
  readonly dryRun?: boolean
  readonly fieldManager?: string
  /** What the server does about fields it does not know; its own default is `Warn`. */
  readonly fieldValidation?: 'Ignore' | 'Warn' | 'Strict'
  readonly signal?: AbortSignal
}

export interface ApplyOptions extends WriteOptions {
  /** Take fields that other managers own. */
  readonly force?: boolean
}

export interface DeleteOptions {
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan'
  readonly uid?: string
  readonly resourceVersion?: string
  readonly dryRun?: boolean
  readonly signal?: AbortSignal
}

export type WatchEvent = { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'; readonly object: KubeObject }

export type PatchType = 'application/json-patch+json' | 'application/merge-patch+json' | 'application/strategic-merge-patch+json'

/**
 * Kubernetes over REST through one keep-alive agent. Every method rejects with `KubeError` when the server says no,
 * and with `DiagnosticError` `kube/unreachable` when it cannot be asked.
 */
export interface KubeClient {
  /** The server's address, and the context's name where a kubeconfig named one. */
  readonly server: string
  readonly contextName: string | undefined
  /** The namespace of the kubeconfig context, `default` where it names none. */
  readonly defaultNamespace: string
  request<T = unknown>(request: KubeRequest): Promise<T>
  version(): Promise<ServerVersion>
  discovery(options?: { readonly refresh?: boolean }): Promise<Discovery>
  /** Undefined when there is no such object (404). */
  get(ref: ObjectRef, options?: { readonly signal?: AbortSignal }): Promise<KubeObject | undefined>
  /** All pages. Items carry apiVersion and kind. */
  list(apiVersion: string, kind: string, options?: ListOptions): Promise<readonly KubeObject[]>
  create(object: KubeObject, options?: WriteOptions): Promise<KubeObject>
  /** PUT; `metadata.resourceVersion` guards against lost updates where set. */
  replace(object: KubeObject, options?: WriteOptions): Promise<KubeObject>
  patch(ref: ObjectRef, type: PatchType, patch: unknown, options?: WriteOptions): Promise<KubeObject>
  /** Server-side apply. */
  apply(object: KubeObject, options?: ApplyOptions): Promise<KubeObject>
  /** False when it was not there. */
  delete(ref: ObjectRef, options?: DeleteOptions): Promise<boolean>
  /** Lists, then follows changes; resumes after dropped connections; ends when `signal` is aborted. The first events are ADDED for what exists, then a BOOKMARK. */
  watch(apiVersion: string, kind: string, options: ListOptions & { readonly signal: AbortSignal }): AsyncIterable<WatchEvent>
  logs(pod: { readonly namespace: string; readonly name: string; readonly container?: string; readonly tailLines?: number }): Promise<string>
  /** Makes the store of release records for this client, or one that wraps it; absent: Secrets of the cluster. */
  readonly records?: (client: KubeClient) => RecordStore
  /** How many requests were made so far, by `METHOD resource`. */
  readonly requestCounts: ReadonlyMap<string, number>
  /** The bodies of requests and of whole answers so far, unpacked. */
  readonly traffic: { readonly sentBytes: number; readonly receivedBytes: number }
  close(): void
}

/** What a `KubeError` may say beside the server's own words. */
export type KubeErrorDetails = Pick<Diagnostic, 'subject' | 'hint' | 'notes'> & { readonly code?: string }

/**
 * The server's answer when it refuses: the HTTP status and the Status object's own fields; `message` is the server's text.
 * As a diagnostic its code follows `reason`: `kube/not-found`, `kube/conflict`, `kube/forbidden`, …
 */
export class KubeError extends DiagnosticError {
  readonly status: number
  /** `NotFound`, `AlreadyExists`, `Conflict`, `Invalid`, `Forbidden`, … */
  readonly reason: string
  /** `details.causes` of the Status object: field and message. */
  readonly causes: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[]

  constructor(status: number, reason: string, message: string, causes: KubeError['causes'] = [], details: KubeErrorDetails = {}) {
    super({ code: codeOf(reason), severity: 'error', summary: message, ...details })
    this.name = 'KubeError'
    this.message = message
    this.status = status
    this.reason = reason
    this.causes = causes
  }
}

function codeOf(reason: string): string {
  const words = reason.replace(/[A-Z]/g, (letter, at: number) => `${at === 0 ? '' : '-'}${letter.toLowerCase()}`)
  return `kube/${words === '' ? 'refused' : words}`
}
