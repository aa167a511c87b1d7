import type { Host } from '../base/host.ts'
import type { Revision } from '../release/record.ts'
import { groupByRelease, lastRecord, listRecords, readHistory, revisionOf } from '../release/storage.ts'
import type { State } from '../state/state.ts'
import type { Clusters } from './clusters.ts'

/** What the cluster holds of one release of the state. */
export interface ReleaseStatusLine {
  readonly id: string
  readonly name: string
  readonly namespace: string
  readonly kubeContext: string | undefined
  /** Helm's word for the last revision's state; `not installed` where there is none. */
  readonly status: string
  readonly revision: number | undefined
  readonly chart: string | undefined
  readonly appVersion: string | undefined
  /** When the last revision was written (RFC 3339). */
  readonly updated: string | undefined
  readonly description: string | undefined
}

/** A revision as `history` lists it. */
export interface HistoryLine {
  readonly revision: number
  readonly updated: string
  readonly status: string
  readonly chart: string
  readonly appVersion: string
  readonly description: string
}

function chartName(revision: Revision): string | undefined {
  return revision.chart && `${revision.chart.metadata.name}-${revision.chart.metadata.version}`
}

/** The last revision of each selected release; one list of records per cluster. @throws DiagnosticError of an unreachable cluster or a corrupt record */
export async function releaseStatus(_host: Host, state: State, clusters: Clusters): Promise<readonly ReleaseStatusLine[]> {
  const releases = state.files.flatMap((file) => file.selected)
  const contexts = [...new Set(releases.map((release) => release.kubeContext))]
  const byContext = new Map(
    await Promise.all(
      contexts.map(async (context) => {
        const client = await clusters.clientFor(context)
        const namespaces = [...new Set(releases.filter((r) => r.kubeContext === context).map((r) => r.namespace || client.defaultNamespace))]
        return [context, { client, records: groupByRelease(await listRecords(client, namespaces)) }] as const
      }),
    ),
  )
  return releases.map((release) => {
    const { client, records } = byContext.get(release.kubeContext) as NonNullable<ReturnType<typeof byContext.get>>
    const namespace = release.namespace || client.defaultNamespace
    const record = lastRecord(records.get(`${namespace}/${release.name}`) ?? [])
    const revision = record && revisionOf(record)
    return {
      id: release.id,
      name: release.name,
      namespace,
      kubeContext: release.kubeContext,
      status: revision?.info.status ?? 'not installed',
      revision: revision?.version,
      chart: revision && chartName(revision),
      appVersion: revision?.chart?.metadata.appVersion,
      updated: revision?.info.lastDeployed,
      description: revision?.info.description,
    }
  })
}

/** All revisions kept of one release, oldest first. @throws DiagnosticError of an unreachable cluster or a corrupt record */
export async function releaseHistory(
  release: { readonly name: string; readonly namespace: string; readonly kubeContext: string | undefined },
  clusters: Clusters,
): Promise<readonly HistoryLine[]> {
  const client = await clusters.clientFor(release.kubeContext)
  const records = await readHistory(client, { name: release.name, namespace: release.namespace || client.defaultNamespace })
  return records.map((record) => {
    const revision = revisionOf(record)
    return {
      revision: revision.version,
      updated: revision.info.lastDeployed,
      status: revision.info.status,
      chart: chartName(revision) ?? '',
      appVersion: revision.chart?.metadata.appVersion ?? '',
      description: revision.info.description,
    }
  })
}
