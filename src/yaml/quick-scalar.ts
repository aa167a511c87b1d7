import { GoInt, type GoValue } from '../go/values.ts'
import { resolvePlain } from './resolve.ts'

/** Letters and signs that words like `yes`, `null`, `~` and `<<` begin with. */
const SPECIAL_START: readonly boolean[] = Array.from({ length: 128 }, (_, code) => 'yYnNtTfFoO~'.includes(String.fromCharCode(code)))
const LONGEST_WORD = 5
const SMALL_INTEGER = /^[1-9][0-9]{0,14}$/

/** Whether a plain text is certainly a string: it begins with none of what numbers, times and special words begin with. */
export function isPlainString(text: string): boolean {
  const first = text.charCodeAt(0)
  return first > 0x39 && (!SPECIAL_START[first] || text.length > LONGEST_WORD)
}

/** The value of a plain scalar, as JSON has it; undefined for what is left to the parser: times, odd numbers, nothing at all. */
export function plainWord(text: string | undefined): GoValue | undefined {
  if (text === undefined || text === '') return undefined
  if (isPlainString(text)) return text
  if (SMALL_INTEGER.test(text)) return Number(text)
  const value = resolvePlain(text, 'helm')
  if (value instanceof GoInt) return Number(value.value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  return typeof value === 'object' && value !== null ? undefined : value
}
