import { setTimeout as pause } from 'node:timers/promises'
import type { KubeObject } from '../kinds/kube-object.ts'
import { type KubeClient, KubeError } from './client.ts'

/** The objects of one kind in one namespace, by name. */
export type ObjectsByName = ReadonlyMap<string, KubeObject>

/** Which objects are watched. */
export interface WatchScope {
  readonly apiVersion: string
  readonly kind: string
  readonly namespace?: string
  /** Only this one. */
  readonly name?: string
}

/** Who wants to know: told of all objects once they are listed, and again after each change; or why there will be no more. */
export interface WatchListener {
  changed(objects: ObjectsByName): void
  failed(error: unknown): void
}

interface SharedWatch {
  readonly objects: Map<string, KubeObject>
  readonly listeners: Set<WatchListener>
  readonly stop: AbortController
  isListed: boolean
}

const ASK_AGAIN_MS = 2_000

/** Watches of a client that are under way; those of a client that is gone go with it. */
const watches = new WeakMap<KubeClient, Map<string, SharedWatch>>()

/**
 * Tells `listener` of the objects in `scope` until the returned function is called. All who listen to one scope of one client share
 * one watch; the last to leave ends it.
 */
export function listen(client: KubeClient, scope: WatchScope, listener: WatchListener): () => void {
  const ofClient = watches.get(client) ?? new Map<string, SharedWatch>()
  watches.set(client, ofClient)
  const key = JSON.stringify([scope.apiVersion, scope.kind, scope.namespace ?? null, scope.name ?? null])
  const watch = ofClient.get(key) ?? startWatch(client, scope, () => ofClient.delete(key))
  ofClient.set(key, watch)
  watch.listeners.add(listener)
  if (watch.isListed) listener.changed(watch.objects)
  return () => {
    watch.listeners.delete(listener)
    if (watch.listeners.size > 0) return
    if (ofClient.get(key) === watch) ofClient.delete(key)
    watch.stop.abort()
  }
}

function startWatch(client: KubeClient, scope: WatchScope, onEnd: () => void): SharedWatch {
  const watch: SharedWatch = { objects: new Map(), listeners: new Set(), stop: new AbortController(), isListed: false }
  followOrAsk(client, scope, watch).catch((error: unknown) => {
    onEnd()
    for (const listener of [...watch.listeners]) listener.failed(error)
  })
  return watch
}

/** A single object that may be read but not watched is asked for again and again. */
async function followOrAsk(client: KubeClient, scope: WatchScope, watch: SharedWatch): Promise<void> {
  try {
    await follow(client, scope, watch)
  } catch (error) {
    if (scope.name === undefined || !(error instanceof KubeError) || error.status !== 403) throw error
    await askAgainAndAgain(client, { ...scope, name: scope.name }, watch)
  }
}

async function askAgainAndAgain(client: KubeClient, scope: WatchScope & { readonly name: string }, watch: SharedWatch): Promise<void> {
  const { signal } = watch.stop
  while (!signal.aborted) {
    const object = await client.get(scope, { signal })
    if (object === undefined) watch.objects.delete(scope.name)
    else watch.objects.set(scope.name, object)
    tellAll(watch)
    await pause(ASK_AGAIN_MS, undefined, { signal, ref: false }).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
  }
}

function tellAll(watch: SharedWatch): void {
  watch.isListed = true
  for (const listener of [...watch.listeners]) listener.changed(watch.objects)
}

async function follow(client: KubeClient, scope: WatchScope, watch: SharedWatch): Promise<void> {
  const options = {
    signal: watch.stop.signal,
    ...(scope.namespace === undefined ? {} : { namespace: scope.namespace }),
    ...(scope.name === undefined ? {} : { fieldSelector: `metadata.name=${scope.name}` }),
  }
  for await (const { type, object } of client.watch(scope.apiVersion, scope.kind, options)) {
    const name = object.metadata.name ?? ''
    if (type === 'DELETED') watch.objects.delete(name)
    else if (type !== 'BOOKMARK') watch.objects.set(name, object)
    // The first bookmark comes when everything that exists has been told.
    if (watch.isListed || type === 'BOOKMARK') tellAll(watch)
  }
}
