import { typeOf } from '../../go/kind.ts'
import { sprint } from '../../go/printf.ts'
import { GO_TYPE, GoError, type GoFunction, type GoMap, type GoValue, isGoObject } from '../../go/values.ts'
import { ANY, DICT, fixed, variadic } from '../../template/functions/signature.ts'

/** Reading and writing values by dotted paths. Source: Helmfile 1.8 pkg/tmpl/get_or_nil.go, context_funcs.go */
export const lookupFunctions: readonly (readonly [string, GoFunction])[] = [
  ['get', variadic(['string'], ANY, get)],
  ['getOrNil', fixed(['string', ANY], getOrNil)],
  ['setValueAtPath', fixed(['string', ANY, DICT], setValueAtPath)],
]

/** Nothing is at the path; the only failure that `getOrNil` forgives. */
class NoValueError extends GoError {}

function get(path: string, ...args: GoValue[]): GoValue {
  if (args.length === 1) return valueAt(path, args[0] as GoValue, undefined)
  if (args.length === 2) return valueAt(path, args[1] as GoValue, { value: args[0] as GoValue })
  const shown = sprint([args])
  throw new GoError(
    `unexpected number of args passed to the template function get(path, [def, ]obj): expected 1 or 2, got ${args.length}, args was ${shown}`,
  )
}

function getOrNil(path: string, object: GoValue): GoValue {
  try {
    return valueAt(path, object, undefined)
  } catch (error) {
    if (error instanceof NoValueError) return null
    throw error
  }
}

function valueAt(path: string, object: GoValue, fallback: { readonly value: GoValue } | undefined): GoValue {
  if (path === '') return object
  let current = object
  for (const key of path.split('.')) {
    const found = entryOf(current, key)
    if (found === undefined) {
      if (fallback && isContainer(current)) return fallback.value
      throw new NoValueError(missing(current, key))
    }
    // A map of strings ends the path, whatever follows.
    if (current instanceof Map && (current as GoMap)[GO_TYPE]?.type === 'map[string]string') return found
    current = found
  }
  return current
}

function isContainer(value: GoValue): boolean {
  return value instanceof Map || (isGoObject(value) && value.goKind === 'struct')
}

function entryOf(value: GoValue, key: string): GoValue | undefined {
  if (value instanceof Map) return value.get(key)
  return isGoObject(value) && value.goKind === 'struct' ? value.field(key) : undefined
}

function missing(value: GoValue, key: string): string {
  if (value instanceof Map) return `no value exist for key "${key}" in ${sprint([value])}`
  if (isGoObject(value) && value.goKind === 'struct') return `no field named "${key}" exist in ${sprint([value])}`
  return `unexpected type(${typeOf(value)}) of value for key "${key}": it must be either map[string]any or any struct`
}

function setValueAtPath(path: string, value: GoValue, values: GoMap): GoValue {
  const keys = path.split('.')
  const last = keys.pop() as string
  let current: GoMap = values
  for (const key of keys) {
    const next = current.get(key)
    if (next === undefined) throw new GoError(`failed to set value at path "${path}": value for key "${key}" does not exist`)
    if (!(next instanceof Map)) throw new GoError(`failed to set value at path "${path}": value for key "${key}" was not a map`)
    current = next
  }
  current.set(last, value)
  return values
}
