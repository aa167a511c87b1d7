import { requireServedKinds } from '../release/require-served-kinds.ts'
import { type Capabilities, serverKubeVersion } from '../render/capabilities.ts'
import { helmFacts } from '../render/helm-facts.ts'
import type { AsyncOracle } from '../render/lookup.ts'
import type { Rendered } from '../render/rendered.ts'
import { clusterOracle } from './cluster-lookup.ts'
import type { Clusters } from './clusters.ts'

/** A cluster as rendering one chart asks it. */
export interface LiveTemplate {
  readonly capabilities: Capabilities
  readonly lookup: AsyncOracle
  /** @throws DiagnosticError `release/unknown-kind` for objects of kinds that the server does not serve */
  readonly validate: (rendered: Rendered) => Promise<void>
}

/** What the current cluster says to a chart. @throws DiagnosticError of connecting */
export async function liveTemplate(clusters: Clusters): Promise<LiveTemplate> {
  const client = await clusters.clientFor(undefined)
  const [version, discovery] = await Promise.all([client.version(), client.discovery()])
  return {
    capabilities: { kubeVersion: serverKubeVersion(version), apiVersions: discovery.apiVersions, helmVersion: helmFacts(undefined).built },
    lookup: clusterOracle(client, discovery),
    validate: ({ crds, objects, hooks }) =>
      requireServedKinds(
        client,
        [...crds, ...objects, ...hooks].map(({ object }) => object),
      ),
  }
}
