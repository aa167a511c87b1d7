import type { Note } from '../base/diagnostic.ts'
import { positionAt, type Source } from '../base/source.ts'
import { lex } from './lexer.ts'
import type { Token, TokenKind } from './token.ts'

/** An action that opens, divides or ends a block. */
interface BlockWord {
  readonly word: string
  /** Where its braces begin. */
  readonly start: number
  /** Where its word begins. */
  readonly at: number
  /** Number of its line. */
  readonly line: number
  /** How far its line is indented, where nothing stands before it there. */
  readonly indent: number | undefined
}

const OPENING: ReadonlySet<string> = new Set(['if', 'range', 'with', 'block', 'define'])
/** So many blocks are searched at most: each is tried for the one that is wrong. */
const MAX_WORDS = 2000

/** The tokens of `text` before `limit`, as far as it can be read. */
function* tokensBefore(text: string, limit: number): Generator<Token> {
  const lexer = lex(text)
  for (let token = lexer.next(); token.kind !== 'eof' && token.kind !== 'error' && token.start < limit; token = lexer.next()) yield token
}

const isBlockWord = (kind: TokenKind): boolean => OPENING.has(kind) || kind === 'else' || kind === 'end'

/** The block words of `source` before `limit`, as far as it can be read. */
function blockWords(source: Source, limit: number): readonly BlockWord[] {
  const { text } = source
  const words: BlockWord[] = []
  let action: Omit<BlockWord, 'word' | 'at'> | undefined
  let lastLine = 0
  for (const token of tokensBefore(text, limit)) {
    if (token.kind === 'left delimiter') {
      const { line, column } = positionAt(source, token.start)
      // Behind another action nothing is indented; so each line is looked at once, however many there are on it.
      const isBlank = line !== lastLine && /^[ \t]*$/.test(text.slice(token.start - column + 1, token.start))
      action = { start: token.start, line, indent: isBlank ? column - 1 : undefined }
      lastLine = line
    } else if (action && token.kind !== 'space') {
      if (isBlockWord(token.kind)) words.push({ ...action, word: token.kind, at: token.start })
      action = undefined
    }
  }
  return words
}

const isAskew = (a: BlockWord, b: BlockWord): boolean =>
  a.line !== b.line && a.indent !== undefined && b.indent !== undefined && a.indent !== b.indent

/** How many words stand askew below what they belong to when `left` is left out; undefined where the blocks do not come out even. */
function askewWithout(words: readonly BlockWord[], left: BlockWord): number | undefined {
  const open: BlockWord[] = []
  let askew = 0
  for (const word of words) {
    if (word === left) continue
    if (OPENING.has(word.word)) {
      open.push(word)
      continue
    }
    const opening = word.word === 'end' ? open.pop() : open.at(-1)
    if (!opening) return undefined
    if (isAskew(opening, word)) askew++
  }
  return open.length === 0 ? askew : undefined
}

/** Words without which the blocks are indented best. */
function wordsTooMany(words: readonly BlockWord[], isCandidate: (word: BlockWord) => boolean): readonly BlockWord[] {
  if (words.length > MAX_WORDS) return []
  let best: BlockWord[] = []
  let bestAskew = Number.POSITIVE_INFINITY
  for (const candidate of words) {
    const askew = isCandidate(candidate) ? askewWithout(words, candidate) : undefined
    if (askew === undefined || askew > bestAskew) continue
    best = askew < bestAskew ? [candidate] : [...best, candidate]
    bestAskew = askew
  }
  return best
}

/** The block that has no end: of several side by side, further in than the others, the first. */
function openingTooMany(words: readonly BlockWord[]): BlockWord | undefined {
  const [first, ...others] = wordsTooMany(words, ({ word }) => OPENING.has(word))
  const isFirstOfMany = first?.indent !== undefined && first.indent > 0 && others.every(({ indent }) => indent === first.indent)
  return others.length === 0 || isFirstOfMany ? first : undefined
}

/** What was open at `limit`, innermost last. */
function openAt(words: readonly BlockWord[]): readonly BlockWord[] {
  const open: BlockWord[] = []
  for (const word of words) {
    if (OPENING.has(word.word)) open.push(word)
    else if (word.word === 'end') open.pop()
  }
  return open
}

function noteAt(source: Source, { word, at }: BlockWord, text: string): Note {
  return { text, at: { source, start: at, end: at + word.length } }
}

function unclosedBlock(source: Source, limit: number): Note | undefined {
  const words = blockWords(source, limit)
  const suspect = openingTooMany(words)
  const found = suspect ?? openAt(words).at(-1)
  if (!found) return undefined
  const isAlone = suspect !== undefined || words.at(-1) === found
  return noteAt(source, found, `close this ${found.word}${isAlone ? '' : ', or what is open within it,'} with {{ end }}`)
}

function endTooMany(source: Source, limit: number): Note | undefined {
  const words = blockWords(source, limit)
  const [suspect, ...others] = wordsTooMany(words, ({ word }) => word === 'end')
  if (!suspect || others.length > 0 || suspect === words.at(-1)) return undefined
  return noteAt(source, suspect, 'remove this {{ end }}, or open the block that it is to close')
}

/** The action that is being read at `at`. */
function actionAt(text: string, at: number): { readonly start: number; readonly hasLongText: boolean } | undefined {
  let start: number | undefined
  let hasLongText = false
  for (const token of tokensBefore(text, at)) {
    if (token.kind === 'left delimiter') {
      start = token.start
      hasLongText = false
    } else if (token.kind === 'right delimiter') start = undefined
    else if ((token.kind === 'string' || token.kind === 'raw string') && token.value.includes('}}')) hasLongText = true
  }
  return start === undefined ? undefined : { start, hasLongText }
}

/** An action on an earlier line that another began within, or that a text without an end keeps open. */
function unclosedAction(source: Source, at: number): Note | undefined {
  const { text } = source
  const action = actionAt(text, at)
  if (!action || text[at] === '}') return undefined
  const line = text.slice(action.start).split('\n', 1)[0] as string
  const isLater = action.start + line.length < at
  const span = { source, start: action.start, end: isLater ? action.start + line.length : at }
  if (isLater && action.hasLongText) return { text: 'close the text in this action: a quote is missing', at: span }
  const close = text.indexOf('}}', at)
  const next = text.indexOf('{{', at)
  const isOpen = (isLater && close < 0) || (next >= 0 && next < close)
  return isOpen ? { text: 'close this action with }}', at: span } : undefined
}

/** A word of a block behind one brace instead of two. */
function singleBrace(source: Source, limit: number): Note | undefined {
  const found = /(?<!\{)\{-?[ \t]*(?:if|range|with|define|block|end|else)\b[^{}\n]*\}\}/.exec(source.text.slice(0, limit))
  return found ? { text: 'begin the action with {{', at: { source, start: found.index, end: found.index + found[0].length } } : undefined
}

/**
 * Where the mistake of a syntax error more likely is than where it shows, with advice as its text: an action or block that is not
 * closed, an end too many. Told by the indentation of blocks; undefined where there is nothing to tell it by.
 *
 * @param at where the error shows
 * @param summary Go's words for it
 */
export function likelyMistake(source: Source, at: number, summary: string): Note | undefined {
  const action = unclosedAction(source, at)
  if (action) return action
  if (summary === 'unexpected EOF' || summary.startsWith('unexpected <define> in')) return singleBrace(source, at) ?? unclosedBlock(source, at)
  return /\{\{(?:end|else)\}\}$/.test(summary) ? (singleBrace(source, at) ?? endTooMany(source, at + 1)) : undefined
}
