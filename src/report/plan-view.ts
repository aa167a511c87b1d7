/*
 * A plan as it is shown: what is told once for many objects, and each object that has more to tell.
 * In: a Plan and what a person wants to see of it. Out: data for text, markdown and reports; secrets are masked in it.
 * Always true: nothing here changes what is decided.
 */
import { dangerOf } from '../plan/destructive.ts'
import { type CommonEdit, type CommonEdits, commonEdits, type EditedObject } from '../plan/diff/common-edits.ts'
import type { DiffLine } from '../plan/diff/diff-lines.ts'
import type { FieldPath } from '../plan/diff/field-path.ts'
import { findRenames } from '../plan/diff/renames.ts'
import { type DiffObject, type ObjectDiff, type ObjectDiffOptions, objectDiffer } from '../plan/object-diff.ts'
import type { ObjectChange, Plan, ReleasePlan } from '../plan/plan.ts'
import { objectMatcher } from './object-pattern.ts'

export interface PlanViewOptions {
  /** How objects are compared and what is masked. */
  readonly diff: ObjectDiffOptions
  /** Leave out the objects, but for those with which something is lost; of these how they look. */
  readonly brief?: boolean
  /** Leave out the objects of releases that are installed anew. */
  readonly skipInstalls?: boolean
  /** Kinds whose objects are left out. */
  readonly suppress?: readonly string[]
  /** Only objects that one of these names, as `objectMatcher` reads them; all they change is shown. */
  readonly showOnly?: readonly string[]
  /** Show what objects have in common at each of them. */
  readonly noFold?: boolean
}

export interface ObjectView {
  readonly change: ObjectChange
  /** The object of which this seems to be the new form: it goes. */
  readonly renamedFrom?: ObjectChange
  readonly lines: readonly DiffLine[]
  /** What is lost with it. */
  readonly danger?: string
}

export interface ReleaseView {
  readonly release: ReleasePlan
  /** What objects of this release alone have in common. */
  readonly common: readonly CommonEdit[]
  readonly objects: readonly ObjectView[]
}

export interface PlanView {
  /** What objects of several releases have in common. */
  readonly common: readonly CommonEdit[]
  /** Those that are touched or cannot be. */
  readonly releases: readonly ReleaseView[]
}

/** What is to be shown of `plan`. */
export function planView(plan: Plan, options: PlanViewOptions): PlanView {
  const touched = plan.releases.filter((release) => release.action !== 'none' || release.blockers.length > 0)
  const shown = new Map(touched.map((release) => [release, shownChanges(release, options)]))
  const diffs = rememberingDiffs(objectDiffer(options.diff))
  const common =
    options.noFold || options.showOnly ? commonEdits([]) : commonEdits([...shown].flatMap(([release, changes]) => edited(release, changes, diffs)))
  const isOfSeveral = ({ objects }: CommonEdit): boolean => objects.some(({ release }) => release !== objects[0]?.release)
  return {
    common: common.edits.filter(isOfSeveral),
    releases: [...shown].map(([release, changes]) => ({
      release,
      common: common.edits.filter((edit) => !isOfSeveral(edit) && edit.objects[0]?.release === release.id),
      objects: objectViews(changes, isBrief(release, options) ? withoutLines : diffs, common),
    })),
  }
}

function isBrief(release: ReleasePlan, { brief, skipInstalls }: PlanViewOptions): boolean {
  return brief === true || release.suppressDiff || (skipInstalls === true && release.action === 'install')
}

function shownChanges(release: ReleasePlan, options: PlanViewOptions): readonly ObjectChange[] {
  if (isBrief(release, options)) return release.changes.filter((change) => dangerOf(change) !== undefined)
  const isWanted = options.showOnly && objectMatcher(options.showOnly)
  return release.changes.filter(({ action, ref }) => action !== 'none' && !options.suppress?.includes(ref.kind) && (isWanted?.(ref) ?? true))
}

function withoutLines(): ObjectDiff {
  return { edits: [], lines: () => [] }
}

function rememberingDiffs(differ: DiffObject): (change: ObjectChange) => ObjectDiff {
  const known = new Map<ObjectChange, ObjectDiff>()
  return (change) => {
    const diff = known.get(change) ?? differ(change)
    known.set(change, diff)
    return diff
  }
}

function edited(release: ReleasePlan, changes: readonly ObjectChange[], diffs: (change: ObjectChange) => ObjectDiff): readonly EditedObject[] {
  return changes.map((change) => ({ release: release.id, change, edits: diffs(change).edits }))
}

function objectViews(changes: readonly ObjectChange[], diffs: (change: ObjectChange) => ObjectDiff, common: CommonEdits): readonly ObjectView[] {
  const renames = findRenames(changes)
  const gone = new Set(renames.map(({ from }) => from))
  return changes
    .filter((change) => !gone.has(change))
    .flatMap((change): readonly ObjectView[] => {
      const from = renames.find(({ to }) => to === change)?.from
      const danger = dangerOf(from ?? change)
      const rest = danger === undefined ? {} : { danger }
      if (from) return [{ change, renamedFrom: from, lines: diffs(renamed(from, change)).lines(isName), ...rest }]
      const isTold = common.isTold(change)
      const lines = diffs(change).lines(isTold)
      const isAllTold = isTold && change.action === 'change' && change.notes.length === 0 && !lines.some(({ kind }) => kind !== 'context')
      return isAllTold ? [] : [{ change, lines, ...rest }]
    })
}

function isName(path: FieldPath): boolean {
  return path.length === 2 && path[0] === 'metadata' && path[1] === 'name'
}

function renamed(from: ObjectChange, to: ObjectChange): ObjectChange {
  return { ...to, action: 'change', ...(from.before && { before: from.before }) }
}
