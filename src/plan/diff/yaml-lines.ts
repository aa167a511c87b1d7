import { isObject, type JsonObject } from '../../base/json.ts'
import { fromPlain } from '../../go/plain.ts'
import { encodeYaml } from '../../yaml/encode.ts'
import { YamlError } from '../../yaml/yaml-error.ts'

/** Texts that are plain YAML as they stand, seen at once. */
const PLAIN_TEXT = /^[A-Za-z][A-Za-z0-9]{5,60}$|^[a-z][a-z0-9-]*[./][A-Za-z0-9./_-]*[A-Za-z0-9]$/
/** What would move the cursor or colour of a terminal. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g

/** `value` below `head` (`key:` or `-`) as lines of YAML, sorted by key, nothing folded; what YAML cannot hold as JSON writes it. */
export function yamlLines(head: string, value: unknown, first?: string): readonly string[] {
  if (Array.isArray(value)) return listLines(head, value)
  if (isObject(value)) return mapLines(head, value, first)
  if (typeof value === 'string' && isLongText(value))
    return [`${head} ${blockStyle(value)}`, ...blockLines(value).map((line) => `  ${line}`.trimEnd())]
  return [`${head} ${scalarLine(value)}`]
}

/** The lines of all keys of a map, `first` before the others. */
export function keyLines(value: JsonObject, first?: string): readonly string[] {
  const keys = Object.keys(value).filter((key) => value[key] !== undefined && key !== first)
  const sorted = first !== undefined && Object.hasOwn(value, first) ? [first, ...keys.sort()] : keys.sort()
  return sorted.flatMap((key) => yamlLines(`${scalarLine(key)}:`, value[key]))
}

/** A text, number, boolean or null, or what is empty, on one line. */
export function scalarLine(value: unknown): string {
  if (typeof value === 'boolean' || Number.isInteger(value) || (typeof value === 'string' && PLAIN_TEXT.test(value))) return String(value)
  try {
    const text = encodeYaml(fromPlain(value), 'helm-pretty').replace(/\n$/, '')
    return text.includes('\n') ? visible(JSON.stringify(value)) : text
  } catch (error) {
    if (error instanceof YamlError) return visible(JSON.stringify(value))
    throw error
  }
}

/** Whether a text is shown over several lines. */
export function isLongText(value: string): boolean {
  return /\n./s.test(value)
}

/** How the block of a text is announced: whether and how it ends in line breaks. */
export function blockStyle(value: string): string {
  if (!value.endsWith('\n')) return '|-'
  return /\n\n$/.test(value) ? '|+' : '|'
}

/** The lines of a text; what would disturb a terminal is written out. */
export function blockLines(value: string): readonly string[] {
  return value.replace(/\n$/, '').split('\n').map(visible)
}

function visible(text: string): string {
  return text.replace(CONTROLS, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function listLines(head: string, value: readonly unknown[]): readonly string[] {
  if (value.length === 0) return [`${head} []`]
  const items = value.flatMap((item) => yamlLines('-', item))
  return head === '-' ? nested('-', items) : [head, ...items]
}

function mapLines(head: string, value: JsonObject, first: string | undefined): readonly string[] {
  const lines = keyLines(value, first)
  if (lines.length === 0) return [`${head} {}`]
  return head === '-' ? nested('-', lines) : [head, ...lines.map((line) => `  ${line}`.trimEnd())]
}

function nested(head: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => (index === 0 ? `${head} ${line}` : `  ${line}`.trimEnd()))
}
