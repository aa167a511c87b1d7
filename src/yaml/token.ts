/** What a token is. Numbers, not names: the scanner compares them a million times a second. */
export const STREAM_START = 0
export const STREAM_END = 1
export const VERSION_DIRECTIVE = 2
export const TAG_DIRECTIVE = 3
export const DOCUMENT_START = 4
export const DOCUMENT_END = 5
export const BLOCK_SEQUENCE_START = 6
export const BLOCK_MAPPING_START = 7
export const BLOCK_END = 8
export const FLOW_SEQUENCE_START = 9
export const FLOW_SEQUENCE_END = 10
export const FLOW_MAPPING_START = 11
export const FLOW_MAPPING_END = 12
export const BLOCK_ENTRY = 13
export const FLOW_ENTRY = 14
export const KEY = 15
export const VALUE = 16
export const ALIAS = 17
export const ANCHOR = 18
export const TAG = 19
export const SCALAR = 20

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded'

/** A place where a key may turn out to have started: known only when its `:` comes. */
export interface SimpleKey {
  possible: boolean
  /** True where only a key can stand, so that a missing `:` is an error. */
  readonly required: boolean
  readonly tokenNumber: number
  readonly offset: number
  readonly line: number
  readonly column: number
}

/** One token; offsets into the text. */
export interface Token {
  readonly type: number
  readonly start: number
  readonly end: number
  /** A scalar's text, an anchor's or alias' name, a tag's or directive's handle, a version. */
  readonly text: string
  /** A tag's suffix or a directive's prefix. */
  readonly suffix: string
  readonly style: ScalarStyle
  key: SimpleKey | undefined
}
