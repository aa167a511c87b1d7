import { quote } from '../../go/quote.ts'
import { GoError } from '../../go/values.ts'
import type { Json } from './parse-schema.ts'

/** A name as one step of a JSON pointer (RFC 6901). */
export function escapeToken(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

/** The pointer that takes `names`, one after another. */
export function pointerOf(names: readonly string[]): string {
  return names.map((name) => `/${escapeToken(name)}`).join('')
}

/** A pointer as the fragment of an URL. */
export function encodeFragment(pointer: string): string {
  return pointer
    .split('/')
    .map((token) => encodeURIComponent(token).replace(/%(24|26|2B|3A|3D|40)/g, (hex) => decodeURIComponent(hex)))
    .join('/')
}

/** The text behind `#`, percent signs decoded. @throws GoError when they cannot be */
export function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    throw new GoError(`error in parsing ${quote(fragment)}: invalid URL escape`)
  }
}

function child(value: Json | undefined, name: string): Json | undefined {
  if (value instanceof Map) return (value as ReadonlyMap<string, Json>).get(name)
  return Array.isArray(value) && /^(?:0|[1-9][0-9]*)$/.test(name) ? (value as readonly Json[])[Number(name)] : undefined
}

/**
 * The value `pointer` leads to in `document`.
 *
 * @throws GoError when there is none; `location` names the place in the message
 */
export function lookUp(document: Json, pointer: string, location: string): Json {
  let value: Json | undefined = document
  for (const token of pointer.split('/').slice(1)) {
    if (/~(?![01])/.test(token)) throw new GoError(`invalid json-pointer ${quote(location)}`)
    value = child(value, token.replaceAll('~1', '/').replaceAll('~0', '~'))
    if (value === undefined) throw new GoError(`json-pointer in ${quote(location)} not found`)
  }
  return value as Json
}
