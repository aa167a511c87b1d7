import { isBreak } from './characters.ts'

/** How many lines end before `offset`, by YAML's line breaks; the end of a text without a final break counts as one line further. */
export function lineOf(text: string, offset: number): number {
  let line = 0
  let lineStart = 0
  for (let i = 0; i < Math.min(offset, text.length); i++) {
    const code = text.charCodeAt(i)
    if (!isBreak(code) || (code === 0x0d && text.charCodeAt(i + 1) === 0x0a)) continue
    line++
    lineStart = i + 1
  }
  return offset > text.length && lineStart < text.length ? line + 1 : line
}
