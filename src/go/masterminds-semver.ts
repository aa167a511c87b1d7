import { parseUint } from './parse-number.ts'
import { quote } from './quote.ts'
import { GoError } from './values.ts'

/**
 * Versions and version constraints as Helm means them: the rules of Masterminds/semver, which are not npm's. There "v" prefixes,
 * missing parts and leading zeros are accepted, "=" of a partial version is a range, and pre-releases match only constraints
 * that name one.
 *
 * Source: Masterminds/semver 3.5.0 version.go, constraints.go
 */

/** A semantic version. */
export interface Version {
  readonly major: bigint
  readonly minor: bigint
  readonly patch: bigint
  /** Without the hyphen; empty for a release. */
  readonly prerelease: string
  /** Without the plus sign; plays no part in comparisons. */
  readonly metadata: string
  /** What was parsed. */
  readonly original: string
}

/** One comparison: an operator and a version, parts of which may be left open. */
interface Comparison {
  readonly operator: string
  readonly version: Version
  /** Any part is missing or an `x`. */
  readonly dirty: boolean
  /** The minor part is the first open one. */
  readonly minorDirty: boolean
  /** The patch part is the first open one. */
  readonly patchDirty: boolean
}

/** What a version may be checked against: one of several groups must hold, and in a group every comparison. */
export interface Constraint {
  readonly groups: readonly { readonly comparisons: readonly Comparison[]; readonly namesPrerelease: boolean }[]
}

const MAX_VERSION_LENGTH = 256
const MAX_CONSTRAINT_LENGTH = 512
const MAX_CONSTRAINT_GROUPS = 32

const LAX = /^v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/
const IDENTIFIER = /^[0-9A-Za-z-]+$/
const DIGITS = /^[0-9]*$/

/**
 * Reads a version leniently: an optional `v`, one to three numbers, leading zeros allowed.
 *
 * @throws GoError with the original's text
 */
export function parseVersion(text: string): Version {
  if (Buffer.byteLength(text) > MAX_VERSION_LENGTH) throw new GoError(`version string is too long (max ${MAX_VERSION_LENGTH} bytes)`)
  const match = LAX.exec(text)
  if (!match) throw new GoError('invalid semantic version')
  const [, major = '', minor = '0', patch = '0', prerelease = '', metadata = ''] = match
  const numbers = { major: segment(major), minor: segment(minor), patch: segment(patch) }
  if (prerelease) checkPrerelease(prerelease)
  return { ...numbers, prerelease, metadata, original: text }
}

function segment(digits: string): bigint {
  const { value, error } = parseUint(digits, 10, 64)
  if (error) throw new GoError(`error parsing version segment: ${error.message}`)
  return value
}

/** @throws GoError when `prerelease` is no dotted list of identifiers, or a number in it starts with 0 */
export function checkPrerelease(prerelease: string): void {
  for (const part of prerelease.split('.')) {
    if (/^0[0-9]+$/.test(part)) throw new GoError('version segment starts with 0')
    if (!IDENTIFIER.test(part)) throw new GoError('invalid prerelease string')
  }
}

/** @throws GoError when `metadata` is no dotted list of identifiers */
export function checkMetadata(metadata: string): void {
  if (!metadata.split('.').every((part) => IDENTIFIER.test(part))) throw new GoError('invalid metadata string')
}

/**
 * Reads a version strictly: three numbers without leading zeros, no `v`.
 *
 * @throws GoError with the original's text
 */
export function parseStrictVersion(text: string): Version {
  if (text === '') throw new GoError('version string empty')
  if (Buffer.byteLength(text) > MAX_VERSION_LENGTH) throw new GoError(`version string is too long (max ${MAX_VERSION_LENGTH} bytes)`)
  const [major, minor, ...rest] = text.split('.')
  if (major === undefined || minor === undefined || rest.length === 0) throw new GoError('invalid semantic version')
  const [beforePlus, metadata] = cutAt(rest.join('.'), '+')
  if (metadata !== undefined) checkMetadata(metadata)
  const [patch, prerelease] = cutAt(beforePlus, '-')
  if (prerelease !== undefined) checkPrerelease(prerelease)
  const [a, b, c] = [major, minor, patch].map(strictSegment) as [bigint, bigint, bigint]
  return { major: a, minor: b, patch: c, prerelease: prerelease ?? '', metadata: metadata ?? '', original: text }
}

