import { type DiagnosticError, withNote } from '../base/diagnostic.ts'
import type { Release } from '../state/state.ts'

/** `error` with the note that it came up while `doing` something (`rendering`) to `release`, and where that is declared. */
export function whileDoing(doing: string, { id, at }: Pick<Release, 'id' | 'at'>, error: unknown): DiagnosticError {
  return withNote(error, { text: `while ${doing} release ${id}`, ...(at && { at }) })
}
