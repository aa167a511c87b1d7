import type { Source } from '../base/source.ts'
import type { ListNode, Node } from './ast.ts'

/** A stretch of output, from `from` up to where the next one starts, and what wrote it. */
export interface Piece {
  /** Offset into the output. */
  readonly from: number
  readonly source: Source
  /** A text, or the action whose value was printed. */
  readonly node: Node
}

/** What one execution wrote, and which nodes wrote which part of it. */
export interface TracedOutput {
  /** The template that ran. */
  readonly name: string
  readonly text: string
  readonly pieces: readonly Piece[]
}

/** What a run leaves behind for those who ask: nothing of it changes what is written. */
export interface Trace {
  /** Bodies of templates that were run at least once. */
  readonly executed?: Set<ListNode>
  /** Executions that ended well, in the order they ended; those of `include` before the one that included them. */
  readonly outputs?: TracedOutput[]
}
