import { fromPlain } from '../go/plain.ts'
import { GoError, type GoValue } from '../go/values.ts'

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y
const WORD = /true|false|null/y
const STRING = /"(?:[^"\\]|\\.)*"/sy

/**
 * The JSON value at the start of `text`, and how much of the text it takes: what follows is left alone, as Go's stream decoder does.
 *
 * @throws GoError when no JSON value starts there
 */
export function leadingJson(text: string): { readonly value: GoValue; readonly source: string } {
  const start = text.length - text.trimStart().length
  const end = valueEnd(text, start)
  const source = text.slice(0, end)
  return { value: parseJson(source), source }
}

/** A whole JSON text as Go's decoder gives it. @throws GoError */
export function parseJson(text: string): GoValue {
  try {
    return fromPlain(JSON.parse(text, refuseInfinity))
  } catch (error) {
    throw new GoError(error instanceof Error ? error.message : String(error))
  }
}

function refuseInfinity(_key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new GoError('json: cannot unmarshal number into Go value of type float64')
  return value
}

function valueEnd(text: string, start: number): number {
  const first = text.charAt(start)
  if (first === '{' || first === '[') return collectionEnd(text, start)
  const pattern = first === '"' ? STRING : /[a-z]/.test(first) ? WORD : NUMBER
  pattern.lastIndex = start
  const match = pattern.exec(text)
  if (!match) throw new GoError('invalid character looking for beginning of value')
  const end = start + match[0].length
  if (pattern === NUMBER && isBroken(text.charAt(end), match)) throw new GoError('invalid character in numeric literal')
  return end
}

/** Whether what follows a number belongs to it: a fraction or an exponent without digits. */
function isBroken(next: string, [, fraction, exponent]: RegExpExecArray): boolean {
  if (exponent !== undefined) return false
  return next === 'e' || next === 'E' || (next === '.' && fraction === undefined)
}

function collectionEnd(text: string, start: number): number {
  let depth = 0
  for (let i = start; i < text.length; i++) {
    const character = text.charAt(i)
    if (character === '"') {
      STRING.lastIndex = i
      const match = STRING.exec(text)
      if (!match) break
      i += match[0].length - 1
    } else if (character === '{' || character === '[') depth++
    else if ((character === '}' || character === ']') && --depth === 0) return i + 1
  }
  throw new GoError('unexpected EOF')
}
