import type { HelmCompat } from '../chart/helm-compat.ts'
import { offlineClient } from '../kube/offline-client.ts'
import { offlineCapabilities } from '../render/capabilities.ts'
import type { Clusters } from './clusters.ts'

/** No cluster at all: every release counts as not installed, charts see what `helm template` shows them. */
export function offlineClusters(helmCompat?: HelmCompat): Clusters {
  const { kubeVersion, apiVersions } = offlineCapabilities(helmCompat ? { helmCompat } : {})
  const { version: gitVersion, major, minor } = kubeVersion
  const client = offlineClient({ gitVersion, major, minor }, apiVersions)
  return { opened: new Map(), clientFor: async () => client, close: () => {} }
}
