import {
  isDigit,
  isLetter,
  isLoneSurrogate,
  isLower,
  isNumber,
  isPunct,
  isSpace,
  isTitle,
  isUpper,
  lowerRune,
  REPLACEMENT,
  runesOf,
  titleRune,
  upperRune,
} from '../../go/letter-case.ts'
import type { GoFunction } from '../../go/values.ts'
import { fixed } from './signature.ts'

/** Go's deprecated `strings.Title`: a word starts after anything but a letter, digit or underscore. */
function title(text: string): string {
  let previous = ' '
  return runesOf(text)
    .map((rune) => {
      const mapped = isSeparator(previous) ? titleRune(rune) : rune
      previous = rune
      return mapped
    })
    .join('')
}

function isSeparator(rune: string): boolean {
  if (rune.length === 1 && rune <= '\x7f') return !/[0-9A-Za-z_]/.test(rune)
  return !isLetter(rune) && !isDigit(rune) && isSpace(rune)
}

/** goutils Uncapitalize: the first letter of each word to lower case. */
function untitle(text: string): string {
  let first = true
  return runesOf(text)
    .map((rune) => {
      const atStart = first
      first = isSpace(rune)
      return atStart && !first ? lowerRune(rune) : rune
    })
    .join('')
}

/** goutils SwapCase: a lower-case letter at a word's start becomes title case. */
function swapCase(text: string): string {
  let afterSpace = true
  const swap = (rune: string): string => {
    if (isUpper(rune) || isTitle(rune)) {
      afterSpace = false
      return lowerRune(rune)
    }
    if (isLower(rune)) {
      const atStart = afterSpace
      afterSpace = false
      return atStart ? titleRune(rune) : upperRune(rune)
    }
    afterSpace = isSpace(rune)
    return rune
  }
  return runesOf(text).map(swap).join('')
}

function isConnector(rune: string): boolean {
  return rune === '-' || rune === '_' || isSpace(rune)
}

/** xstrings ToPascalCase. Connectors at the start stay; of several in a row all but the last stay. A text of connectors only gains one. */
function pascalCase(text: string): string {
  const runes = runesOf(text)
  const start = runes.findIndex((rune) => !isConnector(rune))
  if (start < 0) return runes.concat(runes.slice(-1)).join('')
  const out = runes.slice(0, start)
  let inUpperRun = isUpper(runes[start] as string)
  let current = upperRune(runes[start] as string)
  for (const next of runes.slice(start + 1)) {
    const previous = current
    current = next
    if (isConnector(current) && isConnector(previous)) {
      out.push(previous)
      continue
    }
    if (isConnector(previous)) {
      inUpperRun = isUpper(current)
      current = upperRune(current)
      continue
    }
    if (inUpperRun) {
      if (isUpper(current)) current = lowerRune(current)
      else inUpperRun = false
    }
    out.push(previous)
  }
  out.push(current)
  return out.join('')
}

type WordKind = 'none' | 'number' | 'upper' | 'alphabet' | 'connector' | 'punctuation' | 'other'

interface Word {
  readonly kind: WordKind
  readonly runes: readonly string[]
  /** Where the next word starts. */
  readonly next: number
}

/** xstrings isAlphabet: letters but Chinese characters. */
function isAlphabet(rune: string): boolean {
  if (!isLetter(rune)) return false
  const code = rune.codePointAt(0) as number
  const chinese = (code >= 0x4e00 && code <= 0x9fcc) || (code >= 0x3400 && code <= 0x4d85) || (code >= 0x20000 && code <= 0x2b81d)
  return !chinese
}

function isInvalid(rune: string): boolean {
  return rune === REPLACEMENT || isLoneSurrogate(rune)
}

/** The next valid character from `at` and how many characters it takes with the invalid ones before it; `previous` where none is left. */
function nextValid(runes: readonly string[], at: number, previous: string): { readonly rune: string; readonly size: number } {
  let size = 0
  while (at + size < runes.length) {
    const rune = runes[at + size++] as string
    if (!isInvalid(rune)) return { rune, size }
  }
  return { rune: previous, size }
}

/** Goes on from `at` while characters belong; gives where it stopped, the character that stopped it and how long the last step was. */
function takeWhile(
  runes: readonly string[],
  at: number,
  first: string,
  belongs: (rune: string) => boolean,
): { end: number; rune: string; step: number } {
  let end = at
  let rune = first
  let step = 0
  while (end < runes.length) {
    const found = nextValid(runes, end, rune)
    rune = found.rune
    if (!belongs(rune)) break
    step = found.size
    end += found.size
  }
  return { end, rune, step }
}

