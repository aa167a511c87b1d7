import { stringFromBytes } from '../../go/bytes.ts'
import { typeOf } from '../../go/kind.ts'
import { sprint } from '../../go/printf.ts'
import { type GoList, type GoValue, withGoType } from '../../go/values.ts'

/** `%v` of a value. */
export function shown(value: GoValue): string {
  return typeof value === 'string' ? value : sprint([value])
}

/** sprig's `strval`: text as it is, bytes as text, anything else as `%v`. */
export function stringOf(value: GoValue): string {
  return value instanceof Uint8Array ? stringFromBytes(value) : shown(value)
}

/** sprig's `strslice`: a list's items as text without the nils, or one text for a single value. A list of strings is returned itself. */
export function stringsOf(value: GoValue): GoList {
  if (typeOf(value) === '[]string') return value as GoList
  return withGoType(textsOf(value), '[]string')
}

function textsOf(value: GoValue): string[] {
  if (value === null) return []
  if (value instanceof Uint8Array) return Array.from(value, String)
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(stringOf)
  return [stringOf(value)]
}
