import { mapLimited } from '../base/pool.ts'
import type { KubeObject, ObjectRef } from '../kinds/kube-object.ts'
import { type ApiResource, type KubeClient, KubeError } from '../kube/client.ts'
import { unlessStatus } from '../kube/unless-status.ts'
import { identityOf } from '../release/object-names.ts'

/** What is in one cluster of everything that was asked for: reads answer from it without another request. */
export interface LiveObjects {
  find(ref: ObjectRef): KubeObject | undefined
  /** True when nothing can be in that namespace because it is not there. */
  isMissingNamespace(name: string): boolean
}

/** So few objects are asked for one by one; more are listed. */
const FEW_OBJECTS = 2
/** In so few namespaces one list each is asked for; more get one list over the whole cluster. */
const FEW_NAMESPACES = 4

interface Wanted {
  readonly resource: ApiResource
  readonly apiVersion: string
  readonly refs: readonly ObjectRef[]
}

/**
 * Reads all of `refs` with as few requests as possible: one list per kind. Kinds that the server does not serve have no
 * objects. Where listing is forbidden it asks for less at a time: one namespace, then one object.
 */
export async function readLiveObjects(
  client: KubeClient,
  refs: readonly ObjectRef[],
  options: { readonly concurrency: number; readonly namespaces: readonly string[]; readonly signal?: AbortSignal },
): Promise<LiveObjects> {
  const discovery = await client.discovery()
  const byKind = new Map<string, Wanted & { readonly refs: ObjectRef[]; readonly seen: Set<string> }>()
  for (const ref of refs) {
    const resource = discovery.find(ref.apiVersion, ref.kind)
    if (!resource) continue
    const key = `${resource.group}/${resource.kind}`
    const wanted = byKind.get(key) ?? { resource, apiVersion: ref.apiVersion, refs: [], seen: new Set<string>() }
    byKind.set(key, wanted)
    if (wanted.seen.has(identityOf(ref))) continue
    wanted.seen.add(identityOf(ref))
    wanted.refs.push(ref)
  }
  const [missing, lists] = await Promise.all([
    readMissingNamespaces(client, options.namespaces),
    mapLimited([...byKind.values()], options.concurrency, (wanted) => readKind(client, wanted, options.signal)),
  ])
  const found = new Map(lists.flat().map((object) => [identityOf({ apiVersion: object.apiVersion, kind: object.kind, ...place(object) }), object]))
  return { find: (ref) => found.get(identityOf(ref)), isMissingNamespace: (name) => missing.has(name) }
}

function place(object: KubeObject): { readonly name: string; readonly namespace?: string } {
  const { name = '', namespace } = object.metadata
  return namespace ? { name, namespace } : { name }
}

async function readKind(client: KubeClient, wanted: Wanted, signal: AbortSignal | undefined): Promise<readonly KubeObject[]> {
  if (wanted.refs.length <= FEW_OBJECTS || !wanted.resource.verbs.includes('list')) return readEach(client, wanted, signal)
  const namespaces = wanted.resource.namespaced ? [...new Set(wanted.refs.map((ref) => ref.namespace ?? ''))] : []
  const places: readonly (string | undefined)[] = namespaces.length > 0 && namespaces.length <= FEW_NAMESPACES ? namespaces : [undefined]
  return orLess(
    async () => (await Promise.all(places.map((namespace) => readList(client, wanted, namespace, signal)))).flat(),
    async () => {
      if (places[0] !== undefined || namespaces.length === 0) return readEach(client, wanted, signal)
      return orLess(
        async () => (await Promise.all(namespaces.map((namespace) => readList(client, wanted, namespace, signal)))).flat(),
        () => readEach(client, wanted, signal),
      )
    },
  )
}

async function orLess<T>(more: () => Promise<T>, less: () => Promise<T>): Promise<T> {
  return (await unlessStatus(more(), 403)) ?? less()
}

/** Release records are Secrets too, many and large; none of them belongs to a release's objects. */
function readList(
  client: KubeClient,
  { apiVersion, resource }: Wanted,
  namespace: string | undefined,
  signal: AbortSignal | undefined,
): Promise<readonly KubeObject[]> {
  return client.list(apiVersion, resource.kind, {
    ...(namespace === undefined ? {} : { namespace }),
    ...(resource.group === '' && resource.kind === 'Secret' ? { fieldSelector: 'type!=helm.sh/release.v1' } : {}),
    ...(signal ? { signal } : {}),
  })
}

async function readEach(client: KubeClient, { refs }: Wanted, signal: AbortSignal | undefined): Promise<readonly KubeObject[]> {
  const found = await mapLimited(refs, 8, (ref) => client.get(ref, signal ? { signal } : {}))
  return found.filter((object) => object !== undefined)
}

/** The names among `wanted` of which there is no namespace; who may not look is told that all are there. */
async function readMissingNamespaces(client: KubeClient, wanted: readonly string[]): Promise<ReadonlySet<string>> {
  const names = [...new Set(wanted)]
  if (names.length === 0) return new Set()
  try {
    const there =
      names.length > FEW_OBJECTS
        ? await client.list('v1', 'Namespace')
        : await Promise.all(names.map((name) => client.get({ apiVersion: 'v1', kind: 'Namespace', name })))
    const known = new Set(there.map((object) => object?.metadata.name))
    return new Set(names.filter((name) => !known.has(name)))
  } catch (error) {
    if (error instanceof KubeError && error.status === 403) return new Set()
    throw error
  }
}
