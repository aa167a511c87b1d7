import type { KubeObject } from '../kinds/kube-object.ts'
import type { KubeClient } from '../kube/client.ts'
import { readinessOf } from '../kube/readiness/judge.ts'
import { readLiveObjects } from '../plan/live-objects.ts'
import { refOf } from '../release/object-names.ts'
import { objectsOfManifest } from '../release/place-objects.ts'
import type { Revision } from '../release/record.ts'

/** One object of a release as it is now. */
export interface LiveResource {
  readonly kind: string
  readonly apiVersion: string
  readonly name: string
  /** Empty where its kind has none. */
  readonly namespace: string
  readonly state: 'ready' | 'progressing' | 'failed' | 'terminating' | 'missing'
  /** What the state comes from, in the words of waiting. */
  readonly message: string
  /** When it was made (RFC 3339); absent where it is missing. */
  readonly created?: string
}

/** Every object of a revision's manifest with its readiness; each kind is listed once, or objects are read one by one where there are few. */
export async function liveResources(client: KubeClient, revision: Revision): Promise<readonly LiveResource[]> {
  const objects = (await objectsOfManifest(client, revision.manifest, revision.namespace)).filter((object) => object.metadata.name)
  const live = await readLiveObjects(client, objects.map(refOf), { concurrency: 16, namespaces: [] })
  return objects.map((object) => resourceOf(object, live.find(refOf(object))))
}

function resourceOf(object: KubeObject, live: KubeObject | undefined): LiveResource {
  const { apiVersion, kind, metadata } = object
  const place = { kind, apiVersion, name: metadata.name ?? '', namespace: metadata.namespace ?? '' }
  if (!live) return { ...place, state: 'missing', message: 'it is not in the cluster' }
  const { state, message } = readinessOf(live)
  const created = live.metadata['creationTimestamp']
  return { ...place, state, message, ...(typeof created === 'string' ? { created } : {}) }
}
