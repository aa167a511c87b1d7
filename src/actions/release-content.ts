import { DiagnosticError, failure } from '../base/diagnostic.ts'
import { fromPlain, type Plain, toPlain } from '../go/plain.ts'
import type { GoMap } from '../go/values.ts'
import { secretsBeside, textsIn } from '../plan/former-secrets.ts'
import type { Revision } from '../release/record.ts'
import { lastRecord, readHistory, revisionOf } from '../release/storage.ts'
import type { Release, State } from '../state/state.ts'
import type { Clusters } from './clusters.ts'
import { findRelease } from './find-release.ts'
import { type LiveResource, liveResources } from './live-resources.ts'
import { valuesOfRevision } from './reuse-values.ts'

/** A revision with what `helm get` tells of it. */
export interface ReleaseContent {
  readonly revision: Revision
  /** Of the storage object: Helm's own labels are among them where the newest revision was asked for, as Helm has it. */
  readonly labels: Readonly<Record<string, string>>
  /** The chart's values under those that were given. */
  readonly computed: Plain
  /** What is secret in it beside what is known by now. */
  readonly secrets: readonly string[]
  /** Its objects as they are now. */
  readonly resources: () => Promise<readonly LiveResource[]>
}

/**
 * What is recorded of one selected release of `state`: the newest revision, or `revision`. Its values are read from the state files
 * too, to know what is secret; where they cannot be read every text among the recorded ones counts as secret.
 *
 * @param known gives every secret value that was met so far
 * @throws DiagnosticError `actions/not-installed`, `actions/no-revision`, and as `findRelease`
 */
export async function releaseContent(
  state: State,
  clusters: Clusters,
  wanted: { readonly release: string; readonly revision?: number },
  known: () => readonly string[],
): Promise<ReleaseContent> {
  const release = findRelease(
    state.files.flatMap((file) => file.selected),
    wanted.release,
  )
  const { revision, labels } = await recorded(release, clusters, wanted.revision ?? 0)
  const computed = revision.chart ? toPlain(valuesOfRevision(revision.chart, fromPlain(revision.config) as GoMap)) : revision.config
  const resources = async (): Promise<readonly LiveResource[]> => liveResources(await clusters.clientFor(release.kubeContext), revision)
  return { revision, labels, computed, secrets: await secretsIn(release, [revision.config, computed], known), resources }
}

async function recorded(release: Release, clusters: Clusters, version: number): Promise<Pick<ReleaseContent, 'revision' | 'labels'>> {
  const client = await clusters.clientFor(release.kubeContext)
  const history = await readHistory(client, { name: release.name, namespace: release.namespace || client.defaultNamespace })
  const subject = `release ${release.id}`
  const newest = lastRecord(history)
  if (!newest) throw failure('actions/not-installed', `release ${release.name} is not installed`, { subject })
  const record = version === 0 ? newest : history.find((candidate) => candidate.version === version)
  if (!record) {
    const versions = history.map((candidate) => candidate.version).join(', ')
    throw failure('actions/no-revision', `release has no ${version} version`, { subject, hint: `choose one of these revisions: ${versions}` })
  }
  const revision = revisionOf(record)
  return { revision, labels: version === 0 ? (record.object.metadata.labels ?? {}) : revision.labels }
}

async function secretsIn(release: Release, configs: readonly Plain[], known: () => readonly string[]): Promise<readonly string[]> {
  try {
    const layers = (await release.layers()).map(({ tree }) => toPlain(tree))
    return secretsBeside(configs, layers, known())
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error
    return configs.flatMap(textsIn)
  }
}