function cutAt(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

function strictSegment(digits: string): bigint {
  if (!DIGITS.test(digits)) throw new GoError('invalid characters in version')
  if (digits.length > 1 && digits.startsWith('0')) throw new GoError('version segment starts with 0')
  const { value, error } = parseUint(digits, 10, 64)
  if (error) throw error
  return value
}

/** The version in full, without a leading `v`. */
export function versionString(version: Version): string {
  const pre = version.prerelease && `-${version.prerelease}`
  const metadata = version.metadata && `+${version.metadata}`
  return `${version.major}.${version.minor}.${version.patch}${pre}${metadata}`
}

/** Negative, zero or positive, as `a` is older than, equal to or newer than `b`. A pre-release is older than its release. */
export function compareVersions(a: Version, b: Version): -1 | 0 | 1 {
  return order(a.major, b.major) || order(a.minor, b.minor) || order(a.patch, b.patch) || comparePrereleases(a.prerelease, b.prerelease)
}

function order(a: bigint | string, b: bigint | string): -1 | 0 | 1 {
  return a < b ? -1 : a > b ? 1 : 0
}

function comparePrereleases(a: string, b: string): -1 | 0 | 1 {
  if (a === '' || b === '') return order(a === '' ? 1n : 0n, b === '' ? 1n : 0n)
  const left = a.split('.')
  const right = b.split('.')
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const result = comparePart(left[i] ?? '', right[i] ?? '')
    if (result !== 0) return result
  }
  return 0
}

/** Numbers before words, numbers by value; an absent part comes first. Digits beyond 64 bits count as a word. */
function comparePart(a: string, b: string): -1 | 0 | 1 {
  if (a === b) return 0
  if (a === '' || b === '') return a === '' ? -1 : 1
  const left = parseUint(a, 10, 64)
  const right = parseUint(b, 10, 64)
  if (left.error && right.error) return a > b ? 1 : -1
  if (left.error || right.error) return left.error ? 1 : -1
  return left.value > right.value ? 1 : -1
}

const SPACE = '[\\t\\n\\f\\r ]'
const OPERATOR = '!=|>=|=>|<=|=<|~>|=|>|<|~|\\^|'
const PARTIAL = 'v?([0-9|xX*]+)(\\.[0-9|xX*]+)?(\\.[0-9|xX*]+)?(-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?'
const PARTIAL_SILENT = PARTIAL.replaceAll('(', '(?:').replaceAll('(?:?:', '(?:')
/** One comparison at the current place. After its operator only a version can come, so that there is one way to match. */
const COMPARISON = new RegExp(`(${OPERATOR})${SPACE}*(${PARTIAL})`, 'y')
const SEPARATOR = new RegExp(`${SPACE}*(?:,${SPACE}*)?`, 'y')
// The length limit keeps this search, which may look at each start anew, short.
const HYPHEN_RANGE = new RegExp(`${SPACE}*(${PARTIAL_SILENT})${SPACE}+-${SPACE}+(${PARTIAL_SILENT})${SPACE}*`, 'g')

/**
 * Reads constraints: comparisons joined by spaces or commas (all must hold), groups joined by `||` (one must), ranges `1.2 - 1.4`.
 *
 * @throws GoError with the original's text
 */
export function parseConstraint(text: string): Constraint {
  if (Buffer.byteLength(text) > MAX_CONSTRAINT_LENGTH) throw new GoError(`constraint string is too long (max ${MAX_CONSTRAINT_LENGTH} bytes)`)
  const groups = rewriteRanges(text).split('||')
  if (groups.length > MAX_CONSTRAINT_GROUPS) throw new GoError(`too many constraint groups (max ${MAX_CONSTRAINT_GROUPS})`)
  return { groups: groups.map(parseGroup) }
}

function rewriteRanges(text: string): string {
  let result = text
  for (const [whole, from, to] of text.matchAll(HYPHEN_RANGE)) {
    const at = result.indexOf(whole)
    result = `${result.slice(0, at)}>= ${from}, <= ${to} ${result.slice(at + whole.length)}`
  }
  return result
}

