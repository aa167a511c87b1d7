/**
 * Go's data model in JavaScript: what templates, values and state files are made of.
 *
 * nil → null · bool → boolean · string → string · float64 → number · every integer type → GoInt · []byte → Uint8Array ·
 * slices → Array · maps with string keys → Map · time.Time → GoTime · anything with methods → GoObject.
 *
 * Go strings are bytes. Here they are JavaScript strings in which a byte that is not part of valid UTF-8 stands as the
 * lone surrogate U+DC00 + byte (0x80–0xFF); `go/bytes.ts` converts both ways without loss.
 * `Map` and not plain objects, so that `__proto__` and `constructor` are ordinary keys and integer-like keys keep their place.
 */
export type GoValue = null | boolean | number | string | GoInt | Uint8Array | GoList | GoMap | GoTime | GoObject

/** A slice. Without a type mark it is `[]interface {}`. */
export interface GoList extends Array<GoValue> {
  readonly [GO_TYPE]?: GoTypeMark
  readonly [GO_METHODS]?: GoMethods
}

/** A map with string keys. Without a type mark it is `map[string]interface {}`. Iteration in Go is by key, bytewise: see `sortedKeys`. */
export interface GoMap extends Map<string, GoValue> {
  readonly [GO_TYPE]?: GoTypeMark
  readonly [GO_METHODS]?: GoMethods
}

export interface GoTypeMark {
  /** As `%T` prints it: `[]string`, `map[string]string`, `v3.Values`. */
  readonly type: string
  /** A typed nil: `[]string(nil)`, a nil map. */
  readonly isNil?: boolean
}

/** Where the type mark of a list or map is kept; absent on the plain `interface {}` kinds. */
export const GO_TYPE: unique symbol = Symbol('go type')

/** Marks a list or map with its Go type; returns the same object. */
export function withGoType<T extends GoList | GoMap>(value: T, type: string, isNil = false): T {
  Object.defineProperty(value, GO_TYPE, { value: isNil ? { type, isNil } : { type }, enumerable: false, configurable: true })
  return value
}

/** Finds a method of a list's or map's named type (`common.Values`, `common.VersionSet`); methods hide map entries of their name. */
export type GoMethods = (name: string) => GoFunction | undefined

/** Where a list or map whose named type has methods keeps them. */
export const GO_METHODS: unique symbol = Symbol('go methods')

/** Gives a list or map the methods of its named type; returns the same object. */
export function withGoMethods<T extends GoList | GoMap>(value: T, methods: GoMethods): T {
  Object.defineProperty(value, GO_METHODS, { value: methods, enumerable: false, configurable: true })
  return value
}

export type GoIntKind = 'int' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'uintptr'

/** An integer of any Go type; `type` may be a named type over the kind (`time.Duration` over int64). Immutable. */
export class GoInt {
  readonly kind: GoIntKind
  readonly value: bigint
  readonly type: string

  constructor(value: bigint, kind: GoIntKind, type: string = kind) {
    this.value = value
    this.kind = kind
    this.type = type
  }
}

const SMALL = 1024
const smallInts: readonly GoInt[] = Array.from({ length: SMALL }, (_, i) => new GoInt(BigInt(i), 'int'))

/** A Go `int` (64 bits, wrapping), as template literals and `len` give. */
export function goInt(value: number | bigint): GoInt {
  if (value >= 0 && value < SMALL) return smallInts[Number(value)] as GoInt
  return new GoInt(BigInt.asIntN(64, BigInt(value)), 'int')
}

/** A Go `int64` (wrapping), as sprig's arithmetic and `--set` give. */
export function goInt64(value: number | bigint): GoInt {
  return new GoInt(BigInt.asIntN(64, BigInt(value)), 'int64')
}

/** A `time.Duration` of `nanoseconds`. */
export function goDuration(nanoseconds: bigint): GoInt {
  return new GoInt(BigInt.asIntN(64, nanoseconds), 'int64', 'time.Duration')
}

/** A `time.Time`: nanoseconds since the Unix epoch and the zone it is shown in. */
export class GoTime {
  readonly nanoseconds: bigint
  /** An IANA name, `UTC`, `Local`, or a fixed offset given by `offsetSeconds`. */
  readonly zone: string
  /** Set for fixed-offset zones only. */
  readonly offsetSeconds: number | undefined
  /** The same for times whose zones are one to Go's `==`. */
  readonly location: unknown

