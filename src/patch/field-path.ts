import { failure } from '../base/diagnostic.ts'
import { encodeJson } from '../go/json-encode.ts'
import { compileRegexp, matches } from '../go/regexp.ts'
import type { GoList, GoMap, GoValue } from '../go/values.ts'
import { decodeYaml } from '../yaml/decode.ts'
import { encodeYaml } from '../yaml/encode.ts'

/** A place in an object. */
export interface Place {
  readonly value: GoValue
  /** True for a place that was made just now. */
  readonly isNew: boolean
  /** True inside a text that holds YAML or JSON. */
  readonly isInText: boolean
  readonly set: (value: GoValue) => void
}

/** How a path is walked. */
export interface WalkOptions {
  /** What is put where the path ends at nothing; without it nothing is made. */
  readonly create?: GoValue
  /** `[name=web]` means elements of exactly that name, not those that the regular expression fits. */
  readonly isExact?: boolean
}

/**
 * The parts of a path with dots: `spec.containers.[name=web].image`; brackets keep dots together, a backslash keeps one.
 * Source: sigs.k8s.io/kustomize/kyaml 0.21.1 utils/pathsplitter.go
 */
export function dottedParts(path: string): readonly string[] {
  const parts: string[] = []
  for (let pieces = unescapedParts(path, '.'); pieces.length > 0; ) {
    const [first = ''] = pieces
    const end = first.startsWith('[') ? pieces.findIndex((piece) => piece.endsWith(']')) : 0
    const count = end < 0 ? pieces.length : end + 1
    const part = pieces.slice(0, count).join('.')
    parts.push(count > 1 && !part.includes('=') ? part.replace(/^[[\]]+|[[\]]+$/g, '') : part)
    pieces = pieces.slice(count)
  }
  return parts
}

/** The parts of `path` between separators; a backslash before one makes it part of a name. */
export function unescapedParts(path: string, separator: string): readonly string[] {
  const parts: string[] = []
  for (const piece of path.split(separator)) {
    const last = parts.at(-1)
    if (last?.endsWith('\\')) parts[parts.length - 1] = `${last.slice(0, -1)}${separator}${piece}`
    else parts.push(piece)
  }
  return parts.length > 1 && parts[0] === '' ? parts.slice(1) : parts
}

/**
 * The places that `path` names in `object`. Parts are keys, numbers of elements, `[key=pattern]`, `[=pattern]` and `*`; what is behind
 * a text is looked for in the YAML or JSON that the text holds.
 * @throws DiagnosticError `patch/bad-patch` when something on the way is of another kind
 * Source: sigs.k8s.io/kustomize/kyaml 0.21.1 yaml/match.go; api 0.21.1 filters/replacement
 */
export function placesAt(object: GoMap, path: readonly string[], options: WalkOptions): readonly Place[] {
  return walk({ value: object, isNew: false, isInText: false, set: () => {} }, path, options)
}

function walk(place: Place, path: readonly string[], options: WalkOptions): readonly Place[] {
  const [part, ...rest] = path
  if (part === undefined) return [place]
  const { value } = place
  if (typeof value === 'string') return inText(place, value, path, options)
  if (Array.isArray(value)) return elementsAt(value, part, rest, options).flatMap((index) => walk(elementPlace(place, value, index), rest, options))
  if (!(value instanceof Map)) throw failure('patch/bad-patch', `there is no map and no list to find ${part} in`)
  if (value.has(part)) return walk(entryPlace(place, value, part), rest, options)
  if (options.create === undefined) return []
  value.set(part, madeFor(rest[0], options.create))
  return walk({ ...entryPlace(place, value, part), isNew: true }, rest, options)
}

function entryPlace({ isInText, isNew }: Place, map: GoMap, key: string): Place {
  return { value: map.get(key) as GoValue, isNew, isInText, set: (value) => void map.set(key, value) }
}

function elementPlace({ isInText, isNew }: Place, list: GoList, index: number): Place {
  const set = (value: GoValue): void => {
    list[index] = value
  }
  return { value: list[index] as GoValue, isNew, isInText, set }
}

/** What stands for a part that is not there, by the part behind it. */
function madeFor(next: string | undefined, last: GoValue): GoValue {
  if (next === undefined) return last
  return /^\[.*\]$|^\d+$/.test(next) ? [] : new Map()
}

/** The indices of the elements that `part` names; one is added where there is none and the walk creates. */
function elementsAt(list: GoList, part: string, rest: readonly string[], options: WalkOptions): readonly number[] {
  if (part === '*') return [...list.keys()]
  if (/^\d+$/.test(part)) return [indexAt(list, Number(part), rest, options)]
  const [, key, pattern] = /^\[([^=]*)=(.*)\]$/s.exec(part) ?? []
  if (key === undefined || pattern === undefined) throw failure('patch/bad-patch', `${part} names no element of a list`)
  const fits = options.isExact ? (text: string | undefined): boolean => text === pattern : patternTest(pattern)
  const found = [...list.keys()].filter((index) => fits(elementText(list[index] as GoValue, key)))
  if (found.length > 0 || options.create === undefined) return found
  list.push(key === '' ? scalarOf(pattern) : new Map([[key, scalarOf(pattern)]]))
  return [list.length - 1]
}

function indexAt(list: GoList, index: number, rest: readonly string[], { create }: WalkOptions): number {
  if (index === list.length && create !== undefined) list.push(madeFor(rest[0], create))
  if (index < list.length) return index
  throw failure('patch/bad-patch', `index ${index} specified but only ${list.length} elements found`)
}

function patternTest(pattern: string): (text: string | undefined) => boolean {
  const expression = compileRegexp(pattern)
  return (text) => text !== undefined && matches(expression, text)
}

function elementText(element: GoValue, key: string): string | undefined {
  const value = key === '' ? element : element instanceof Map ? element.get(key) : undefined
  return value === undefined || (typeof value === 'object' && value !== null && !isScalar(value)) ? undefined : scalarText(value)
}

function isScalar(value: GoValue): boolean {
  return !(value instanceof Map) && !Array.isArray(value)
}

/** A scalar as YAML has it between its quotes. */
export function scalarText(value: GoValue): string {
  return typeof value === 'string' ? value : encodeYaml(value, 'helmfile').trimEnd()
}

/** What a plain scalar of YAML means. */
export function scalarOf(text: string): GoValue {
  if (text === '' || /[\n:#'"[\]{}&*!|>%@`]/.test(text)) return text
  return decodeYaml({ name: 'value', text }, 'helmfile')
}

function inText(place: Place, text: string, path: readonly string[], options: WalkOptions): readonly Place[] {
  const held = decodeYaml({ name: 'text', text }, 'helmfile')
  if (isScalar(held)) throw failure('patch/bad-patch', `there is no map and no list to find ${path[0] ?? ''} in`)
  return walk({ value: held, isNew: false, isInText: true, set: () => {} }, path, options).map((found) => ({
    ...found,
    isInText: true,
    set: (value) => {
      found.set(value)
      place.set(printed(held, text))
    },
  }))
}

/** In the notation of `before`. */
function printed(value: GoValue, before: string): string {
  if (!/^\s*[{[]/.test(before)) return encodeYaml(value, 'helmfile', { keepOrder: true }).trim()
  return encodeJson(value, before.includes('\n') && before.includes('  ') ? { indent: '  ' } : {})
}
