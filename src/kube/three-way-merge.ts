import type { JsonObject } from '../base/json.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import { mergeFields } from '../kinds/merge-fields.ts'
import type { PatchType } from './client.ts'
import { jsonDiff, jsonThreeWay } from './merge/json-merge.ts'
import { strategicDiff } from './merge/strategic-diff.ts'
import { joinPatches } from './merge/strategic-join.ts'

/** The three states of an object. */
export interface MergeStates {
  /** As it was last applied. */
  readonly original: KubeObject
  /** As it shall be. */
  readonly target: KubeObject
  /** As it is in the cluster. */
  readonly live: KubeObject
}

/** A patch ready to be sent; `isEmpty` when there is nothing to change. */
export interface ObjectPatch {
  readonly type: PatchType
  readonly patch: JsonObject
  readonly isEmpty: boolean
}

/**
 * The patch with which Helm updates an object from the client's side. Built-in kinds get the strategic merge of all three states:
 * what others added to the live object stays. Custom kinds get the JSON merge from `original` to `target`, as Helm does,
 * or of all three states with `threeWayForCustomKinds`.
 *
 * @throws DiagnosticError `kube/bad-merge` for documents whose lists cannot be merged
 * Source: Helm 4.3.1 pkg/kube/client.go createPatch; k8s.io/apimachinery 0.37 strategicpatch.CreateThreeWayMergePatch
 */
export function threeWayMerge(states: MergeStates, options: { readonly threeWayForCustomKinds?: boolean } = {}): ObjectPatch {
  const { original, target, live } = states
  const fields = mergeFields(target.apiVersion, target.kind)
  if (fields === undefined) {
    const patch = options.threeWayForCustomKinds ? jsonThreeWay(original, target, live) : jsonDiff(original, target)
    return { type: 'application/merge-patch+json', patch, isEmpty: Object.keys(patch).length === 0 }
  }
  const additions = strategicDiff(live, target, fields, 'additions')
  const deletions = strategicDiff(original, target, fields, 'deletions')
  const patch = joinPatches(deletions, additions, fields)
  return { type: 'application/strategic-merge-patch+json', patch, isEmpty: Object.keys(patch).length === 0 }
}
