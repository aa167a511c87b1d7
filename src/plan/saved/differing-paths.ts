import { isObject, sameJson } from '../../base/json.ts'

/** Stands for a value that is hidden: nobody can tell whether it differs. */
const HIDDEN = /^\(secret[: ]/

/** `spec.replicas`, `spec.containers[0].image`, …: where two JSON values differ, as deep as both are maps or lists of one length. */
export function differingPaths(a: unknown, b: unknown, path = ''): readonly string[] {
  if (sameJson(a, b) || (typeof a === 'string' && HIDDEN.test(a))) return []
  if (isObject(a) && isObject(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])]
    return keys.flatMap((key) => differingPaths(a[key], b[key], path === '' ? key : `${path}.${key}`))
  }
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) {
    return a.flatMap((item, index) => differingPaths(item, b[index], `${path}[${index}]`))
  }
  return [path]
}
