import { structuredPatch } from 'diff'
import type { GoValue } from '../../go/values.ts'
import { encodeYaml } from '../../yaml/encode.ts'

/** Places of what failed; -1: there is none to tell. */
export interface FailPlace {
  readonly document?: number
  readonly value?: number
}

/** Line breaks at the beginning of texts go, at every depth. */
function withoutLeadingBreaks(value: GoValue): GoValue {
  if (typeof value === 'string') return value.replace(/^\n+/, '')
  if (Array.isArray(value)) return value.map(withoutLeadingBreaks)
  return value instanceof Map ? new Map([...value].map(([key, item]) => [key, withoutLeadingBreaks(item)])) : value
}

/** A value as it stands in messages and snapshots. */
export function shownYaml(value: GoValue): string {
  return encodeYaml(withoutLeadingBreaks(value), 'helmfile')
}

function indented(text: string): string {
  return `\t${text.replaceAll('\n', '\n\t').replace(/^[\n\t ]+|[\n\t ]+$/g, '')}`
}

function placeLines({ document = -1, value = -1 }: FailPlace): readonly string[] {
  return [...(document >= 0 ? [`DocumentIndex:\t${document}`] : []), ...(value >= 0 ? [`ValuesIndex:\t${value}`] : [])]
}

/** Lines of an error in the words of `text`. */
export function errorLines(text: string, place: FailPlace = {}): readonly string[] {
  return [...placeLines(place), ...`Error:\n${indented(text)}`.split('\n')]
}

/** What of an expectation is told. */
export interface Expectation {
  readonly path?: string
  /** Behind `Expected`: ` to equal`. */
  readonly words: string
  readonly negative: boolean
  readonly expected: string
  readonly actual?: string
  readonly diff?: string
}

/** Lines that tell what was expected and what is there. Source: helm-unittest 1.1.2 pkg/unittest/validators/common.go */
export function expectationLines(expectation: Expectation, place: FailPlace = {}): readonly string[] {
  const { path, words, negative, expected, actual, diff } = expectation
  const parts = [
    ...(path === undefined ? [] : [`Path:${indented(path)}`]),
    `Expected${negative ? ' NOT' : ''}${words}:\n${indented(expected)}`,
    ...(actual === undefined ? [] : [`Actual:\n${indented(actual)}`]),
    ...(diff === undefined ? [] : [`Diff:\n${indented(diff)}`]),
  ]
  return [...placeLines(place), ...parts.join('\n').split('\n')]
}

function range(start: number, length: number): string {
  if (length === 1) return String(start)
  return `${length === 0 ? start - 1 : start},${length}`
}

/** The differences of two texts as a patch shows them. */
export function unifiedDiff(expected: string, actual: string): string {
  // An empty line ends both: the original counts what stands behind the last line break.
  const { hunks } = structuredPatch('', '', `${expected}\n`, `${actual}\n`, '', '', { context: 1 })
  if (hunks.length === 0) return ''
  const texts = hunks.map(({ oldStart, oldLines, newStart, newLines, lines }) =>
    [`@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`, ...lines.filter((line) => !line.startsWith('\\'))].join('\n'),
  )
  return `--- Expected\n+++ Actual\n${texts.join('\n')}\n`
}
