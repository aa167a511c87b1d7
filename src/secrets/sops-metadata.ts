import { type DiagnosticError, failure } from '../base/diagnostic.ts'
import type { Source } from '../base/source.ts'
import { GoTime } from '../go/values.ts'
import { formatTimestamp, parseTimestamp } from '../yaml/timestamp.ts'
import { entryOf, isBranch, isList, type SopsBranch, type SopsValue } from './sops-tree.ts'

/** Which values of a file are encrypted. `comments`: comments decide, which only the writer sees; a value's form tells. */
export type EncryptionRule =
  | { readonly kind: 'encrypted-suffix' | 'unencrypted-suffix'; readonly suffix: string }
  | { readonly kind: 'encrypted-regex' | 'unencrypted-regex'; readonly pattern: string }
  | { readonly kind: 'comments' }

/** The data key of the file, sealed for one age recipient. */
export interface AgeKey {
  readonly recipient: string
  /** An armored age file. */
  readonly sealed: string
}

/** What a sops file says of itself. */
export interface SopsMetadata {
  readonly rule: EncryptionRule
  readonly macOnlyEncrypted: boolean
  readonly mac: string
  /** As RFC 3339 with seconds, what the checksum is sealed with. */
  readonly lastModified: string
  readonly ageKeys: readonly AgeKey[]
  /** Keys of other kinds, by sops' names: `pgp`, `kms` … */
  readonly otherKinds: readonly string[]
  readonly groups: number
}

const OTHER_KINDS = ['kms', 'gcp_kms', 'hckms', 'azure_kv', 'hc_vault', 'pgp'] as const

/**
 * Reads the `sops` part of a file.
 *
 * @throws DiagnosticError `secrets/bad-metadata`
 * Source: sops 3.13 stores/stores.go
 */
export function readMetadata(branch: SopsBranch, source: Source): SopsMetadata {
  const groups = keyGroups(branch)
  if (groups.length === 0) throw badMetadata('no keys found in file', source)
  const lastModified = readDate(entryOf(branch, 'lastmodified'))
  if (lastModified === undefined) throw badMetadata('its "lastmodified" is no date', source)
  return {
    rule: readRule(branch, source),
    macOnlyEncrypted: readBoolean(entryOf(branch, 'mac_only_encrypted')),
    mac: readText(entryOf(branch, 'mac')),
    lastModified,
    ageKeys: groups.flatMap(ageKeysOf),
    otherKinds: OTHER_KINDS.filter((kind) => groups.some((group) => hasKeys(group, kind))),
    groups: groups.length,
  }
}

function badMetadata(problem: string, source: Source): DiagnosticError {
  return failure('secrets/bad-metadata', `the sops metadata cannot be used: ${problem}`, { at: { source, start: 0, end: 1 } })
}

function keyGroups(branch: SopsBranch): SopsBranch[] {
  if (hasKeys(branch, 'age') || OTHER_KINDS.some((kind) => hasKeys(branch, kind))) return [branch]
  const groups = entryOf(branch, 'key_groups')
  return isList(groups) ? groups.items.filter(isBranch) : []
}

function hasKeys(branch: SopsBranch, kind: string): boolean {
  const keys = entryOf(branch, kind)
  return isList(keys) && keys.items.length > 0
}

function ageKeysOf(group: SopsBranch): AgeKey[] {
  const keys = entryOf(group, 'age')
  if (!isList(keys)) return []
  return keys.items.filter(isBranch).map((key) => ({ recipient: readText(entryOf(key, 'recipient')), sealed: readText(entryOf(key, 'enc')) }))
}

function readText(value: SopsValue | undefined): string {
  return typeof value === 'string' ? value : ''
}

function readBoolean(value: SopsValue | undefined): boolean {
  return value === true || (typeof value === 'string' && ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(value))
}

function readDate(value: SopsValue | undefined): string | undefined {
  const time = typeof value === 'string' ? parseTimestamp(value) : value instanceof GoTime ? value : undefined
  return time && formatTimestamp(time).replace(/\.\d+/, '')
}

const DEFAULT_SUFFIX = '_unencrypted'

function readRule(branch: SopsBranch, source: Source): EncryptionRule {
  const text = (key: string): string => readText(entryOf(branch, key))
  const rules: EncryptionRule[] = []
  if (text('unencrypted_suffix') !== '') rules.push({ kind: 'unencrypted-suffix', suffix: text('unencrypted_suffix') })
  if (text('encrypted_suffix') !== '') rules.push({ kind: 'encrypted-suffix', suffix: text('encrypted_suffix') })
  if (text('unencrypted_regex') !== '') rules.push({ kind: 'unencrypted-regex', pattern: text('unencrypted_regex') })
  if (text('encrypted_regex') !== '') rules.push({ kind: 'encrypted-regex', pattern: text('encrypted_regex') })
  if (text('unencrypted_comment_regex') !== '') rules.push({ kind: 'comments' })
  if (text('encrypted_comment_regex') !== '') rules.push({ kind: 'comments' })
  if (rules.length > 1) throw badMetadata('it has more than one rule for what is encrypted', source)
  return rules[0] ?? { kind: 'unencrypted-suffix', suffix: DEFAULT_SUFFIX }
}
