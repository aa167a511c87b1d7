import { isObject } from '../../base/json.ts'
import { type MutableObject, member, setMember } from '../json.ts'

/** Applies an RFC 7386 merge patch: null removes a member, all but objects replaces. */
export function applyMergePatch(document: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const out: MutableObject = isObject(document) ? { ...document } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key]
    else setMember(out, key, applyMergePatch(member(out, key), value))
  }
  return out
}
