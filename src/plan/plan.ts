import type { Diagnostic } from '../base/diagnostic.ts'
import type { Chart } from '../chart/chart.ts'
import type { Plain } from '../go/plain.ts'
import type { KubeObject, ObjectRef } from '../kinds/kube-object.ts'
import type { Discovery, KubeClient, ServerVersion } from '../kube/client.ts'
import type { ReleaseOperation } from '../release/operation.ts'
import type { Revision } from '../release/record.ts'
import type { StoredRecord } from '../release/storage.ts'
import type { Rendered } from '../render/rendered.ts'
import type { Release } from '../state/state.ts'
import type { DefinitionRule } from './definitions/definition-rule.ts'

export const PLAN_FORMAT_VERSION = 1

export type PlanAction = 'install' | 'upgrade' | 'rollback' | 'uninstall' | 'test' | 'none'

/** What is to be done to an environment, as data: shown by `diff`, carried out by `executePlan`. */
export interface Plan {
  readonly formatVersion: number
  readonly environment: string
  /** What releases were compared with where no cluster was asked. */
  readonly comparedWith?: 'records' | 'nothing'
  /** In topological order: whatever a release waits for stands before it. */
  readonly releases: readonly ReleasePlan[]
}

export interface ReleasePlan {
  /** The release's id in the state, unique in the plan. */
  readonly id: string
  readonly name: string
  readonly namespace: string
  readonly kubeContext: string | undefined
  /** Ids within the plan. */
  readonly needs: readonly string[]
  /** Ids within the plan that must have succeeded first: `needs`, turned round where something is removed. */
  readonly after: readonly string[]
  readonly action: PlanAction
  /** Why: `not installed`, `2 objects change`, `revision 3 failed`, `no longer wanted`, `nothing changed` … */
  readonly reason: string
  readonly fromRevision?: number
  readonly toRevision?: number
  readonly chart?: { readonly name: string; readonly version: string; readonly appVersion?: string }
  /** Of the revision that is deployed now. */
  readonly fromChart?: { readonly name: string; readonly version: string; readonly appVersion?: string }
  /** Every object of the release, unchanged ones included, in install order; then those that go. */
  readonly changes: readonly ObjectChange[]
  /** Things a person should know: a stuck revision that is taken over, warnings of rendering. */
  readonly notes: readonly string[]
  /** Why this cannot be carried out: foreign owners and the like. Executing such a release fails with these at once. */
  readonly blockers: readonly Diagnostic[]
  /** Diffs of this release are not to be shown (`suppressDiff`). */
  readonly suppressDiff: boolean
  /** How long it took the last time, in milliseconds; absent where nobody knows. */
  readonly expectedMs?: number
  /** What execution does; absent when `action` is `none`. */
  readonly operation?: ReleaseOperation
  /** Places whose values are others at every render: `Secret shop/db data.password`. Absent: none, or nobody looked. */
  readonly randomValues?: readonly string[]
  /** What this was decided on; absent in a plan that was read from a file. */
  readonly basis?: PlanBasis
}

/** What the cluster held while a release was planned. */
export interface PlanBasis {
  /** All its records, oldest first. */
  readonly history: readonly StoredRecord[]
  readonly objects: readonly SeenObject[]
  /** Its values are made of those of the revision before. */
  readonly reusesValues?: boolean
}

export interface SeenObject {
  readonly ref: ObjectRef
  /** As it was; absent when there was none. */
  readonly live?: KubeObject
  /** As the server said it would be. */
  readonly result?: KubeObject
}

/** `adopt`: it exists, belongs to no release or to this one, and becomes part of this release. `keep`: no longer in the release, left where it is. */
export type ChangeAction = 'create' | 'change' | 'replace' | 'delete' | 'adopt' | 'keep' | 'none'

export interface ObjectChange {
  readonly ref: ObjectRef
  readonly action: ChangeAction
  readonly origin: 'manifest' | 'hook' | 'crd'
  /** Without what the server adds for itself (managedFields, status, uid …). Absent when it does not exist. */
  readonly before?: KubeObject
  /** What it will be. Absent when it goes. */
  readonly after?: KubeObject
  /** Of an object that goes from one release of the plan to another: that release's id. */
  readonly movedFrom?: string
  readonly movedTo?: string
  /** A Secret: values are not to be shown. */
  readonly secret: boolean
  /** `kind Widget is not served yet`, `fields taken over from kubectl`, … */
  readonly notes: readonly string[]
}

