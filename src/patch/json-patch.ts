import { failure } from '../base/diagnostic.ts'
import { GoInt, type GoList, type GoMap, type GoValue } from '../go/values.ts'

/** One step of a JSON patch, as written. */
export type Operation = GoMap

/**
 * `document` after the operations of a JSON patch (RFC 6902), one after the other; negative indices count from a list's end.
 *
 * @throws DiagnosticError `patch/bad-patch` for an operation that cannot be done
 * Source: github.com/evanphx/json-patch v4.13
 */
export function applyJsonPatch(document: GoMap, operations: readonly Operation[]): GoMap {
  const root: Root = { value: copied(document) }
  for (const [i, operation] of operations.entries()) {
    try {
      applyOperation(root, operation)
    } catch (error) {
      if (error instanceof CannotApply) throw failure('patch/bad-patch', `operation ${i + 1} of the JSON patch: ${error.message}`)
      throw error
    }
  }
  if (!(root.value instanceof Map)) throw failure('patch/bad-patch', 'the JSON patch leaves no object')
  return root.value
}

class CannotApply extends Error {}

interface Root {
  value: GoValue
}

function applyOperation(root: Root, operation: Operation): void {
  const kind = textOf(operation, 'op')
  const path = textOf(operation, 'path')
  switch (kind) {
    case 'add':
      add(root, path, copied(givenValue(operation)))
      break
    case 'remove':
      remove(root, path)
      break
    case 'replace':
      replace(root, path, copied(givenValue(operation)))
      break
    case 'move':
      add(root, path, remove(root, textOf(operation, 'from')))
      break
    case 'copy':
      add(root, path, copied(read(root, textOf(operation, 'from'))))
      break
    case 'test':
      test(root, path, operation.get('value') ?? null)
      break
    default:
      throw new CannotApply(`unexpected kind: ${kind}`)
  }
}

function textOf(operation: Operation, key: string): string {
  const value = operation.get(key)
  if (typeof value !== 'string') throw new CannotApply(`"${key}" is missing`)
  return value
}

function givenValue(operation: Operation): GoValue {
  const value = operation.get('value')
  if (value === undefined) throw new CannotApply('"value" is missing')
  return value
}

function pointer(path: string): readonly string[] {
  if (path === '') return []
  if (!path.startsWith('/')) throw new CannotApply(`path "${path}" does not start with a slash`)
  return path
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function child(parent: GoValue | undefined, key: string): GoValue | undefined {
  if (parent instanceof Map) return parent.get(key)
  return Array.isArray(parent) ? parent[indexIn(parent, key, parent.length)] : undefined
}

function indexIn(list: GoList, key: string, end: number): number {
  if (!/^-?\d{1,9}$/.test(key)) throw new CannotApply(`"${key}" is no index of a list`)
  const index = Number(key) < 0 ? Number(key) + end : Number(key)
  if (index < 0 || index >= end) throw new CannotApply(`there is no element ${key} in a list of ${list.length}`)
  return index
}

interface Place {
  readonly parent: GoMap | GoList
  readonly key: string
}

function placeOf(root: Root, path: string): Place {
  const keys = pointer(path)
  let parent: GoValue | undefined = root.value
  for (const key of keys.slice(0, -1)) parent = child(parent, key)
  if (!(parent instanceof Map) && !Array.isArray(parent)) throw new CannotApply(`there is nothing at "${path.slice(0, path.lastIndexOf('/'))}"`)
  return { parent, key: keys.at(-1) as string }
}

function read(root: Root, path: string): GoValue {
  let value: GoValue | undefined = root.value
  for (const key of pointer(path)) value = child(value, key)
  if (value === undefined) throw new CannotApply(`there is nothing at "${path}"`)
  return value
}

function add(root: Root, path: string, value: GoValue): void {
  if (path === '') {
    root.value = value
    return
  }
  const { parent, key } = placeOf(root, path)
  if (parent instanceof Map) parent.set(key, value)
  else parent.splice(key === '-' ? parent.length : indexIn(parent, key, parent.length + 1), 0, value)
}

function remove(root: Root, path: string): GoValue {
  if (path === '') throw new CannotApply('the whole object cannot be removed')
  const old = read(root, path)
  const { parent, key } = placeOf(root, path)
  if (parent instanceof Map) parent.delete(key)
  else parent.splice(indexIn(parent, key, parent.length), 1)
  return old
}

/** A field that is not there is set, as the library does it that kustomize uses. */
function replace(root: Root, path: string, value: GoValue): void {
  if (path === '') {
    root.value = value
    return
  }
  const { parent, key } = placeOf(root, path)
  if (parent instanceof Map) parent.set(key, value)
  else parent[indexIn(parent, key, parent.length)] = value
}

/** A field that is not there is as good as null. */
function test(root: Root, path: string, wanted: GoValue): void {
  const { parent, key } = path === '' ? { parent: new Map([['', root.value]]), key: '' } : placeOf(root, path)
  if (!isEqual(child(parent, key) ?? null, wanted)) throw new CannotApply(`testing value ${path} failed`)
}

function isEqual(a: GoValue, b: GoValue): boolean {
  if (a instanceof Map && b instanceof Map)
    return a.size === b.size && [...a].every(([key, value]) => b.has(key) && isEqual(value, b.get(key) ?? null))
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((value, i) => isEqual(value, b[i] ?? null))
  return plainScalar(a) === plainScalar(b)
}

function plainScalar(value: GoValue): GoValue {
  return value instanceof GoInt ? Number(value.value) : value
}

function copied(value: GoValue): GoValue {
  if (Array.isArray(value)) return value.map(copied)
  return value instanceof Map ? new Map([...value].map(([key, item]) => [key, copied(item)])) : value
}
