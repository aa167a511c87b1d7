import type { KubeObject, ObjectRef } from '../kinds/kube-object.ts'
import type { Discovery, KubeClient } from '../kube/client.ts'
import { refOf } from '../release/object-names.ts'
import type { ReleaseOperation } from '../release/operation.ts'
import { withOwnershipMarks } from '../release/ownership.ts'
import { parseManifest } from '../release/parse-manifest.ts'
import { placeObject, scopeFrom } from '../release/place-objects.ts'
import type { Revision } from '../release/record.ts'
import { inServedForm } from '../release/served-form.ts'
import { lastRecord, revisionOf, type StoredRecord } from '../release/storage.ts'
import type { Release } from '../state/state.ts'
import type { LiveObjects } from './live-objects.ts'
import type { ReleasePlan } from './plan.ts'
import { chartOf, removalOptions } from './plan-facts.ts'
import { planRemovals } from './plan-removals.ts'
import { type ReleaseBase, releaseBase } from './release-base.ts'
import { seenObjects } from './seen-objects.ts'

/** A release that is to go, before anything live was looked at. */
export interface RemovalDraft {
  readonly release: Release
  readonly client: KubeClient
  readonly history: readonly StoredRecord[]
  readonly last: Revision | undefined
  /** Of every revision that may have left any: the last, the deployed one, and those that failed since. */
  readonly objects: readonly KubeObject[]
}

/** What the last revision holds, and what those before it may have left. */
export function draftRemoval(release: Release, client: KubeClient, discovery: Discovery, history: readonly StoredRecord[]): RemovalDraft {
  const newest = lastRecord(history)
  if (!newest) return { release, client, history, last: undefined, objects: [] }
  const last = revisionOf(newest)
  const manifests = last.info.status === 'uninstalled' ? [] : manifestsOf(last, releaseBase(history))
  const parsed = manifests.flatMap((manifest) => parseManifest(manifest)).map((object) => inServedForm(object, discovery))
  const scopeOf = scopeFrom(discovery, parsed)
  const objects = parsed.map((object) => withOwnershipMarks(placeObject(object, scopeOf, last.namespace), last))
  return { release, client, history, last, objects }
}

function manifestsOf(last: Revision, { current, unfinished }: ReleaseBase): readonly string[] {
  return [...new Set([last, ...(current ? [current] : []), ...unfinished].map((revision) => revision.manifest))]
}

/** Everything whose live form has to be known. */
export function refsOfRemoval(draft: RemovalDraft): readonly ObjectRef[] {
  return draft.objects.filter((object) => object.metadata.name).map(refOf)
}

/** Decides how one release goes. A release that was removed with its history kept goes on being kept, or loses its records. */
export function planRemoval(
  draft: RemovalDraft,
  live: LiveObjects,
  around: { readonly needs: readonly string[]; readonly after: readonly string[]; readonly reason: string },
): ReleasePlan {
  const { release, last, history } = draft
  const { id, name, namespace, kubeContext } = release
  const suppressDiff = release.options.suppressDiff ?? false
  const basis = { history, objects: seenObjects(refsOfRemoval(draft), live) }
  const shared = { id, name, namespace, kubeContext, needs: around.needs, after: around.after, notes: [], blockers: [], suppressDiff, basis }
  const isGone = last === undefined || (last.info.status === 'uninstalled' && release.options.keepHistory === true)
  if (isGone) return { ...shared, action: 'none', reason: 'not installed', changes: [] }
  const { changes, removals } = planRemovals(draft.objects, live, last, { mustBeMarked: true })
  return {
    ...shared,
    action: 'uninstall',
    reason: last.info.status === 'uninstalled' ? 'its kept history goes' : around.reason,
    fromRevision: last.version,
    ...(last.chart ? { fromChart: chartOf(last.chart.metadata) } : {}),
    changes,
    operation: removalOperation(draft, last, removals, history),
  }
}

function removalOperation(
  draft: RemovalDraft,
  last: Revision,
  removals: ReleaseOperation['removals'],
  history: readonly StoredRecord[],
): ReleaseOperation {
  const options = removalOptions(draft.release)
  return {
    kind: 'uninstall',
    revision: last,
    settle: [],
    supersede: supersededByRemoval(history, options),
    prune: options.keepHistory ? [] : history.map((record) => record.version),
    createNamespace: false,
    crds: [],
    crdUpgrades: [],
    objects: [],
    removals,
    options: last.info.status === 'uninstalled' ? { ...options, disableHooks: true } : options,
  }
}

/** Older revisions that still call themselves deployed; none where the records go anyway. */
export function supersededByRemoval(history: readonly StoredRecord[], { keepHistory }: ReleaseOperation['options']): readonly Revision[] {
  if (!keepHistory) return []
  return history
    .slice(0, -1)
    .filter((record) => record.status === 'deployed')
    .map(revisionOf)
}
