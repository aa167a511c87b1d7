import { parseDuration } from '../../go/duration.ts'
import { encodeJson } from '../../go/json-encode.ts'
import { sprintf } from '../../go/printf.ts'
import { compileRegexp, findAll, type Match, type Regexp } from '../../go/regexp.ts'
import { type GoMap, type GoValue, goInt } from '../../go/values.ts'
import { HclError, numberText, toList, toNumber, toText, toWhole } from './convert.ts'
import { formatDate } from './format-date.ts'
import type { FunctionTable } from './function-table.ts'

const MANY = Number.POSITIVE_INFINITY

function characters(text: string): readonly string[] {
  return [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)].map(({ segment }) => segment)
}

function substring(text: string, offset: number, length: number): string {
  const all = characters(text)
  const start = offset < 0 ? Math.max(0, all.length + offset) : offset
  return all.slice(start, length < 0 ? undefined : start + length).join('')
}

function trimSet(text: string, cutset: string): string {
  const cut = new Set(cutset)
  const all = [...text]
  const start = all.findIndex((char) => !cut.has(char))
  return start < 0 ? '' : all.slice(start, all.findLastIndex((char) => !cut.has(char)) + 1).join('')
}

const VERB = /%(?:\[(\d+)\])?([-+# 0]*)(\d*)(?:\.(\d+))?([a-zA-Z%])/g

/** One argument for Go's own verbs: whole numbers for whole-number verbs, JSON for what is no scalar. */
function argumentFor(verb: string, value: GoValue): GoValue {
  if ('bdoxX'.includes(verb) && verb !== '') return goInt(toWhole(value))
  if ('eEfgG'.includes(verb)) return toNumber(value)
  if (verb === 's' || verb === 'q') return typeof value === 'object' && value !== null ? encodeJson(value) : toText(value)
  if (verb === 't') return value
  if (value === null) return 'null'
  return typeof value === 'object' ? encodeJson(value) : typeof value === 'number' ? numberText(value) : toText(value)
}

function format(template: string, values: readonly GoValue[]): string {
  let next = 0
  const text = template.replace(
    VERB,
    (_all, position: string | undefined, flags: string, width: string, precision: string | undefined, verb: string) => {
      if (verb === '%') return '%'
      const index = position === undefined ? next++ : Number(position) - 1
      if (position !== undefined) next = Number(position)
      const value = values[index]
      if (value === undefined) throw new HclError(`not enough arguments for "%${verb}": need index ${index} but have ${values.length} total`)
      if (verb === 'v' && flags.includes('#')) return encodeJson(value)
      if (!'vtbdoxXeEfgGsq'.includes(verb)) throw new HclError(`unsupported format verb ${verb}`)
      const own = verb === 'v' ? 's' : verb
      return sprintf(`%${flags.replace('#', '')}${width.slice(0, 4)}${precision === undefined ? '' : `.${precision.slice(0, 3)}`}${own}`, [
        argumentFor(verb, value),
      ])
    },
  )
  if (next < values.length && !template.includes('%[')) throw new HclError('too many arguments; no verbs are left for them')
  return text
}

function formatList(template: string, values: readonly GoValue[]): GoValue {
  const lengths = new Set(values.flatMap((value) => (Array.isArray(value) ? [value.length] : [])))
  if (lengths.size > 1) throw new HclError('all lists need the same length')
  const [count = 1] = lengths
  return Array.from({ length: count }, (_, i) =>
    format(
      template,
      values.map((value) => (Array.isArray(value) ? (value[i] as GoValue) : value)),
    ),
  )
}

function compiled(pattern: string): Regexp {
  try {
    return compileRegexp(pattern)
  } catch (error) {
    throw new HclError(`invalid regexp pattern: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const GROUP_NAME = /\(\?P?<([A-Za-z_]\w*)>/g

/** The whole match, the list of its groups, or a map of them where they have names. */
function captured(pattern: string, text: string, match: Match): GoValue {
  const groups = Array.from({ length: match.length / 2 }, (_, i): GoValue => {
    const [start = -1, end = -1] = [match[2 * i], match[2 * i + 1]]
    return start < 0 ? null : text.slice(start, end)
  })
  if (groups.length === 1) return groups[0] as GoValue
  const names = [...pattern.matchAll(GROUP_NAME)].map(([, name = '']) => name)
  if (names.length === 0) return groups.slice(1)
  if (names.length < groups.length - 1) throw new HclError('invalid regexp pattern: cannot mix both named and unnamed capture groups')
  return new Map(names.map((name, i) => [name, groups[i + 1] ?? null])) satisfies GoMap
}

function regexAll(pattern: string, text: string): readonly GoValue[] {
  return findAll(compiled(pattern), text).map((match) => captured(pattern, text, match))
}

function regex(pattern: string, text: string): GoValue {
  const [found] = regexAll(pattern, text)
  if (found === undefined) throw new HclError('pattern did not match any part of the given string')
  return found
}

function timeAdd(time: string, duration: string): string {
  const start = Date.parse(time)
  if (Number.isNaN(start)) throw new HclError(`not a valid RFC3339 timestamp: "${time}"`)
  const milliseconds = Number(parseDuration(duration) / 1_000_000n)
  return new Date(start + milliseconds).toISOString().replace('.000Z', 'Z')
}

/** Source: github.com/zclconf/go-cty cty/function/stdlib/string.go, format.go, regexp.go, datetime.go */
export const TEXT_FUNCTIONS: FunctionTable = {
  chomp: [1, 1, (text = null) => toText(text).replace(/(?:\r\n?|\n)+$/, '')],
  format: [1, MANY, (template = null, ...values) => format(toText(template), values)],
  formatdate: [2, 2, (template = null, time = null) => formatDate(toText(template), toText(time))],
  formatlist: [1, MANY, (template = null, ...values) => formatList(toText(template), values)],
  indent: [2, 2, (spaces = null, text = null) => toText(text).replaceAll('\n', `\n${' '.repeat(Math.min(toWhole(spaces), 1000))}`)],
  join: [2, MANY, (separator = null, ...lists) => lists.flatMap((list) => toList(list).map(toText)).join(toText(separator))],
  lower: [1, 1, (text = null) => toText(text).toLowerCase()],
  regex: [2, 2, (pattern = null, text = null) => regex(toText(pattern), toText(text))],
  regexall: [2, 2, (pattern = null, text = null) => [...regexAll(toText(pattern), toText(text))]],
  split: [2, 2, (separator = null, text = null) => toText(text).split(toText(separator))],
  strlen: [1, 1, (text = null) => characters(toText(text)).length],
  strrev: [1, 1, (text = null) => characters(toText(text)).toReversed().join('')],
  substr: [3, 3, (text = null, offset = null, length = null) => substring(toText(text), toWhole(offset), toWhole(length))],
  timeadd: [2, 2, (time = null, duration = null) => timeAdd(toText(time), toText(duration))],
  title: [1, 1, (text = null) => toText(text).replace(/(?<![\p{L}\p{N}_'])\p{L}/gu, (char) => char.toUpperCase())],
  trim: [2, 2, (text = null, cutset = null) => trimSet(toText(text), toText(cutset))],
  trimprefix: [
    2,
    2,
    (text = null, prefix = null) => (toText(text).startsWith(toText(prefix)) ? toText(text).slice(toText(prefix).length) : toText(text)),
  ],
  trimspace: [1, 1, (text = null) => toText(text).trim()],
  trimsuffix: [
    2,
    2,
    (text = null, suffix = null) =>
      toText(suffix) !== '' && toText(text).endsWith(toText(suffix)) ? toText(text).slice(0, -toText(suffix).length) : toText(text),
  ],
  upper: [1, 1, (text = null) => toText(text).toUpperCase()],
}
