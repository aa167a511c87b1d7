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
  /** Its first request may have been answered: what is written from now on may be missing in that answer. */
  hasBegun: boolean
  isListed: boolean
  /** Opened when everything has been listed, or never will be. */
  readonly listed: Gate
  /** The one whose listeners are taken along; until then. */
  before: SharedWatch | undefined
  /** Whoever listened here listens there now. */
  next?: SharedWatch
}

interface Gate {
  readonly opened: Promise<void>
  open(): void
}

function closedGate(): Gate {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}

const ASK_AGAIN_MS = 2_000

/** Watches of a client that are under way; those of a client that is gone go with it. */
const watches = new WeakMap<KubeClient, Map<string, SharedWatch>>()

/**
 * Tells `listener` of the objects in `scope` until the returned function is called: as they are now or later, never as they were
 * before the call, so that what the caller has just written is seen. All who listen to one scope of one client share one watch, which
 * begins anew for those who come later and takes the others along; the last to leave ends it.
 */
export function listen(client: KubeClient, scope: WatchScope, listener: WatchListener): () => void {
  const ofClient = watches.get(client) ?? new Map<string, SharedWatch>()
  watches.set(client, ofClient)
  const key = JSON.stringify([scope.apiVersion, scope.kind, scope.namespace ?? null, scope.name ?? null])
  const forget = (watch: SharedWatch): void => {
    if (ofClient.get(key) === watch) ofClient.delete(key)
  }
  const present = ofClient.get(key)
  const watch = present && !present.hasBegun ? present : startWatch(client, scope, present, forget)
  ofClient.set(key, watch)
  watch.listeners.add(listener)
  return () => {
    let at = watch
    while (at.next && !at.listeners.has(listener)) at = at.next
    at.listeners.delete(listener)
    if (at.listeners.size > 0) return
    forget(at)
    at.stop.abort()
  }
}

/** Begins once `before` has listed everything, as those who come until then can share it. */
function startWatch(client: KubeClient, scope: WatchScope, before: SharedWatch | undefined, forget: (watch: SharedWatch) => void): SharedWatch {
  const watch: SharedWatch = {
    objects: new Map(),
    listeners: new Set(),
    stop: new AbortController(),
    hasBegun: false,
    isListed: false,
    listed: closedGate(),
    before,
  }
  const begin = async (): Promise<void> => {
    await before?.listed.opened
    watch.hasBegun = true
    if (!watch.stop.signal.aborted) await followOrAsk(client, scope, watch)
  }
  begin()
    .catch((error: unknown) => {
      forget(watch)
      for (const listener of [...watch.listeners]) listener.failed(error)
    })
    .finally(watch.listed.open)
  return watch
}

function takeAlong(watch: SharedWatch): void {
  const { before } = watch
  if (!before) return
  for (const listener of before.listeners) watch.listeners.add(listener)
  before.listeners.clear()
  before.next = watch
  before.stop.abort()
  watch.before = undefined
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
  if (!watch.isListed) {
    watch.isListed = true
    takeAlong(watch)
    watch.listed.open()
  }
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