  constructor(nanoseconds: bigint, zone: string, offsetSeconds?: number, location: unknown = locationOf(zone, offsetSeconds)) {
    this.nanoseconds = nanoseconds
    this.zone = zone
    this.offsetSeconds = offsetSeconds
    this.location = location
  }
}

/** Go makes a zone anew for each offset that it reads, unless that has no name and is of whole hours. Source: time/zoneinfo.go (FixedZone) */
function locationOf(zone: string, offsetSeconds: number | undefined): unknown {
  if (offsetSeconds === undefined) return zone
  const hours = offsetSeconds / 3600
  return zone === '' && Number.isInteger(hours) && hours >= -12 && hours <= 14 ? hours : {}
}

/** A Go value with fields or methods that templates reach (`.Files`, `.Capabilities`, `*semver.Version`, `*url.URL`). */
export interface GoObject {
  /** As `%T` prints it, `engine.files`, `*semver.Version`. */
  readonly goType: string
  /** Go's kind, for `kindOf`: `struct`, `ptr`, `map`, `slice`. */
  readonly goKind: string
  /** The value of an exported field, or of a map entry when `goKind` is `map`; undefined where there is none. */
  field(name: string): GoValue | undefined
  /** An exported method as a function, or undefined. */
  method(name: string): GoFunction | undefined
  /** What printing (`%v`), `toString` and `String()` give; absent: the struct form of `structFields`. */
  goString?(): string
  /** What an action prints for a struct reached through a pointer, when its `String` method has a pointer receiver; absent: as `goString`. */
  readonly addressedString?: () => string
  /** A struct's fields in order, unexported ones included: what verbs such as `%#v` and `%d` print. */
  readonly structFields?: () => readonly (readonly [string, GoValue])[]
  /** What `toYaml`, `toJson`, `range` and `len` see. */
  readonly plain?: () => GoValue
  /** What `deepCopy` makes of it: Go's copying loses unexported fields. Absent: the value itself. */
  readonly copied?: () => GoValue
}

/**
 * A function or method callable from templates. `params` are Go types as `%T` spells them (`string`, `int`, `int64`,
 * `float64`, `bool`, `interface {}`, `[]interface {}`, `[]string`, `map[string]interface {}`, `reflect.Value`, `time.Time` …);
 * the runtime checks and converts arguments by them with Go's wording. Arguments of integer types arrive as bigint,
 * everything else as GoValue. `variadic` is the element type of a final `...T`.
 * `call` throws `GoError` for an error result and `GoPanic` where the original panics.
 */
export interface GoFunction {
  readonly params: readonly string[]
  readonly variadic?: string
  // The runtime checks arguments against `params` before the call, so implementations state the types they expect.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly call: (...args: any[]) => GoValue
}

/** A Go `error` returned by a function: the template engine adds where and by whom. */
export class GoError extends Error {}

/** What a chart's author says with `fail` or `required`: shown with its place only, without the chain of calls. */
export class GoFailure extends GoError {}

/** A Go run-time panic inside a function; `message` is what Go prints after `panic: `. */
export class GoPanic extends Error {}

export function isGoObject(value: unknown): value is GoObject {
  return (
    typeof value === 'object' && value !== null && typeof (value as GoObject).goType === 'string' && typeof (value as GoObject).method === 'function'
  )
}

/** Compares as Go compares strings: by UTF-8 bytes, which is by code point. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    let x = a.charCodeAt(i)
    let y = b.charCodeAt(i)
    if (x === y) continue
    // Code units order like code points except that surrogates (astral characters) belong above U+E000–U+FFFF.
    if (x >= 0xd800 && y >= 0xd800) {
      x = x >= 0xe000 ? x - 0x800 : x + 0x2000
      y = y >= 0xe000 ? y - 0x800 : y + 0x2000
    }
    return x - y
  }
  return a.length - b.length
}

/** The keys of a map in the order Go's templates iterate and its encoders print: by bytes. */
export function sortedKeys(map: ReadonlyMap<string, unknown>): string[] {
  return [...map.keys()].sort(compareBytes)
}
