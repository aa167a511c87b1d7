import { type JsonObject, objectOf, textOf, valueAt } from '../../base/json.ts'
import { withAt } from '../json.ts'

/** Jobs select their pods by the job's own uid, unless they bring a selector. Source: kubernetes pkg/registry/batch/job/strategy.go */
export function prepareJob(object: JsonObject, live: JsonObject | undefined): JsonObject {
  if (live || valueAt(object, 'spec', 'manualSelector') === true) return object
  const uid = textOf(valueAt(object, 'metadata', 'uid'))
  const name = textOf(valueAt(object, 'metadata', 'name'))
  const own = { 'batch.kubernetes.io/controller-uid': uid, 'batch.kubernetes.io/job-name': name, 'controller-uid': uid, 'job-name': name }
  const labels = { ...objectOf(valueAt(object, 'spec', 'template', 'metadata', 'labels')), ...own }
  const labelled = withAt(object, ['spec', 'template', 'metadata', 'labels'], labels)
  return withAt(labelled, ['spec', 'selector'], { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } })
}
