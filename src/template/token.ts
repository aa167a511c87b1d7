/** What a token of a template is. Keywords carry their own word. */
export type TokenKind =
  | 'error'
  | 'bool'
  | 'char'
  | 'char constant'
  | 'complex'
  | 'assign'
  | 'declare'
  | 'eof'
  | 'field'
  | 'identifier'
  | 'left delimiter'
  | 'left paren'
  | 'number'
  | 'pipe'
  | 'raw string'
  | 'right delimiter'
  | 'right paren'
  | 'space'
  | 'string'
  | 'text'
  | 'variable'
  | Keyword

/** The words with a meaning of their own inside an action; `.` is one of them. */
export type Keyword = '.' | 'block' | 'break' | 'continue' | 'define' | 'else' | 'end' | 'if' | 'range' | 'nil' | 'template' | 'with'

const KEYWORDS: ReadonlySet<string> = new Set(['.', 'block', 'break', 'continue', 'define', 'else', 'end', 'if', 'range', 'nil', 'template', 'with'])

/** Whether a word or token kind is a keyword. */
export function isKeyword(word: string): word is Keyword {
  return KEYWORDS.has(word)
}

/** One token: where it starts in the text (UTF-16), and its text; for `error` tokens the message. */
export interface Token {
  readonly kind: TokenKind
  readonly start: number
  readonly value: string
}
