import { isBlank, isBreak, SPACE, TAB } from './characters.ts'

/** Which styles can carry a text. */
export interface ScalarAnalysis {
  readonly multiline: boolean
  readonly plainAllowed: boolean
  readonly singleAllowed: boolean
  readonly blockAllowed: boolean
}

/** What a code point is to the emitter. Characters beyond the BMP count as unprintable, as in go-yaml. */
export function isPrintable(code: number): boolean {
  return code === 0x0a || (code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code < 0xd800) || (code >= 0xe000 && code < 0xfffe && code !== 0xfeff)
}

const EMPTY: ScalarAnalysis = { multiline: false, plainAllowed: true, singleAllowed: true, blockAllowed: false }
const SIMPLE: ScalarAnalysis = { multiline: false, plainAllowed: true, singleAllowed: true, blockAllowed: true }
const SIMPLE_TEXT = /^[A-Za-z0-9_./$+](?:[A-Za-z0-9_./$+()=;^~-]| (?=[A-Za-z0-9_./$+()=;^~-]))*$/

const WORD = /^[A-Za-z][A-Za-z0-9_./-]{0,99}$/

/** Whether `text` is a short word, as most keys are: every style can carry it, on one line. */
export function isWord(text: string): boolean {
  return WORD.test(text)
}

/** Indicators that no plain scalar may begin with. */
const LEADING_INDICATORS = '#,[]{}&*!|>\'"%@`'

/**
 * Finds out which styles can carry `text` in block context.
 *
 * @param allowTabs v3 writes tabs in literal blocks, v2 escapes them
 * Source: go.yaml.in/yaml v2.4.4 and v3.0.5, emitterc.go
 */
export function analyzeScalar(text: string, allowTabs: boolean): ScalarAnalysis {
  if (text === '') return EMPTY
  if (SIMPLE_TEXT.test(text) && !text.startsWith('...')) return SIMPLE
  let indicators = text.startsWith('---') || text.startsWith('...') || startsWithIndicator(text)
  let special = false
  let tabs = false
  let lineBreaks = false
  let spaceBreak = false
  let breakSpace = false
  let previousSpace = false
  let previousBreak = false
  let afterBlank = true
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x3a) {
      if (i + 1 === text.length || isBlank(text.charCodeAt(i + 1))) indicators = true
    } else if (code === 0x23 && afterBlank) indicators = true
    if (code === TAB && allowTabs) tabs = true
    else if (!isPrintable(code)) special = true
    const space = code === SPACE
    const lineBreak = isBreak(code)
    if (space && previousBreak) breakSpace = true
    if (lineBreak && previousSpace) spaceBreak = true
    if (lineBreak) lineBreaks = true
    previousSpace = space
    previousBreak = lineBreak
    afterBlank = space || lineBreak || code === TAB || code === 0
  }
  const leading = isSpaceOrBreak(text.charCodeAt(0))
  const trailing = previousSpace || previousBreak
  return {
    multiline: lineBreaks,
    plainAllowed: !(leading || trailing || breakSpace || spaceBreak || tabs || special || lineBreaks || indicators),
    singleAllowed: !(breakSpace || spaceBreak || tabs || special),
    blockAllowed: !(previousSpace || spaceBreak || special),
  }
}

function isSpaceOrBreak(code: number): boolean {
  return code === SPACE || isBreak(code)
}

function startsWithIndicator(text: string): boolean {
  const first = text.charAt(0)
  if (LEADING_INDICATORS.includes(first)) return true
  return (first === '?' || first === '-') && (text.length === 1 || isBlank(text.charCodeAt(1)))
}
