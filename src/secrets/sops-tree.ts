import type { Span } from '../base/source.ts'
import type { GoInt, GoTime } from '../go/values.ts'

/** One value of a sops file, in the types sops itself tells apart. Order is kept: the checksum depends on it. */
export type SopsValue = null | boolean | number | string | GoInt | GoTime | SopsBranch | SopsList | SopsComment

/** A comment of a list: sops writes it as an item of its own, and takes it out again. Its text is not kept. */
export interface SopsComment {
  readonly type: 'comment'
}

export interface SopsList {
  readonly type: 'list'
  readonly items: readonly SopsValue[]
}

export interface SopsBranch {
  readonly type: 'branch'
  readonly entries: readonly SopsEntry[]
}

export interface SopsEntry {
  readonly key: string
  readonly value: SopsValue
  /** Where the value stands, for the formats that tell. */
  readonly at?: Span
}

/** A whole file: one branch, or one for each document of a YAML stream. */
export interface SopsFile {
  readonly branches: readonly SopsBranch[]
  readonly metadata: SopsBranch
}

export function isBranch(value: SopsValue | undefined): value is SopsBranch {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'branch'
}

export function isList(value: SopsValue | undefined): value is SopsList {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'list'
}

export function isComment(value: SopsValue | undefined): value is SopsComment {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'comment'
}

/** The value of a key, the first where it stands twice. */
export function entryOf(branch: SopsBranch, key: string): SopsValue | undefined {
  return branch.entries.find((entry) => entry.key === key)?.value
}
