import { stringFromBytes } from './bytes.ts'
import { GoComplex } from './complex.ts'
import { MAX_NODES, MAX_TEXT, TOO_MANY_NODES } from './count-nodes.ts'
import {
  clearFlags,
  type FormatState,
  writeCharacter,
  writeFloat,
  writeHexBytes,
  writeHexNumber,
  writeHexString,
  writeInteger,
  writePadded,
  writeQuoted,
  writeQuotedCharacter,
  writeString,
  writeUnicode,
} from './format-state.ts'
import { ANY_TYPE, elementTypeOf, isNil, typeOf } from './kind.ts'
import { goStringOf, stringOf } from './stringer.ts'
import { GoError, GoInt, type GoList, type GoMap, type GoObject, GoTime, type GoValue, isGoObject, sortedKeys } from './values.ts'

/** How deep printing follows nested values; deeper is cut with `...`, where Go would run out of stack on a cycle. */
const MAX_DEPTH = 1000

/** Writes one argument of a format under `verb`; flags stand in `f`. Source: Go 1.26 fmt/print.go. */
export function printArgument(f: FormatState, value: GoValue, verb: string): void {
  if (value === null) {
    if (verb === 'T' || verb === 'v') writePadded(f, '<nil>')
    else writeBadVerb(f, null, verb)
    return
  }
  if (verb === 'T') writeString(f, typeOf(value))
  else if (verb === 'p') printPointer(f, value, verb)
  else if (value instanceof Uint8Array) printBytes(f, value, verb, 0)
  else if (verb === 'w') writeBadVerb(f, value, verb)
  else printValue(f, value, verb, 0)
}

/** `%!verb(type=value)` */
function writeBadVerb(f: FormatState, value: GoValue, verb: string): void {
  f.out += `%!${verb}(`
  if (value === null) f.out += '<nil>'
  else {
    f.out += `${typeOf(value)}=`
    printRaw(f, value, 'v', 0)
  }
  f.out += ')'
}

/** Values with a `String` method print through it; all others by their kind. */
function printValue(f: FormatState, value: GoValue, verb: string, depth: number): void {
  if (!writeThroughMethod(f, value, verb)) printRaw(f, value, verb, depth)
}

function writeThroughMethod(f: FormatState, value: GoValue, verb: string): boolean {
  if (value === null || typeof value !== 'object') return false
  if (f.sharpV) {
    const text = goStringOf(value)
    if (text !== undefined) writeString(f, text)
    return text !== undefined
  }
  if (!'vsxXq'.includes(verb)) return false
  const text = stringOf(value)
  if (text !== undefined) printText(f, text, verb)
  return text !== undefined
}

function printRaw(f: FormatState, value: GoValue, verb: string, depth: number): void {
  if (typeof value === 'string') printText(f, value, verb)
  else if (typeof value === 'number') printFloat(f, value, verb)
  else if (typeof value === 'boolean') {
    if (verb === 't' || verb === 'v') writePadded(f, String(value))
    else writeBadVerb(f, value, verb)
  } else if (value === null) f.out += '<nil>'
  else if (depth > MAX_DEPTH) f.out += '...'
  else printComposite(f, value, verb, depth)
}

function printComposite(f: FormatState, value: Exclude<GoValue, null | string | number | boolean>, verb: string, depth: number): void {
  if (value instanceof GoInt) printInteger(f, value, verb)
  else if (value instanceof Map) printMap(f, value as GoMap, verb, depth)
  else if (Array.isArray(value)) printList(f, value as GoList, verb, depth)
  else if (value instanceof Uint8Array) printBytes(f, value, verb, depth)
  else if (value instanceof GoComplex) printComplex(f, value, verb)
  else if (value instanceof GoTime) printFields(f, 'time.Time', timeFields(value), verb, depth)
  else if (isGoObject(value)) printObject(f, value, verb, depth)
}

function printText(f: FormatState, text: string, verb: string): void {
  if (verb === 's' || (verb === 'v' && !f.sharpV)) writeString(f, text)
  else if (verb === 'q' || verb === 'v') writeQuoted(f, text)
  else if (verb === 'x' || verb === 'X') writeHexString(f, text, verb === 'X')
  else writeBadVerb(f, text, verb)
}

function printFloat(f: FormatState, value: number, verb: string): void {
  if (!writeFloatVerb(f, value, verb)) writeBadVerb(f, value, verb)
}

function writeFloatVerb(f: FormatState, value: number, verb: string): boolean {
  if (verb === 'v') writeFloat(f, value, 'g', -1)
  else if ('bgGxX'.includes(verb)) writeFloat(f, value, verb, -1)
  else if ('feE'.includes(verb)) writeFloat(f, value, verb, 6)
  else if (verb === 'F') writeFloat(f, value, 'f', 6)
  else return false
  return true
}

function printComplex(f: FormatState, value: GoComplex, verb: string): void {
  if (!'vbgGxXfFeE'.includes(verb)) {
    writeBadVerb(f, value, verb)
    return
  }
  const plus = f.plus
  f.out += '('
  writeFloatVerb(f, value.real, verb)
  f.plus = true
  writeFloatVerb(f, value.imaginary, verb)
  f.out += 'i)'
  f.plus = plus
}

function printInteger(f: FormatState, value: GoInt, verb: string): void {
  if (verb === 'v' && f.sharpV && value.kind.startsWith('u')) writeHexNumber(f, value.value, true)
  else if ('vdboOxX'.includes(verb)) writeInteger(f, value.value, verb)
  else if (verb === 'c') writeCharacter(f, value.value)
  else if (verb === 'q') writeQuotedCharacter(f, value.value)
  else if (verb === 'U') writeUnicode(f, value.value)
  else writeBadVerb(f, value, verb)
}

