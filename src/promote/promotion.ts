import type { Span } from '../base/source.ts'
import type { GoValue } from '../go/values.ts'
import type { FileEdits } from './file-edits.ts'
import type { ValuePath } from './path-pattern.ts'

/** What a promoted value belongs to: the environment, or a release of it (its id in the target). */
export type Owner = { readonly kind: 'environment' } | { readonly kind: 'release'; readonly id: string }

/** A value that is written for the target. */
export interface PromotedValue {
  readonly owner: Owner
  readonly path: ValuePath
  /** What the target has now; undefined: nothing. */
  readonly from: GoValue | undefined
  readonly to: GoValue
  /** The file it is written to, for people. */
  readonly file: string
  /** Ids of releases that get it too although they were not selected. */
  readonly alsoChanges: readonly string[]
}

/** A value that differs and is not written. */
export interface LeftValue {
  readonly owner: Owner
  /** A chart's version has the path `version` of its release's entry. */
  readonly what: 'value' | 'version' | 'lock'
  readonly path: ValuePath
  readonly reason: string
  readonly todo: string
  readonly at?: Span
}

/** What promoting comes to, before anything is written. */
export interface Promotion {
  readonly source: string
  readonly target: string
  readonly values: readonly PromotedValue[]
  readonly left: readonly LeftValue[]
  readonly edits: FileEdits
}
