import { typeOf } from '../../go/kind.ts'
import { GoInt, GoTime, type GoValue } from '../../go/values.ts'
import { findPath } from '../path-find.ts'
import { type AssertionInput, textParameter, type Verdict } from './assertion-kind.ts'
import { eachDocument, eachValue, type Lines } from './each-value.ts'
import { expectationLines, type FailPlace, shownYaml } from './fail-lines.ts'

function isField(field: string, words: string): (input: AssertionInput) => Verdict {
  return (input) => {
    const { parameters, negative } = input
    const of = textParameter(parameters, 'of')
    const lines = (actual: GoValue, place: FailPlace): Lines =>
      expectationLines({ words, negative, expected: of, ...(!negative && { actual: shownYaml(actual) }) }, place)
    return eachDocument(
      input,
      () => lines('no manifest found', {}),
      (found, document) => ((found.get(field) === of) === negative ? lines(found.get(field) ?? null, { document }) : undefined),
    )
  }
}

/** `isKind`: the documents are of the kind `of`. */
export const isKind: (input: AssertionInput) => Verdict = isField('kind', ' to be kind')

/** `isAPIVersion`: the documents are of the API version `of`. */
export const isApiVersion: (input: AssertionInput) => Verdict = isField('apiVersion', ' to be apiVersion')

/** `exists`: `path` leads to something. */
export function exists(input: AssertionInput): Verdict {
  const { parameters, negative } = input
  const path = textParameter(parameters, 'path')
  const lines = (document?: number): Lines => {
    const text = `Path:\t${path} expected to ${negative ? 'NOT ' : ''}exists`
    return document === undefined ? [text] : [`DocumentIndex:\t${document}`, text]
  }
  return eachDocument(
    input,
    () => lines(),
    (found, document) => (findPath(found, path).length > 0 === negative ? lines(document) : undefined),
  )
}

function isEmpty(value: GoValue): boolean {
  if (value instanceof GoInt) return value.value === 0n
  if (value instanceof Map) return value.size === 0
  if (Array.isArray(value)) return value.length === 0
  return value === null || value === '' || value === 0 || value === false
}

/** `isNullOrEmpty`: what `path` leads to is nothing, or empty. */
export function isNullOrEmpty(input: AssertionInput): Verdict {
  const { parameters, negative } = input
  const path = textParameter(parameters, 'path')
  const lines = (actual: GoValue, place: FailPlace): Lines =>
    expectationLines({ path, words: ' to be null or empty, got', negative, expected: shownYaml(actual) }, place)
  const noDocument = (): Lines => lines('no manifest found', {})
  return eachValue(input, { noDocument }, (value, place) => (isEmpty(value) === negative ? lines(value, place) : undefined))
}

function goType(value: GoValue): string {
  if (value === null) return ''
  return value instanceof GoTime ? 'time.Time' : typeOf(value)
}

/** `isType`: what `path` leads to is of the Go type `type`. */
export function isType(input: AssertionInput): Verdict {
  const { parameters, negative } = input
  const [path, type] = [textParameter(parameters, 'path'), textParameter(parameters, 'type')]
  const lines = (actual: string, place: FailPlace): Lines =>
    expectationLines({ path, words: ' to be of type', negative, expected: type, actual }, place)
  const noDocument = (): Lines => lines('no manifest found', {})
  return eachValue(input, { noDocument }, (value, place) => ((goType(value) === type) === negative ? lines(goType(value), place) : undefined))
}
