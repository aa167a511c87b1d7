import type { KubeObject } from '../kinds/kube-object.ts'
import type { ApiResource, Discovery, KubeClient } from '../kube/client.ts'
import { splitApiVersion } from '../kube/paths.ts'
import type { RecordStore } from '../kube/record-store.ts'
import { groupOf, identityOf, refOf } from './object-names.ts'
import { withOwnershipMarks } from './ownership.ts'
import { parseManifest } from './parse-manifest.ts'
import { placeObject, scopeFrom } from './place-objects.ts'
import { deployedRecord, findRecords, groupByRelease, lastRecord, revisionOf, type StoredRecord } from './storage.ts'

/**
 * `client`, which reaches no server, with the records of `store`: reads answer what the deployed revisions applied, as if nobody had
 * touched it since, and the kinds in there count as served. Charts may ask for these in `.Capabilities.APIVersions`.
 *
 * @throws DiagnosticError `release/corrupt-record`, `release/bad-manifest`, and what reading the store throws
 */
export async function recordedClient(client: KubeClient, store: RecordStore): Promise<KubeClient> {
  const recording = { ...client, records: () => store }
  const histories = groupByRelease(await findRecords(recording))
  const discovery = await client.discovery()
  const objects = [...histories.values()].flatMap((history) => objectsOf(history, discovery))
  const known = withKinds(discovery, objects)
  const namespaces = [...new Set([...histories.values()].flat().map(({ namespace }) => namespace))].map(namespaceObject)
  const there = new Map([...namespaces, ...objects].map((object) => [identityOf(refOf(object)), object]))
  return {
    ...recording,
    discovery: async () => known,
    get: async (ref) => there.get(identityOf(ref)),
    list: async (apiVersion, kind, { namespace } = {}) =>
      [...there.values()].filter(
        (object) =>
          object.kind === kind &&
          groupOf(object.apiVersion) === groupOf(apiVersion) &&
          (namespace === undefined || object.metadata.namespace === namespace),
      ),
  }
}

function objectsOf(history: readonly StoredRecord[], discovery: Discovery): readonly KubeObject[] {
  const record = deployedRecord(history) ?? lastRecord(history)
  if (!record || record.status === 'uninstalled') return []
  const revision = revisionOf(record)
  const parsed = parseManifest(revision.manifest)
  const scopeOf = scopeFrom(discovery, parsed)
  return parsed.map((object) => withOwnershipMarks(placeObject(object, scopeOf, revision.namespace), revision))
}

function namespaceObject(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }
}

/** The plural of a custom kind is nobody's business here: nothing is sent. */
function withKinds({ resources, apiVersions, find }: Discovery, objects: readonly KubeObject[]): Discovery {
  const custom = new Map<string, ApiResource>()
  for (const { apiVersion, kind, metadata } of objects) {
    if (find(apiVersion, kind)) continue
    const namespaced = metadata.namespace !== undefined
    custom.set(`${apiVersion}/${kind}`, { ...splitApiVersion(apiVersion), kind, plural: kind.toLowerCase(), namespaced, verbs: [], shortNames: [] })
  }
  const versions = [...custom.values()].map(({ group, version }) => `${group}/${version}`)
  return {
    resources,
    apiVersions: [...new Set([...apiVersions, ...versions, ...custom.keys()])],
    find: (apiVersion, kind) => find(apiVersion, kind) ?? custom.get(`${apiVersion}/${kind}`),
  }
}