const isLowerAlphabet = (rune: string): boolean => isAlphabet(rune) && !isUpper(rune)
const isOther = (rune: string): boolean => !isConnector(rune) && !isAlphabet(rune) && !isNumber(rune) && !isPunct(rune)

const WORDS: readonly (readonly [WordKind, (rune: string) => boolean, (rune: string) => boolean])[] = [
  ['connector', isConnector, isConnector],
  ['punctuation', isPunct, isPunct],
  ['alphabet', isAlphabet, isLowerAlphabet],
  ['number', isNumber, isNumber],
  ['other', () => true, isOther],
]

function nextWord(runes: readonly string[], at: number): Word {
  if (at >= runes.length) return { kind: 'none', runes: [], next: at }
  const { rune, size } = nextValid(runes, at, REPLACEMENT)
  const start = at + size
  if (rune === REPLACEMENT) return { kind: 'none', runes: runes.slice(at, start), next: start }
  if (isUpper(rune) && !isConnector(rune) && !isPunct(rune)) return upperWord(runes, at, start, rune)
  const [kind, , belongs] = WORDS.find(([, starts]) => starts(rune)) as (typeof WORDS)[number]
  const { end } = takeWhile(runes, start, rune, belongs)
  return { kind, runes: runes.slice(at, end), next: end }
}

/** A run of upper-case letters, or one and the lower-case letters after it; in "HTTPStatus" the S starts the second word. */
function upperWord(runes: readonly string[], at: number, start: number, first: string): Word {
  const word = (end: number): Word => ({ kind: 'upper', runes: runes.slice(at, end), next: end })
  if (start >= runes.length) return word(start)
  const { rune } = nextValid(runes, start, first)
  if (isUpper(rune)) {
    const run = takeWhile(runes, start, first, isUpper)
    return word(run.end < runes.length && isAlphabet(run.rune) ? run.end - run.step : run.end)
  }
  return word(isAlphabet(rune) ? takeWhile(runes, start, first, isLowerAlphabet).end : start)
}

function lowered(word: Word, connector: string): string {
  if (word.kind !== 'upper' && word.kind !== 'connector') return word.runes.join('')
  return word.runes
    .map((rune) => (isConnector(rune) ? connector : isLoneSurrogate(rune) ? REPLACEMENT : isUpper(rune) ? lowerRune(rune) : rune))
    .join('')
}

/** xstrings camelCaseToLowerCase: words to lower case with connectors between them; numbers stay with the word before or after. */
function connectWords(text: string, connector: string): string {
  const runes = Array.from(text)
  const out: string[] = []
  const put = (word: Word): void => {
    out.push(lowered(word, connector))
  }
  const isOneOf = (word: Word, ...kinds: WordKind[]): boolean => kinds.includes(word.kind)
  let word = nextWord(runes, 0)
  const advance = (): void => {
    word = nextWord(runes, word.next)
  }
  const putLettersAndNumbers = (): void => {
    while (isOneOf(word, 'alphabet', 'number')) {
      put(word)
      advance()
    }
  }
  while (word.next < runes.length) {
    if (word.kind !== 'connector') put(word)
    const previous = word
    advance()
    if (previous.kind === 'number') {
      putLettersAndNumbers()
      if (!isOneOf(word, 'none', 'punctuation', 'connector')) out.push(connector)
    } else if (previous.kind === 'connector') put(previous)
    else if (previous.kind !== 'punctuation') {
      if (word.kind !== 'number') {
        if (!isOneOf(word, 'connector', 'punctuation')) out.push(connector)
        continue
      }
      if (word.next >= runes.length) continue
      const number = word
      advance()
      if (!isOneOf(word, 'alphabet')) {
        put(number)
        if (!isOneOf(word, 'connector', 'punctuation')) out.push(connector)
        continue
      }
      out.push(connector)
      put(number)
      putLettersAndNumbers()
      if (!isOneOf(word, 'none', 'connector', 'punctuation')) out.push(connector)
    }
  }
  put(word)
  return out.join('')
}

/**
 * Letter case and word joining.
 *
 * Source: Go strings.Title; goutils 1.1.1 wordutils.go; huandu/xstrings 1.5.0 convert.go (sprig's camelcase is its pascal case)
 */
export const textCaseFunctions: ReadonlyMap<string, GoFunction> = new Map<string, GoFunction>([
  ['title', fixed(['string'], title)],
  ['untitle', fixed(['string'], untitle)],
  ['swapcase', fixed(['string'], swapCase)],
  ['camelcase', fixed(['string'], pascalCase)],
  ['snakecase', fixed(['string'], (text: string) => connectWords(text, '_'))],
  ['kebabcase', fixed(['string'], (text: string) => connectWords(text, '-'))],
])
