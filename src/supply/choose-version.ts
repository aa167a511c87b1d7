import { failure, type Note } from '../base/diagnostic.ts'
import { lenient } from '../go/lenient.ts'
import {
  type Constraint,
  checkConstraint,
  compareVersions,
  parseConstraint,
  parseStrictVersion,
  parseVersion,
  type Version,
} from '../go/masterminds-semver.ts'
import { GoError } from '../go/values.ts'

/** Which version is asked for. */
export interface VersionWish {
  /** A version or a constraint; the newest stable one when absent or empty. */
  readonly version?: string | undefined
  /** Without a version: pre-releases count too. */
  readonly devel?: boolean | undefined
}

const ANY_EVEN_UNSTABLE = '>0.0.0-0'

/** The constraint that a wish stands for. */
export function constraintOf({ version, devel }: VersionWish): string {
  return version || (devel ? ANY_EVEN_UNSTABLE : '*')
}

/** `text` as a version, or undefined. */
export function versionOf(text: string, parse: (text: string) => Version = parseVersion): Version | undefined {
  return lenient(() => parse(text), undefined)
}

function readConstraint(text: string): Constraint {
  try {
    return parseConstraint(text)
  } catch (error) {
    if (error instanceof GoError)
      throw failure('supply/bad-constraint', `"${text}" is no version and no constraint: ${error.message}`, { cause: error })
    throw error
  }
}

/** `items` by their versions, newest first; what is no version comes last. */
export function newestFirst<T extends { readonly version: string }>(items: readonly T[]): T[] {
  const parsed = items.map((item) => ({ item, version: versionOf(item.version) }))
  parsed.sort((a, b) => {
    if (!a.version || !b.version) return (a.version ? 0 : 1) - (b.version ? 0 : 1)
    return compareVersions(b.version, a.version)
  })
  return parsed.map(({ item }) => item)
}

/**
 * The one of `items` (newest first) that is asked for: that with exactly this version, else the newest that satisfies the
 * constraint; undefined when there is none.
 *
 * @throws DiagnosticError `supply/bad-constraint`
 * Source: Helm 4.3.1 pkg/repo/v1/index.go (Get), pkg/registry/tag.go
 */
export function chooseVersion<T extends { readonly version: string }>(items: readonly T[], wish: VersionWish): T | undefined {
  const exact = wish.version ? items.find(({ version }) => version === wish.version) : undefined
  if (exact) return exact
  const constraint = readConstraint(constraintOf(wish))
  return items.find((item) => {
    const version = versionOf(item.version)
    return version !== undefined && checkConstraint(constraint, version)
  })
}

/** The versions among a registry's tags, newest first, with `+` where tags have to write `_`. Source: Helm 4.3.1 pkg/registry/client.go (Tags) */
export function versionsOfTags(tags: readonly string[]): { readonly version: string }[] {
  const versions = tags.map((tag) => tag.replaceAll('_', '+')).filter((version) => versionOf(version, parseStrictVersion))
  return newestFirst(versions.map((version) => ({ version })))
}

const VERSIONS_SHOWN = 5

/** A note on what there is to choose from, of `items` (newest first). */
export function newestOf(items: readonly { readonly version: string }[]): Note {
  const shown = items.slice(0, VERSIONS_SHOWN).map(({ version }) => version)
  return { text: `the newest there: ${shown.join(', ') || 'none'}` }
}
