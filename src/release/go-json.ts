import { compareBytes } from '../go/values.ts'

/** Pairs of an object in the order they are to be written; a pair whose value is undefined is left out. */
export class OrderedFields {
  readonly pairs: readonly (readonly [string, unknown])[]

  constructor(pairs: readonly (readonly [string, unknown])[]) {
    this.pairs = pairs
  }
}

/**
 * The text that Go's `json.Marshal` writes for `value`: objects by key in byte order, `OrderedFields` (a struct) in their own
 * order, `<`, `>`, `&`, U+2028 and U+2029 escaped, bytes that are not UTF-8 as U+FFFD.
 */
export function encodeGoJson(value: unknown): string {
  if (typeof value === 'string') return encodeText(value)
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(encodeGoJson).join(',')}]`
  if (value instanceof OrderedFields) return encodePairs(value.pairs)
  const map = value as { readonly [key: string]: unknown }
  return encodePairs(
    Object.keys(map)
      .sort(compareBytes)
      .map((key) => [key, map[key]] as const),
  )
}

function encodePairs(pairs: readonly (readonly [string, unknown])[]): string {
  const parts: string[] = []
  for (const [key, value] of pairs) if (value !== undefined) parts.push(`${encodeText(key)}:${encodeGoJson(value)}`)
  return `{${parts.join(',')}}`
}

const GO_ESCAPED: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026', '\u2028': '\\u2028', '\u2029': '\\u2029' }

function encodeText(text: string): string {
  const json = JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (character) => GO_ESCAPED[character] as string)
  if (!json.includes('\\ud')) return json
  // Escapes are taken one by one, so that a written backslash before `ud800` is not mistaken for one.
  return json.replace(/\\(?:u[0-9a-f]{4}|.)/g, (pair) => (/^\\ud[89a-f]/.test(pair) ? '\\ufffd' : pair))
}
