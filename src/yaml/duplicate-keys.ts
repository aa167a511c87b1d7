import type { Span } from '../base/source.ts'
import { lineOf } from './lines.ts'
import { YamlError } from './yaml-error.ts'

/** How many are listed; Go would list every pair, and hostile input may hold very many. */
export const MAX_DUPLICATES = 200

export interface DuplicateKey {
  readonly at: Span
  readonly first?: Span
  readonly key: string
  /** Go's sentence behind the line number. */
  readonly goText: string
}

/** One error for all keys that stand twice in their maps. */
export function duplicateKeys(found: readonly DuplicateKey[]): YamlError {
  const lines = found.map(({ at, goText }) => `  line ${lineOf(at.source.text, at.start) + 1}: ${goText}`)
  return new YamlError(
    `yaml: unmarshal errors:\n${lines.join('\n')}`,
    found.map(({ at, first, key }) => ({
      code: 'yaml/duplicate-key',
      severity: 'error',
      summary: `the key "${key}" stands twice in one map`,
      at,
      ...(first ? { notes: [{ text: 'it stands here first', at: first }] } : {}),
      hint: 'remove one of the two',
    })),
  )
}
