const NAMED: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
}

/** Whether Go's `unicode.IsPrint` holds: letters, marks, numbers, punctuation, symbols and the ASCII space. */
export function isPrintable(character: string): boolean {
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character)
}

function hex(code: number, width: number): string {
  return code.toString(16).padStart(width, '0')
}

function escaped(character: string): string {
  const named = NAMED[character]
  if (named !== undefined) return named
  if (isPrintable(character)) return character
  const code = character.codePointAt(0) as number
  // A byte that is no UTF-8, see go/bytes.ts.
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${hex(code - 0xdc00, 2)}`
  if (code < 0x80) return `\\x${hex(code, 2)}`
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`
}

/** The text as a Go string literal in double quotes: what `%q` prints. Source: Go strconv.Quote. */
export function goQuote(text: string): string {
  return `"${[...text].map(escaped).join('')}"`
}
