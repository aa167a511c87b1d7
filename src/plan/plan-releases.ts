/*
 * Desired against recorded and live: what is to be done to each release, as data.
 * In: releases of a state, a function that renders one of them, a connection for each context. Out: a Plan.
 * Always true: nothing is written; each kind of object is listed at most once per cluster (once per namespace where few are
 * needed), release records once per cluster; objects that can be compared here cost no request.
 */
import { type Diagnostic, DiagnosticError } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { mapLimited } from '../base/pool.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import type { KubeClient, ServerVersion } from '../kube/client.ts'
import { diagnosticsOf } from '../release/error-text.ts'
import { refOf } from '../release/object-names.ts'
import { groupByRelease, listRecords, type StoredRecord } from '../release/storage.ts'
import type { Release } from '../state/state.ts'
import { bringsDefinition } from './definitions/changed-definitions.ts'
import { type FindPlannedKind, plannedKinds } from './definitions/planned-kinds.ts'
import { type LiveObjects, readLiveObjects } from './live-objects.ts'
import { withMoves } from './moves.ts'
import { withPendingDenials } from './pending-denials.ts'
import { type Desire, PLAN_FORMAT_VERSION, type Plan, type PlanInput, type PlanOptions, type ReleasePlan } from './plan.ts'
import { inNamespace } from './plan-facts.ts'
import { crdsToApply, draftRelease, planRelease, type ReleaseDraft, refsOf } from './plan-release.ts'
import { draftRemoval, planRemoval, type RemovalDraft, refsOfRemoval } from './plan-removal.ts'
import { withRefusedRemovals } from './refused-removals.ts'
import { releaseBase } from './release-base.ts'
import { orderReleases, type ReleaseOrder } from './release-order.ts'
import { withRivalClaims } from './rival-claims.ts'

const DEFAULT_CONCURRENCY = 16

type Draft = { readonly stays: ReleaseDraft } | { readonly goes: RemovalDraft }

/**
 * Plans all `input.releases`.
 *
 * @throws DiagnosticError of everything that kept a release from being planned: rendering, corrupt records, an unreachable server
 */
export async function planReleases(_host: Host, input: PlanInput, options: PlanOptions = {}): Promise<Plan> {
  return planAll(input, options, { desire: input.desire, isRemoved: (release) => !release.installed, reason: 'no longer wanted' })
}

/** What sets the planning of a removal of everything apart. */
export interface PlanningRules {
  /** Absent: nothing is ever rendered, as everything is removed. */
  readonly desire?: Desire
  readonly isRemoved: (release: Release) => boolean
  /** Why something is removed. */
  readonly reason: string
}

/** Plans by `rules`; `planReleases` and `planDestroy` are this. */
export async function planAll(input: Omit<PlanInput, 'desire'>, options: PlanOptions, rules: PlanningRules): Promise<Plan> {
  const concurrency = options.concurrency ?? DEFAULT_CONCURRENCY
  const clients = await clientsOf(input)
  const releases = input.releases.map((release) => inNamespace(release, clients.get(release.kubeContext) as KubeClient))
  options.onStage?.('reading records')
  const histories = await readHistories(releases, clients, options.signal)
  options.onStage?.('rendering')
  const drafts = await collect(releases, concurrency, (release) => draft(release, clients, histories, rules, options.definitions))
  options.onStage?.('reading objects')
  const asking = { concurrency, ...(options.signal && { signal: options.signal }) }
  const live = await readLive(drafts, asking)
  const order = orderReleases(input.releases, rules.isRemoved)
  options.onStage?.('comparing')
  const kinds = plannedKindsOf(drafts, live)
  const planned = await collect(drafts, concurrency, async (draft) => {
    const plan = await settle(draft, live, order, { options, rules, concurrency, kinds })
    options.onPlanned?.(plan)
    return plan
  })
  const byId = new Map(planned.map((release) => [release.id, release]))
  const takers = new Set(releases.filter((release) => release.options.takeOwnership).map((release) => release.id))
  const ordered = withRivalClaims(withMoves(order.ids.map((id) => byId.get(id) as ReleasePlan)), ({ id }) => takers.has(id))
  const clientFor = ({ kubeContext }: ReleasePlan): KubeClient => clients.get(kubeContext) as KubeClient
  const asked = options.refusals === 'block' ? await withRefusedRemovals(ordered, clientFor, asking) : ordered
  return { formatVersion: PLAN_FORMAT_VERSION, environment: input.environment, releases: withPendingDenials(asked) }
}

async function clientsOf(input: Omit<PlanInput, 'desire'>): Promise<ReadonlyMap<string | undefined, KubeClient>> {
  const contexts = [...new Set(input.releases.map((release) => release.kubeContext))]
  return new Map(await Promise.all(contexts.map(async (context) => [context, await input.clientFor(context)] as const)))
}

/** By client, then by `namespace/name`. */
type Histories = ReadonlyMap<KubeClient, ReadonlyMap<string, readonly StoredRecord[]>>

async function readHistories(
  releases: readonly Release[],
  clients: ReadonlyMap<string | undefined, KubeClient>,
  signal: AbortSignal | undefined,
): Promise<Histories> {
  const distinct = [...new Set(clients.values())]
  const read = async (client: KubeClient): Promise<readonly [KubeClient, ReadonlyMap<string, readonly StoredRecord[]>]> => {
    const namespaces = releases.filter((release) => clients.get(release.kubeContext) === client).map((release) => release.namespace)
    // Discovery is needed next; it can travel at the same time.
    const [records] = await Promise.all([listRecords(client, namespaces, signal ? { signal } : {}), client.discovery()])
    return [client, groupByRelease(records)]
  }
  return new Map(await Promise.all(distinct.map(read)))
}

