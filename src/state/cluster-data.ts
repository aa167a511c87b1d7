/** An object of a cluster that a reference names. */
export interface ClusterDataQuery {
  readonly kind: 'Secret' | 'ConfigMap'
  readonly namespace: string
  readonly name: string
  /** Absent: the kubeconfig of the run. */
  readonly kubeconfig?: string
  /** Absent: the context of the run, or the current one. */
  readonly kubeContext?: string
  /** True asks the cluster that this process runs in, as its service account. */
  readonly inCluster?: boolean
}

/** Reads what an object holds, by key; values of Secrets decoded. Undefined when there is no such object. */
export type ReadClusterData = (query: ClusterDataQuery) => Promise<ReadonlyMap<string, string> | undefined>
