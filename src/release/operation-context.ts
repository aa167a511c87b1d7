import type { Host } from '../base/host.ts'
import type { KubeClient } from '../kube/client.ts'
import type { OnProgress } from './progress.ts'

/** What carrying out an operation needs beside the operation itself. */
export interface OperationContext {
  readonly host: Host
  readonly client: KubeClient
  readonly onProgress: OnProgress
  /** Aborted: nothing new is begun, waiting ends. */
  readonly signal: AbortSignal | undefined
  /** Hides secrets in what goes into a record's description. */
  readonly conceal: (text: string) => string
  /** Called before the first write that no other run may see half done; does nothing when it is called again. */
  readonly lock: () => Promise<void>
}

/** Now, as records store it. */
export function timestamp(host: Host): string {
  return new Date(host.now()).toISOString()
}
