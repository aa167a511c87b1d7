import { isObject, type JsonObject, objectOf, sameJson, textOf, valueAt } from '../../base/json.ts'
import type { Cause } from '../status.ts'
import type { Target } from '../target.ts'
import { forbiddenField, invalidValue, requiredValue, tooLong } from './causes.ts'
import { labelProblems, labelValueProblems, pathSegmentProblems, qualifiedNameProblems, subdomainProblems } from './names.ts'

function namespaceProblems(name: string): readonly string[] {
  return name.includes('.') ? ['must not contain dots'] : labelProblems(name)
}

const NAME_RULES: Readonly<Record<string, (name: string) => readonly string[]>> = {
  '/namespaces': namespaceProblems,
  '/services': labelProblems,
  'rbac.authorization.k8s.io/roles': pathSegmentProblems,
  'rbac.authorization.k8s.io/rolebindings': pathSegmentProblems,
  'rbac.authorization.k8s.io/clusterroles': pathSegmentProblems,
  'rbac.authorization.k8s.io/clusterrolebindings': pathSegmentProblems,
}

/** All annotations of an object together may not be longer. */
const MAX_ANNOTATION_BYTES = 256 * 1024

/** What is wrong with the metadata of an object. Source: apimachinery pkg/api/validation/objectmeta.go */
export function validateCommon(object: JsonObject, target: Target): readonly Cause[] {
  const name = textOf(valueAt(object, 'metadata', 'name'))
  const causes: Cause[] = []
  if (name === '') causes.push(requiredValue('metadata.name', 'name or generateName is required'))
  else for (const problem of (NAME_RULES[target.type.key] ?? subdomainProblems)(name)) causes.push(invalidValue('metadata.name', name, problem))
  causes.push(
    ...validateLabels(valueAt(object, 'metadata', 'labels'), 'metadata.labels'),
    ...validateAnnotations(valueAt(object, 'metadata', 'annotations'), 'metadata.annotations'),
  )
  return causes
}

/** What is wrong with a map of labels. */
export function validateLabels(labels: unknown, field: string): readonly Cause[] {
  return Object.entries(objectOf(labels)).flatMap(([key, value]) => [
    ...qualifiedNameProblems(key).map((problem) => invalidValue(field, key, problem)),
    ...labelValueProblems(String(value)).map((problem) => invalidValue(field, value, problem)),
  ])
}

function validateAnnotations(annotations: unknown, field: string): readonly Cause[] {
  if (!isObject(annotations)) return []
  const causes = Object.keys(annotations).flatMap((key) =>
    qualifiedNameProblems(key.toLowerCase()).map((problem) => invalidValue(field, key, problem)),
  )
  const size = Object.entries(annotations).reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(String(value)), 0)
  return size > MAX_ANNOTATION_BYTES ? [...causes, tooLong(field, MAX_ANNOTATION_BYTES)] : causes
}

/** What is wrong with an update's metadata: an object that is being deleted takes no new finalizers. */
export function validateCommonUpdate(object: JsonObject, live: JsonObject, target: Target): readonly Cause[] {
  const causes = [...validateCommon(object, target)]
  if (valueAt(live, 'metadata', 'deletionTimestamp') === undefined) return causes
  const before = new Set(finalizers(live))
  const added = finalizers(object).filter((f) => !before.has(f))
  if (added.length > 0 && !sameJson(finalizers(object), finalizers(live))) {
    causes.push(
      forbiddenField(
        'metadata.finalizers',
        `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((f) => JSON.stringify(f)).join(', ')}}`,
      ),
    )
  }
  return causes
}

function finalizers(object: JsonObject): readonly string[] {
  const list = valueAt(object, 'metadata', 'finalizers')
  return Array.isArray(list) ? list.map(String) : []
}
