import { isObject, type JsonObject, sameJson } from '../../base/json.ts'
import { type MutableObject, member, setMember } from '../json.ts'
import { ApiError, badRequest } from '../status.ts'

/** Operations per patch; an API server refuses more. */
const MAX_OPERATIONS = 10_000

/**
 * Applies an RFC 6902 patch; the document is not changed.
 *
 * @throws ApiError 400 for a patch that is none, 422 for one that does not fit the document
 */
export function applyJsonPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw badRequest('json: cannot unmarshal object into Go value of type jsonpatch.Patch')
  if (patch.length > MAX_OPERATIONS)
    throw new ApiError(413, 'RequestEntityTooLarge', `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${patch.length}`)
  return patch.reduce<unknown>((doc, operation) => applyOperation(doc, operation), document)
}

function applyOperation(doc: unknown, operation: unknown): unknown {
  if (!isObject(operation)) throw badRequest('invalid JSON patch operation')
  const path = pointer(operation['path'])
  switch (operation['op']) {
    case 'add':
      return edit(doc, path, () => operation['value'], 'add')
    case 'replace':
      return edit(doc, path, () => operation['value'], 'replace')
    case 'remove':
      return edit(doc, path, () => undefined, 'remove')
    case 'copy':
      return edit(doc, path, () => read(doc, pointer(operation['from'])), 'add')
    case 'move': {
      const from = pointer(operation['from'])
      const moved = read(doc, from)
      return edit(
        edit(doc, from, () => undefined, 'remove'),
        path,
        () => moved,
        'add',
      )
    }
    case 'test':
      if (!sameJson(read(doc, path), operation['value'])) throw unprocessable()
      return doc
    default:
      throw badRequest(`Unexpected kind: ${String(operation['op'])}`)
  }
}

function unprocessable(): ApiError {
  return new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {})
}

function pointer(value: unknown): readonly string[] {
  if (typeof value !== 'string') throw badRequest('JSON patch operation without a path')
  return value === ''
    ? []
    : value
        .slice(1)
        .split('/')
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function read(doc: unknown, path: readonly string[]): unknown {
  let here = doc
  for (const key of path) {
    here = Array.isArray(here) ? here[Number(key)] : isObject(here) ? member(here, key) : undefined
    if (here === undefined) throw unprocessable()
  }
  return here
}

type Mode = 'add' | 'replace' | 'remove'

function edit(doc: unknown, path: readonly string[], value: () => unknown, mode: Mode): unknown {
  const [key, ...rest] = path
  if (key === undefined) return mode === 'remove' ? null : value()
  if (Array.isArray(doc)) return editList(doc, key, rest, value, mode)
  if (!isObject(doc)) throw unprocessable()
  return editMember(doc, key, rest, value, mode)
}

function editMember(object: JsonObject, key: string, rest: readonly string[], value: () => unknown, mode: Mode): unknown {
  const out: MutableObject = { ...object }
  const exists = Object.hasOwn(object, key)
  if (!exists && (rest.length > 0 || mode !== 'add')) throw unprocessable()
  if (rest.length > 0) setMember(out, key, edit(object[key], rest, value, mode))
  else if (mode === 'remove') delete out[key]
  else setMember(out, key, value())
  return out
}

function editList(list: readonly unknown[], key: string, rest: readonly string[], value: () => unknown, mode: Mode): unknown {
  const index = key === '-' ? list.length : /^\d{1,9}$/.test(key) ? Number(key) : -1
  const isInside = index >= 0 && index < list.length
  if (!isInside && !(mode === 'add' && rest.length === 0 && index === list.length)) throw unprocessable()
  if (rest.length > 0) return list.map((item, i) => (i === index ? edit(item, rest, value, mode) : item))
  if (mode === 'add') return [...list.slice(0, index), value(), ...list.slice(index)]
  if (mode === 'remove') return list.filter((_, i) => i !== index)
  return list.map((item, i) => (i === index ? value() : item))
}
