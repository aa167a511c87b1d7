import { GoError, type GoMap, type GoValue } from '../../go/values.ts'
import { findPath } from '../path-find.ts'
import { type AssertionInput, textParameter, type Verdict } from './assertion-kind.ts'
import { errorLines, type FailPlace } from './fail-lines.ts'

/** Lines of what fails; none where all is well. */
export type Lines = readonly string[]

const ALL_WELL: Lines = []

/** What is wrong with nothing at all: no document is there, or `path` leads nowhere. */
export interface WhenEmpty {
  readonly noDocument: () => Lines
  /** `unknown path x` where it is absent. */
  readonly unknownPath?: (path: string) => string
}

function values(document: GoMap, path: string): readonly GoValue[] | string {
  try {
    return findPath(document, path)
  } catch (error) {
    if (error instanceof GoError) return error.message
    throw error
  }
}

/** Goes on until the first failure where that is asked for. */
function collect<T>(items: readonly T[], failFast: boolean, look: (item: T, index: number) => Lines | undefined): Verdict {
  const lines: string[] = []
  let passed = true
  for (const [index, item] of items.entries()) {
    const found = look(item, index)
    if (found === undefined) continue
    passed = false
    lines.push(...found)
    if (failFast) break
  }
  return { passed, lines }
}

/** Judges each document; `look` gives lines for what fails. */
export function eachDocument(
  { selected, negative, failFast }: AssertionInput,
  noDocument: () => Lines,
  look: (document: GoMap, index: number) => Lines | undefined,
): Verdict {
  if (selected.length === 0) return { passed: negative, lines: negative ? ALL_WELL : noDocument() }
  return collect(selected, failFast, look)
}

/** Judges each value that the parameter `path` leads to in each document; `look` gives lines for what fails. */
export function eachValue(
  input: AssertionInput,
  { noDocument, unknownPath = (path) => `unknown path ${path}` }: WhenEmpty,
  look: (value: GoValue, place: FailPlace) => Lines | undefined,
): Verdict {
  const path = textParameter(input.parameters, 'path')
  return eachDocument(input, noDocument, (found, document) => {
    const all = values(found, path)
    if (typeof all === 'string') return errorLines(all, { document })
    if (all.length === 0) return input.negative ? undefined : errorLines(unknownPath(path), { document })
    const { passed, lines } = collect(all, input.failFast, (value, index) => look(value, { document, value: index }))
    return passed ? undefined : lines
  })
}
