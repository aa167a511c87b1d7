import {
  checkConstraint,
  checkMetadata,
  checkPrerelease,
  compareVersions,
  parseConstraint,
  parseVersion,
  type Version,
  versionString,
} from '../../go/masterminds-semver.ts'
import { type GoFunction, GoInt, type GoObject, GoPanic, type GoValue } from '../../go/values.ts'
import { fixed } from './signature.ts'

const POINTER = '*semver.Version'
const MAX_UINT64 = (1n << 64n) - 1n

const uint64 = (value: bigint): GoInt => new GoInt(value, 'uint64')

/** Go's zero value: what is left of a version when only its exported fields are copied. */
const NO_VERSION: Version = { major: 0n, minor: 0n, patch: 0n, prerelease: '', metadata: '', original: '' }

/** A version as templates see it: a pointer with all methods, or the bare struct that `IncMajor` and the like give. */
class VersionObject implements GoObject {
  readonly goType: string
  readonly goKind: string
  readonly version: Version

  constructor(version: Version, isPointer: boolean) {
    this.version = version
    this.goType = isPointer ? POINTER : 'semver.Version'
    this.goKind = isPointer ? 'ptr' : 'struct'
  }

  field(): undefined {
    return undefined
  }

  method(name: string): GoFunction | undefined {
    return VALUE_METHODS.get(name)?.(this.version) ?? (this.goKind === 'ptr' ? POINTER_METHODS.get(name)?.(this.version) : undefined)
  }

  goString(): string {
    return versionString(this.version)
  }

  plain(): GoValue {
    return versionString(this.version)
  }

  copied(): GoValue {
    return new VersionObject(NO_VERSION, this.goKind === 'ptr')
  }

  structFields(): readonly (readonly [string, GoValue])[] {
    const { major, minor, patch, prerelease, metadata, original } = this.version
    const numbers = Object.entries({ major, minor, patch }).map(([name, value]) => [name, uint64(value)] as const)
    return [...numbers, ['pre', prerelease], ['metadata', metadata], ['original', original]]
  }
}

type Method = (version: Version) => GoFunction

const getter =
  (read: (version: Version) => GoValue): Method =>
  (version) =>
    fixed([], () => read(version))

/** The struct with some parts replaced; its original text is then written anew, with the `v` it had. */
function derived(version: Version, change: Partial<Version>): GoValue {
  const next = { ...version, prerelease: '', metadata: '', ...change }
  return new VersionObject({ ...next, original: (version.original.startsWith('v') ? 'v' : '') + versionString(next) }, false)
}

function incremented(value: bigint, part: string): bigint {
  if (value === MAX_UINT64) throw new GoPanic(`${part} version increment would overflow uint64`)
  return value + 1n
}

const setter =
  (part: 'prerelease' | 'metadata'): Method =>
  (version) =>
    fixed(['string'], (text: string) => {
      if (text !== '') (part === 'prerelease' ? checkPrerelease : checkMetadata)(text)
      return derived(version, { prerelease: version.prerelease, metadata: version.metadata, [part]: text })
    })

const VALUE_METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['String', getter(versionString)],
  ['Major', getter((version) => uint64(version.major))],
  ['Minor', getter((version) => uint64(version.minor))],
  ['Patch', getter((version) => uint64(version.patch))],
  ['Prerelease', getter((version) => version.prerelease)],
  ['Metadata', getter((version) => version.metadata)],
  ['IncPatch', getter((version) => derived(version, { patch: version.prerelease ? version.patch : incremented(version.patch, 'patch') }))],
  ['IncMinor', getter((version) => derived(version, { minor: incremented(version.minor, 'minor'), patch: 0n }))],
  ['IncMajor', getter((version) => derived(version, { major: incremented(version.major, 'major'), minor: 0n, patch: 0n }))],
  ['SetPrerelease', setter('prerelease')],
  ['SetMetadata', setter('metadata')],
])

const comparison =
  (holds: (order: number) => GoValue): Method =>
  (version) =>
    fixed([POINTER], (other: VersionObject | null) => {
      if (other === null) throw new GoPanic('runtime error: invalid memory address or nil pointer dereference')
      return holds(compareVersions(version, other.version))
    })

const POINTER_METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['Original', getter((version) => version.original)],
  ['Compare', comparison((order) => new GoInt(BigInt(order), 'int'))],
  ['LessThan', comparison((order) => order < 0)],
  ['LessThanEqual', comparison((order) => order <= 0)],
  ['GreaterThan', comparison((order) => order > 0)],
  ['GreaterThanEqual', comparison((order) => order >= 0)],
  ['Equal', (version) => fixed([POINTER], (other: VersionObject | null) => other !== null && compareVersions(version, other.version) === 0)],
])

/** The parsed constraints of this process: charts check the same few against every object. */
const CACHE_SIZE = 500
const constraints = new Map<string, ReturnType<typeof parseConstraint>>()

function constraintOf(text: string): ReturnType<typeof parseConstraint> {
  const known = constraints.get(text)
  if (known) return known
  const parsed = parseConstraint(text)
  if (constraints.size >= CACHE_SIZE) constraints.clear()
  constraints.set(text, parsed)
  return parsed
}

/**
 * Semantic versions.
 *
 * Source: sprig 3.3.0 semver.go; Masterminds/semver 3.5.0
 */
export const semverFunctions: ReadonlyMap<string, GoFunction> = new Map<string, GoFunction>([
  ['semver', fixed(['string'], (text: string) => new VersionObject(parseVersion(text), true))],
  [
    'semverCompare',
    fixed(['string', 'string'], (constraint: string, version: string) => checkConstraint(constraintOf(constraint), parseVersion(version))),
  ],
])