function parseGroup(text: string): Constraint['groups'][number] {
  const matches = scanGroup(text)
  if (!matches) throw new GoError(`improper constraint: ${quote(text)}`)
  const comparisons = matches.map(comparisonOf)
  return { comparisons, namesPrerelease: comparisons.some(({ version }) => version.prerelease !== '') }
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

/** The comparisons of a group, or undefined when something else is in it. */
function scanGroup(text: string): RegExpExecArray[] | undefined {
  const matches: RegExpExecArray[] = []
  let at = (/^[\t\n\f\r ]*/.exec(text) as RegExpExecArray)[0].length
  for (;;) {
    const match = matchAt(COMPARISON, text, at)
    if (!match) return undefined
    matches.push(match)
    at += match[0].length
    const separator = matchAt(SEPARATOR, text, at)?.[0] ?? ''
    at += separator.length
    if (at === text.length && !separator.includes(',')) return matches
    if (separator === '') return undefined
  }
}

const isOpen = (part: string | undefined): boolean => part === undefined || /^\.?[xX*]$/.test(part)

function comparisonOf(match: RegExpExecArray): Comparison {
  const [, operator = '', whole = '', major, minor, patch, prerelease = ''] = match
  const parsed = (text: string): Version => {
    try {
      return parseVersion(text)
    } catch (error) {
      if (error instanceof GoError) throw new GoError('constraint parser error')
      throw error
    }
  }
  const open = { dirty: true, minorDirty: false, patchDirty: false }
  if (isOpen(major)) return { ...open, operator, version: parsed(`0.0.0${prerelease}`) }
  if (isOpen(minor)) return { ...open, minorDirty: true, operator, version: parsed(`${major}.0.0${prerelease}`) }
  if (isOpen(patch)) return { ...open, patchDirty: true, operator, version: parsed(`${major}${minor}.0${prerelease}`) }
  return { ...open, dirty: false, operator, version: parsed(whole) }
}

/** Whether `version` satisfies `constraints`. A pre-release satisfies only groups that name a pre-release, unless all are wanted. */
export function checkConstraint(constraints: Constraint, version: Version, options: { readonly includePrerelease?: boolean } = {}): boolean {
  return constraints.groups.some(({ comparisons, namesPrerelease }) => {
    const prereleases = options.includePrerelease === true || namesPrerelease
    return (version.prerelease === '' || prereleases) && comparisons.every((comparison) => holds(comparison, version))
  })
}

function holds(c: Comparison, v: Version): boolean {
  switch (c.operator) {
    case '!=':
      return isUnequal(c, v)
    case '>':
      return isGreater(c, v)
    case '<':
      return compareVersions(v, c.version) < 0
    case '>=':
    case '=>':
      return compareVersions(v, c.version) >= 0
    case '<=':
    case '=<':
      return isAtMost(c, v)
    case '~':
    case '~>':
      return isTilde(c, v)
    case '^':
      return isCaret(c, v)
    default:
      return c.dirty ? isTilde(c, v) : compareVersions(v, c.version) === 0
  }
}

function isUnequal(c: Comparison, v: Version): boolean {
  const { version } = c
  if (!c.dirty) return compareVersions(v, version) !== 0
  if (version.major !== v.major) return true
  if (version.minor !== v.minor && !c.minorDirty) return true
  if (c.minorDirty) return false
  if (version.patch !== v.patch && !c.patchDirty) return true
  if (c.patchDirty) return rawPrereleaseOrder(v.prerelease, version.prerelease) !== 0
  return compareVersions(v, version) !== 0
}

/** Unlike in versions, an absent pre-release comes first here. */
function rawPrereleaseOrder(a: string, b: string): number {
  if (a === '' || b === '') return order(a, b)
  return comparePrereleases(a, b)
}

function isGreater(c: Comparison, v: Version): boolean {
  const { version } = c
  if (!c.dirty) return compareVersions(v, version) > 0
  if (v.major !== version.major) return v.major > version.major
  if (c.minorDirty) return false
  if (c.patchDirty) return v.minor > version.minor
  return compareVersions(v, version) > 0
}

function isAtMost(c: Comparison, v: Version): boolean {
  const { version } = c
  if (!c.dirty) return compareVersions(v, version) <= 0
  if (v.major > version.major) return false
  return !(v.major === version.major && v.minor > version.minor && !c.minorDirty)
}

function isTilde(c: Comparison, v: Version): boolean {
  const { version } = c
  if (compareVersions(v, version) < 0) return false
  const isZero = version.major === 0n && version.minor === 0n && version.patch === 0n
  if (isZero && !c.minorDirty && !c.patchDirty) return true
  return v.major === version.major && (v.minor === version.minor || c.minorDirty)
}

function isCaret(c: Comparison, v: Version): boolean {
  const { version } = c
  if (compareVersions(v, version) < 0) return false
  if (version.major > 0n || c.minorDirty) return v.major === version.major
  if (v.major > 0n) return false
  if (version.minor > 0n || c.patchDirty) return v.minor === version.minor
  return v.minor === 0n && v.patch === version.patch
}
