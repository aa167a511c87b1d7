import { deepEqual } from '../../go/deep-equal.ts'
import { GoInt, type GoList, type GoMap, type GoValue } from '../../go/values.ts'
import { findPath } from '../path-find.ts'
import { type AssertionInput, parameter, textParameter, type Verdict } from './assertion-kind.ts'
import { eachDocument, eachValue, type Lines } from './each-value.ts'
import { errorLines, expectationLines, type FailPlace, shownYaml } from './fail-lines.ts'

function holdsAll(actual: GoMap, content: GoMap): boolean {
  return [...content].every(([key, value]) => deepEqual(actual.get(key) ?? null, value))
}

function countIn(parameters: GoMap): number | undefined {
  const count = parameter(parameters, 'count')
  return count instanceof GoInt ? Number(count.value) : undefined
}

/** `contains`: the lists that `path` leads to have the element `content`, or with `any` a map that holds it, `count` times where said. */
export function contains(input: AssertionInput): Verdict {
  const { parameters, negative } = input
  const path = textParameter(parameters, 'path')
  const content = parameter(parameters, 'content') ?? null
  const count = countIn(parameters)
  const isPart = parameter(parameters, 'any') === true
  const fits = (item: GoValue): boolean =>
    isPart && item instanceof Map && content instanceof Map ? holdsAll(item, content) : deepEqual(item, content)
  const lines = (actual: GoValue, place: FailPlace): Lines =>
    expectationLines({ path, words: ' to contain', negative, expected: shownYaml([content]), actual: shownYaml(actual) }, place)
  return eachValue(input, { noDocument: () => lines('no manifest found', { document: 0 }) }, (value, place) => {
    if (!Array.isArray(value)) return errorLines(`expect '${path}' to be an array, got:\n${shownYaml(value)}`, place)
    const found = (value as GoList).filter(fits).length
    if ((count === undefined ? found > 0 : found > 0 && found === count) !== negative) return undefined
    if (count === undefined || found === 0) return lines(value, place)
    return errorLines(`expect count ${count} in '${path}' to be in array, got ${found}:\n${shownYaml(value)}`, place)
  })
}

/** `isSubset`: the maps that `path` leads to hold all of `content`. */
export function isSubset(input: AssertionInput): Verdict {
  const { parameters, negative } = input
  const path = textParameter(parameters, 'path')
  const content = parameter(parameters, 'content') ?? null
  const lines = (actual: GoValue, place: FailPlace): Lines =>
    expectationLines({ path, words: ' to contain', negative, expected: shownYaml(content), actual: shownYaml(actual) }, place)
  return eachValue(input, { noDocument: () => lines('no manifest found', {}) }, (value, place) => {
    if (!(value instanceof Map) || !(content instanceof Map)) return errorLines(`expect '${path}' to be an object, got:\n${shownYaml(value)}`, place)
    return holdsAll(value, content) === negative ? lines(value, place) : undefined
  })
}

interface Counted {
  readonly lines: Lines
  readonly length: number
}

function countLines(path: string, expected: string, actual: string, negative: boolean, place: FailPlace): Lines {
  return expectationLines({ path, words: ' to match count', negative, expected, actual }, place)
}

/** The length of what `path` leads to; lines where that is not what is wanted. */
function counted(document: GoMap, path: string, input: AssertionInput, place: FailPlace): Counted | undefined {
  const wanted = countIn(input.parameters)
  const values = findPath(document, path)
  if (values.length === 0) return input.negative ? { lines: [], length: 0 } : undefined
  const lists = values.map((value) => (Array.isArray(value) ? (value as GoList) : undefined))
  const lines = lists.flatMap((list, value): Lines => {
    if (list === undefined && wanted === undefined) return errorLines(`${path} is not array`, { ...place, value })
    const length = list?.length ?? 0
    const isWrong = wanted !== undefined && (length === wanted) === input.negative
    return isWrong ? countLines(path, String(wanted), String(length), input.negative, place) : []
  })
  return { lines, length: lists.at(-1)?.length ?? 0 }
}

/** `lengthEqual`: the list at `path` has `count` elements, or the lists at `paths` have equally many. */
export function lengthEqual(input: AssertionInput): Verdict {
  const { parameters, negative } = input
  const path = textParameter(parameters, 'path')
  const given = parameter(parameters, 'paths')
  const paths = Array.isArray(given) ? (given as GoList).filter((one): one is string => typeof one === 'string') : []
  const count = countIn(parameters)
  if (path !== '' && (count === undefined || count < 0)) return { passed: false, lines: errorLines("'count' field must be set if 'path' is used") }
  if (path !== '' && paths.length > 0) return { passed: false, lines: errorLines("'paths' couldn't be used with 'path'") }
  const noDocument = (): Lines => countLines('', '', 'no manifest found', negative, {})
  return eachDocument(input, noDocument, (found, document) => {
    const all = (path === '' ? [...paths].sort() : [path]).map((one) => ({ one, result: counted(found, one, input, { document }) }))
    const wrong = all.filter(({ result }) => result === undefined || result.lines.length > 0)
    if (wrong.length > 0) return wrong.flatMap(({ result }) => result?.lines ?? [])
    if (path !== '') return undefined
    const [first, ...others] = all
    const odd = others.find(({ result }) => (result?.length === first?.result?.length) === negative)
    return odd && countLines(odd.one, '-1', String(odd.result?.length ?? 0), negative, { document })
  })
}