function printMap(f: FormatState, map: GoMap, verb: string, depth: number, type: string = typeOf(map)): void {
  if (f.sharpV && isNil(map)) {
    f.out += `${type}(nil)`
    return
  }
  const element = elementTypeOf(map)
  f.out += f.sharpV ? `${type}{` : 'map['
  let first = true
  for (const key of sortedKeys(map)) {
    if (!first) f.out += f.sharpV ? ', ' : ' '
    first = false
    printText(f, key, verb)
    f.out += ':'
    printElement(f, map.get(key) as GoValue, element, verb, depth)
  }
  f.out += f.sharpV ? '}' : ']'
}

function printList(f: FormatState, list: GoList, verb: string, depth: number, type: string = typeOf(list)): void {
  if (f.sharpV && isNil(list)) {
    f.out += `${type}(nil)`
    return
  }
  const element = elementTypeOf(list)
  f.out += f.sharpV ? `${type}{` : '['
  list.forEach((item, i) => {
    if (i > 0) f.out += f.sharpV ? ', ' : ' '
    printElement(f, item, element, verb, depth)
  })
  f.out += f.sharpV ? '}' : ']'
}

function printElement(f: FormatState, item: GoValue, element: string, verb: string, depth: number): void {
  if (++f.printed > MAX_NODES || f.out.length > MAX_TEXT) throw new GoError(TOO_MANY_NODES)
  if (item === null) f.out += f.sharpV ? `${element}(nil)` : '<nil>'
  else printValue(f, item, verb, depth + 1)
}

function printBytes(f: FormatState, bytes: Uint8Array, verb: string, depth: number): void {
  if (verb === 's') writeString(f, stringFromBytes(bytes))
  else if (verb === 'q') writeQuoted(f, stringFromBytes(bytes))
  else if (verb === 'x' || verb === 'X') writeHexBytes(f, bytes, verb === 'X')
  else {
    const type = depth === 0 && verb === 'v' ? '[]byte' : '[]uint8'
    if (f.sharpV && isNil(bytes)) {
      f.out += `${type}(nil)`
      return
    }
    f.printed += bytes.length
    if (f.printed > MAX_NODES) throw new GoError(TOO_MANY_NODES)
    f.out += f.sharpV ? `${type}{` : '['
    bytes.forEach((byte, i) => {
      if (i > 0) f.out += f.sharpV ? ', ' : ' '
      printInteger(f, new GoInt(BigInt(byte), 'uint8'), verb)
    })
    f.out += f.sharpV ? '}' : ']'
  }
}

/** The fields of Go's `time.Time`: wall nanoseconds, seconds since year 1, location. */
function timeFields(time: GoTime): [string, GoValue][] {
  const seconds = time.nanoseconds / 1_000_000_000n
  const rest = time.nanoseconds % 1_000_000_000n
  return [
    ['wall', new GoInt(rest < 0n ? rest + 1_000_000_000n : rest, 'uint64')],
    ['ext', new GoInt((rest < 0n ? seconds - 1n : seconds) + 62_135_596_800n, 'int64')],
    ['loc', null],
  ]
}

function printObject(f: FormatState, value: GoObject, verb: string, depth: number): void {
  const plain = value.plain?.()
  if (value.goKind === 'ptr' && depth > 0) printPointer(f, value, verb)
  else if (value.goKind === 'map' || value.goKind === 'slice') {
    if (plain instanceof Map) printMap(f, plain, verb, depth, value.goType)
    else if (Array.isArray(plain)) printList(f, plain, verb, depth, value.goType)
  } else {
    const isPointer = value.goKind === 'ptr'
    if (isPointer) f.out += '&'
    printFields(f, isPointer ? value.goType.slice(1) : value.goType, value.structFields?.() ?? (plain instanceof Map ? [...plain] : []), verb, depth)
  }
}

function printFields(f: FormatState, type: string, fields: readonly (readonly [string, GoValue])[], verb: string, depth: number): void {
  if (f.sharpV) f.out += type
  f.out += '{'
  fields.forEach(([name, value], i) => {
    if (i > 0) f.out += f.sharpV ? ', ' : ' '
    if (f.plusV || f.sharpV) f.out += `${name}:`
    printElement(f, value, ANY_TYPE, verb, depth)
  })
  f.out += '}'
}

/** An address that is the same in every run: templates that print pointers have no other sensible result. */
const ADDRESS = 0xc000012345n

function printPointer(f: FormatState, value: GoValue, verb: string): void {
  const isPointer = value instanceof Map || Array.isArray(value) || value instanceof Uint8Array || (isGoObject(value) && value.goKind === 'ptr')
  if (!isPointer) writeBadVerb(f, value, verb)
  else if (f.sharpV) f.out += `(${typeOf(value)})(0x${ADDRESS.toString(16)})`
  else if (verb === 'v' || verb === 'p') writeHexNumber(f, isNil(value) ? 0n : ADDRESS, !f.sharp)
  else if ('bodxX'.includes(verb)) writeInteger(f, ADDRESS, verb)
  else writeBadVerb(f, value, verb)
}

/** Writes `value` under plain `%v`, all flags forgotten. */
export function printPlain(f: FormatState, value: GoValue): void {
  clearFlags(f)
  printArgument(f, value, 'v')
}