/** What rendering may want to know about where a release goes. */
export interface DesireContext {
  readonly client: KubeClient
  readonly discovery: Discovery
  readonly version: ServerVersion
  /** `.Release.Revision`: the number of the revision that would be written; 1 for every install, as Helm has it, even over a kept history. */
  readonly revision: number
  /** `.Release.IsInstall`; otherwise it is an upgrade. */
  readonly isInstall: boolean
  /** The revision an upgrade starts from; its `config` and `chart.values` are what `reuseValues` reuses. */
  readonly current: Revision | undefined
}

/** What a release should be. */
export interface DesiredRelease {
  readonly chart: Chart
  /** The user's values, merged: what `helm get values` shows. */
  readonly config: { readonly [key: string]: Plain }
  readonly rendered: Rendered
  /** Renders once more on another day; undefined where no template makes values that are others each time. */
  readonly renderAgain?: () => Promise<Rendered | undefined>
}

/** Reads and renders one release; called once for each release that is to be installed, several at a time. */
export type Desire = (release: Release, context: DesireContext) => Promise<DesiredRelease>

/** The connection for a kubeconfig context; undefined is the current one. Called often: must answer the same client each time. */
export type ClientFor = (kubeContext: string | undefined) => Promise<KubeClient>

/** What `planReleases` works on. */
export interface PlanInput {
  readonly environment: string
  /** Those to be worked on (selected and enabled), in the order of the state. `installed: false` plans a removal. */
  readonly releases: readonly Release[]
  readonly desire: Desire
  readonly clientFor: ClientFor
}

/** A field of some objects, whose differences count for nothing: they are not shown, and change nothing by themselves. */
export interface IgnoreRule {
  /** `spec.replicas`, `metadata.annotations["example.com/seen"]`, `spec.template.spec.containers[web].image`, `[*]` for any; or a JSON pointer. */
  readonly path: string
  /** Which objects, `*` standing for any characters; absent: all. */
  readonly kind?: string
  readonly name?: string
  readonly namespace?: string
}

/** What becomes of a field that another manager owns and a chart wants otherwise. */
export type ConflictPolicy = 'take' | 'leave' | 'fail'

/** A field of some objects, and what becomes of conflicts about it and what lies below it. */
export interface ConflictRule extends IgnoreRule {
  /** The manager that owns it, `*` standing for any characters; absent: any. */
  readonly owner?: string
  readonly policy: ConflictPolicy
}
/**
 * What the server refuses for sure in a dry run: it keeps the release from being carried out, or is told and left to happen; `leave`:
 * new objects are not even asked about, as the writes will tell.
 */
export type Refusals = 'block' | 'note' | 'leave'

/** What planning does, one after another: records are read, releases rendered, live objects read, both compared. */
export type PlanStage = 'reading records' | 'rendering' | 'reading objects' | 'comparing'

export interface PlanOptions {
  /** What becomes of the definitions in charts' `crds/`; the first rule that fits a release counts, without one Helm's way. */
  readonly definitions?: readonly DefinitionRule[]
  /** Default `note`. */
  readonly refusals?: Refusals
  /** Write a new revision even where no object changes (`sync`). */
  readonly always?: boolean
  /** Releases rendered and requests made at once, 0 for all; default 16. */
  readonly concurrency?: number
  readonly signal?: AbortSignal
  /** Fields in which objects may differ without being changed for it. */
  readonly ignore?: readonly IgnoreRule[]
  /** What becomes of fields that others own; the first rule that fits decides, and without one the write fails. */
  readonly conflicts?: readonly ConflictRule[]
  /** Objects that may be deleted and made anew where a field cannot change: `kind/name` or `namespace/kind/name`. */
  readonly recreate?: readonly string[]
  /** Which hooks count: all but tests (the default), none of them, or tests too. */
  readonly hooks?: 'none' | 'with-tests'
  /** Called as each stage of planning begins. */
  readonly onStage?: (stage: PlanStage) => void
  /** Called as each release is settled. */
  readonly onPlanned?: (release: ReleasePlan) => void
}
