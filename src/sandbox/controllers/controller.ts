import type { Cluster } from '../cluster.ts'
import type { Change } from '../storage.ts'

/** Something that acts on changes. It is asked by key, once for many changes, and must come to the same end when asked again. */
export interface Controller {
  /** The resources whose changes it hears of; `*` is all. */
  readonly resources: readonly string[]
  /** What is to be looked at after a change; empty for nothing. */
  keyOf(change: Change, cluster: Cluster): string
  reconcile(cluster: Cluster, key: string): void
}