async function draft(
  release: Release,
  clients: ReadonlyMap<string | undefined, KubeClient>,
  histories: Histories,
  rules: PlanningRules,
  definitions: PlanOptions['definitions'],
): Promise<Draft> {
  const client = clients.get(release.kubeContext) as KubeClient
  const history = histories.get(client)?.get(`${release.namespace}/${release.name}`) ?? []
  const discovery = await client.discovery()
  if (!rules.desire || rules.isRemoved(release)) return { goes: draftRemoval(release, client, discovery, history) }
  const base = releaseBase(history)
  const version = await versionOf(client)
  const desired = await rules.desire(release, {
    client,
    discovery,
    version,
    revision: base.current ? base.version : 1,
    isInstall: base.current === undefined,
    current: base.current,
  })
  return { stays: draftRelease(release, { client, discovery, ...(definitions && { definitions }) }, base, desired) }
}

const versions = new WeakMap<KubeClient, Promise<ServerVersion>>()

/** Asked once for each connection. */
function versionOf(client: KubeClient): Promise<ServerVersion> {
  const known = versions.get(client)
  if (known) return known
  const asked = client.version()
  versions.set(client, asked)
  asked.catch(() => versions.delete(client))
  return asked
}

async function readLive(
  drafts: readonly Draft[],
  options: { readonly concurrency: number; readonly signal?: AbortSignal },
): Promise<ReadonlyMap<KubeClient, LiveObjects>> {
  const clients = [...new Set(drafts.map(clientOf))]
  const read = async (client: KubeClient): Promise<readonly [KubeClient, LiveObjects]> => {
    const own = drafts.filter((draft) => clientOf(draft) === client)
    const refs = own.flatMap((draft) => ('stays' in draft ? refsOf(draft.stays) : refsOfRemoval(draft.goes)))
    const installs = own.flatMap((draft) => ('stays' in draft && !draft.stays.base.current ? [draft.stays.release.namespace] : []))
    return [client, await readLiveObjects(client, refs, { ...options, namespaces: installs })]
  }
  return new Map(await Promise.all(clients.map(read)))
}

function clientOf(draft: Draft): KubeClient {
  return 'stays' in draft ? draft.stays.client : draft.goes.client
}

/** By client: the kinds that new and changed definitions bring. */
function plannedKindsOf(drafts: readonly Draft[], live: ReadonlyMap<KubeClient, LiveObjects>): ReadonlyMap<KubeClient, FindPlannedKind> {
  const brought = ({ client, objects, ...draft }: ReleaseDraft): readonly KubeObject[] =>
    [...crdsToApply(draft), ...objects].filter((object) => bringsDefinition(object, live.get(client)?.find(refOf(object))))
  const staying = drafts.flatMap((draft) => ('stays' in draft ? [draft.stays] : []))
  const clients = [...new Set(staying.map(({ client }) => client))]
  return new Map(clients.map((client) => [client, plannedKinds(staying.filter((draft) => draft.client === client).flatMap(brought))]))
}

async function settle(
  draft: Draft,
  live: ReadonlyMap<KubeClient, LiveObjects>,
  order: ReleaseOrder,
  context: {
    readonly options: PlanOptions
    readonly rules: PlanningRules
    readonly concurrency: number
    readonly kinds: ReadonlyMap<KubeClient, FindPlannedKind>
  },
): Promise<ReleasePlan> {
  const { id } = 'stays' in draft ? draft.stays.release : draft.goes.release
  const places = { needs: order.needs.get(id) ?? [], after: order.after.get(id) ?? [] }
  const there = live.get(clientOf(draft)) as LiveObjects
  if ('goes' in draft) return planRemoval(draft.goes, there, { ...places, reason: context.rules.reason })
  const { signal, ignore, hooks, conflicts, recreate, refusals } = context.options
  return planRelease(draft.stays, there, {
    ...places,
    always: context.options.always ?? false,
    concurrency: context.concurrency,
    ...(signal ? { signal } : {}),
    ...(ignore ? { ignore } : {}),
    ...(hooks ? { hooks } : {}),
    ...(conflicts ? { conflicts } : {}),
    ...(recreate ? { recreate } : {}),
    ...(refusals ? { refusals } : {}),
    plannedKind: context.kinds.get(draft.stays.client) as FindPlannedKind,
  })
}

/** Works on all items, and tells everything that went wrong at once. */
async function collect<T, R>(items: readonly T[], concurrency: number, work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const problems: Diagnostic[] = []
  const results = await mapLimited(items, concurrency, async (item): Promise<readonly [R] | undefined> => {
    try {
      return [await work(item)]
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error
      problems.push(...diagnosticsOf(error))
      return undefined
    }
  })
  if (problems.length > 0) throw new DiagnosticError(uniqueProblems(problems))
  return results.flatMap((result) => (result ? [...result] : []))
}

/** One unreachable server is one problem, however many releases it keeps from being planned. */
function uniqueProblems(problems: readonly Diagnostic[]): readonly Diagnostic[] {
  return [
    ...new Map(
      problems.map((problem) => [`${problem.code} ${problem.subject ?? ''} ${problem.at?.start ?? ''} ${problem.summary}`, problem]),
    ).values(),
  ]
}
