import { isIPv6 } from 'node:net'
import { quote, quoteRune } from '../../go/quote.ts'

/** What is wrong with a text that should have a format; undefined when nothing is. */
export type FormatCheck = (text: string) => string | undefined

const invalidCharacter = (character: string): string => `invalid character ${quoteRune(character.codePointAt(0) as number)}`

function jsonPointer(text: string): string | undefined {
  if (text === '') return undefined
  if (!text.startsWith('/')) return 'not starting with /'
  return /~(?![01])/.test(text) ? '~ must be followed by 0 or 1' : undefined
}

function relativeJsonPointer(text: string): string | undefined {
  const digits = /^[0-9]*/.exec(text)?.[0] ?? ''
  if (digits === '') return 'must start with non-negative integer'
  if (digits.length > 1 && digits.startsWith('0')) return 'starts with zero'
  const rest = text.slice(digits.length)
  return rest === '#' ? undefined : jsonPointer(rest)
}

const UUID_GROUPS = [8, 4, 4, 4, 12]

function uuid(text: string): string | undefined {
  const groups = text.split('-')
  if (groups.length !== UUID_GROUPS.length) return `must have ${UUID_GROUPS.length} elements`
  for (const [i, group] of groups.entries()) {
    if (Buffer.byteLength(group) !== UUID_GROUPS[i]) return `element ${i + 1} must be ${UUID_GROUPS[i]} characters long`
    const bad = [...group].find((c) => !/[0-9a-fA-F]/.test(c))
    if (bad !== undefined) return `non-hex character ${quoteRune(bad.codePointAt(0) as number)}`
  }
  return undefined
}

function durationPart(text: string, units: string): string | undefined {
  let rest = text
  let left = units
  while (rest !== '') {
    const digits = /^[0-9]*/.exec(rest)?.[0] ?? ''
    if (digits === '') return 'missing number'
    const unit = rest[digits.length]
    if (unit === undefined) return 'missing unit'
    const at = left.indexOf(unit)
    if (at < 0)
      return units.includes(unit)
        ? `unit ${quoteRune(unit.codePointAt(0) as number)} out of order`
        : `invalid unit ${quoteRune(unit.codePointAt(0) as number)}`
    left = left.slice(at + 1)
    rest = rest.slice(digits.length + 1)
  }
  return undefined
}

function duration(text: string): string | undefined {
  if (!text.startsWith('P')) return 'must start with P'
  const rest = text.slice(1)
  if (rest === '') return 'nothing after P'
  if (rest.endsWith('W')) {
    if (rest === 'W') return 'no number in week'
    return /^[0-9]+W$/.test(rest) ? undefined : 'invalid week'
  }
  for (const [i, part] of rest.split('T').entries()) {
    if (i !== 0 && part === '') return 'no time elements'
    if (i > 1) return 'more than one T'
    const wrong = durationPart(part, i === 0 ? 'YMD' : 'HMS')
    if (wrong !== undefined) return wrong
  }
  return undefined
}

function ipv4(text: string): string | undefined {
  const groups = text.split('.')
  if (groups.length !== 4) return 'expected four decimals'
  for (const group of groups) {
    if (group.length > 1 && group.startsWith('0')) return 'leading zeros'
    if (!/^[-+]?[0-9]+$/.test(group)) return `strconv.Atoi: parsing ${quote(group)}: invalid syntax`
    if (Number(group) < 0 || Number(group) > 255) return 'decimal must be between 0 and 255'
  }
  return undefined
}

function ipv6(text: string): string | undefined {
  if (!text.includes(':')) return 'missing colon'
  if (text.includes('%')) return 'zone id is not a part of ipv6 address'
  return isIPv6(text) ? undefined : `ParseAddr(${quote(text)}): unable to parse IP`
}

function hostname(text: string): string | undefined {
  const name = text.replace(/\.$/, '')
  if (Buffer.byteLength(name) > 253) return 'more than 253 characters long'
  for (const label of name.split('.')) {
    const length = Buffer.byteLength(label)
    if (length < 1 || length > 63) return 'label must be 1 to 63 characters long'
    if (label.startsWith('-')) return 'label starts with hyphen'
    if (label.endsWith('-')) return 'label ends with hyphen'
    const bad = [...label].find((c) => !/[a-zA-Z0-9-]/.test(c))
    if (bad !== undefined) return invalidCharacter(bad)
  }
  return undefined
}

function emailLocal(local: string): string | undefined {
  if (Buffer.byteLength(local) > 64) return 'local part more than 64 characters long'
  if (local.length > 1 && local.startsWith('"') && local.endsWith('"')) {
    return /[\\"]/.test(local.slice(1, -1)) ? 'backslash and quote are not allowed within quoted local part' : undefined
  }
  if (local.startsWith('.')) return 'starts with dot'
  if (local.endsWith('.')) return 'ends with dot'
  if (local.includes('..')) return 'consecutive dots'
  const bad = [...local].find((c) => !/[a-zA-Z0-9.!#$%&'*+\-/=?^_`{|}~]/.test(c))
  return bad === undefined ? undefined : invalidCharacter(bad)
}

function emailDomain(domain: string): string | undefined {
  if (!(domain.startsWith('[') && domain.endsWith(']'))) {
    const wrong = hostname(domain)
    return wrong === undefined ? undefined : `invalid domain: ${wrong}`
  }
  const address = domain.slice(1, -1)
  const isV6 = address.startsWith('IPv6:')
  const wrong = isV6 ? ipv6(address.slice(5)) : ipv4(address)
  return wrong === undefined ? undefined : `invalid ipv${isV6 ? 6 : 4} address: ${wrong}`
}

function email(text: string): string | undefined {
  if (Buffer.byteLength(text) > 254) return 'more than 255 characters long'
  const at = text.lastIndexOf('@')
  if (at < 0) return 'missing @'
  return emailLocal(text.slice(0, at)) ?? emailDomain(text.slice(at + 1))
}

/** The elements of a date with what may stand for them, as Go's layout 2006-01-02 names them. */
const DATE_ELEMENTS: readonly (readonly [pattern: RegExp, layout: string])[] = [
  [/^[0-9]{4}/, '2006'],
  [/^-/, '-'],
  [/^[0-9]{2}/, '01'],
  [/^-/, '-'],
  [/^[0-9]{2}/, '02'],
]

function date(text: string): string | undefined {
  const parsing = `parsing time ${quote(text)}`
  let rest = text
  const numbers: number[] = []
  for (const [pattern, layout] of DATE_ELEMENTS) {
    const found = pattern.exec(rest)?.[0]
    if (found === undefined) return `${parsing} as "2006-01-02": cannot parse ${quote(rest)} as ${quote(layout)}`
    if (layout !== '-') numbers.push(Number(found))
    rest = rest.slice(found.length)
    if (layout === '01' && (numbers[1] === 0 || (numbers[1] as number) > 12)) return `${parsing}: month out of range`
  }
  if (rest !== '') return `${parsing}: extra text: ${quote(rest)}`
  const [year, month, day] = numbers as [number, number, number]
  return day < 1 || day > new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate() ? `${parsing}: day out of range` : undefined
}

interface Clock {
  readonly hours: number
  readonly minutes: number
}

function offset(text: string, at: Clock): Clock | string {
  if (/^[zZ]$/.test(text)) return at
  if (Buffer.byteLength(text) !== 6) return 'offset must be 6 characters long'
  const sign = text[0] === '+' ? -1 : text[0] === '-' ? 1 : undefined
  if (sign === undefined) return 'offset must begin with plus/minus'
  if (text[3] !== ':') return 'missing colon in offset in correct place'
  if (!/^.[0-9]{2}:[0-9]{2}$/.test(text)) return 'invalid hour/min in offset'
  const hours = Number(text.slice(1, 3))
  const minutes = Number(text.slice(4))
  if (hours > 23 || minutes > 59) return 'hour/min in offset out of range'
  const total = at.hours * 60 + at.minutes + sign * (hours * 60 + minutes)
  const day = total < 0 ? total + 24 * 60 : total
  return { hours: Math.floor(day / 60), minutes: day % 60 }
}

function time(text: string): string | undefined {
  if (Buffer.byteLength(text) < 9) return 'less than 9 characters long'
  if (text[2] !== ':' || text[5] !== ':') return 'missing colon in correct place'
  if (!/^[0-9]{2}:[0-9]{2}:[0-9]{2}/.test(text)) return 'invalid hour/min/sec'
  const [hours, minutes, seconds] = text.slice(0, 8).split(':').map(Number) as [number, number, number]
  if (hours > 23 || minutes > 59 || seconds > 60) return 'hour/min/sec out of range'
  const fraction = /^\.[0-9]*/.exec(text.slice(8))?.[0] ?? ''
  if (fraction === '.') return 'no digits in second fraction'
  const utc = offset(text.slice(8 + fraction.length), { hours, minutes })
  if (typeof utc === 'string') return utc
  return seconds >= 60 && (utc.hours !== 23 || utc.minutes !== 59) ? 'invalid leap second' : undefined
}

function dateTime(text: string): string | undefined {
  if (Buffer.byteLength(text) < 20) return 'less than 20 characters long'
  if (!/[tT]/.test(text[10] as string)) return '11th character must be t or T'
  const wrongDate = date(text.slice(0, 10))
  if (wrongDate !== undefined) return `invalid date element: ${wrongDate}`
  const wrongTime = time(text.slice(11))
  return wrongTime === undefined ? undefined : `invalid time element: ${wrongTime}`
}

const labelled = (label: string, wrong: string | undefined): string | undefined => (wrong === undefined ? undefined : `${label}: ${wrong}`)

function period(text: string): string | undefined {
  const slash = text.indexOf('/')
  if (slash < 0) return 'missing slash'
  const start = text.slice(0, slash)
  const end = text.slice(slash + 1)
  if (start.startsWith('P')) return labelled('invalid start duration', duration(start)) ?? labelled('invalid end date-time', dateTime(end))
  const wrong = labelled('invalid start date-time', dateTime(start))
  if (wrong !== undefined) return wrong
  return end.startsWith('P') ? labelled('invalid end duration', duration(end)) : labelled('invalid end date-time', dateTime(end))
}

/** The mistakes Go's URL parser finds. */
function urlMistake(text: string): string | undefined {
  const parsing = `parse ${quote(text)}: `
  if (/[\x00-\x1f\x7f]/.test(text)) return `${parsing}net/url: invalid control character in URL`
  if (text.startsWith(':')) return `${parsing}missing protocol scheme`
  const badEscape = /%(?![0-9a-fA-F]{2}).{0,2}/.exec(text)?.[0]
  if (badEscape !== undefined) return `${parsing}invalid URL escape ${quote(badEscape)}`
  const hasScheme = /^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(text)
  if (!hasScheme && (text.split(/[/?#]/)[0] as string).includes(':')) return `${parsing}first path segment in URL cannot contain colon`
  const host = /^(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?\/\/(?:[^/?#@]*@)?([^/?#]*)/.exec(text)?.[1] ?? ''
  if (/[ "<>\\^`{|}]/.test(host)) return `${parsing}invalid character ${quote(/[ "<>\\^`{|}]/.exec(host)?.[0] as string)} in host name`
  const port = /:([^:\]]*)$/.exec(host)?.[1]
  if (port !== undefined && !/^[0-9]*$/.test(port)) return `${parsing}invalid port ${quote(`:${port}`)} after host`
  return undefined
}

function uri(text: string): string | undefined {
  const mistake = urlMistake(text)
  if (mistake !== undefined) return mistake
  return /^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(text) ? undefined : 'relative url'
}

function uriReference(text: string): string | undefined {
  return text.includes('\\') ? 'contains \\' : urlMistake(text)
}

function semver(text: string): string | undefined {
  const [beforeBuild, build] = cut(text, '+')
  if (build !== undefined) {
    if (build === '') return 'build is empty'
    const wrong = build
      .split('.')
      .map((part) => semverPart(part, 'build'))
      .find((w) => w !== undefined)
    if (wrong !== undefined) return wrong
  }
  const [core, preRelease] = cut(beforeBuild, '-')
  if (preRelease !== undefined) {
    for (const part of preRelease.split('.')) {
      const wrong = semverPart(part, 'pre-release')
      if (wrong !== undefined) return wrong
      if (/^0[0-9]+$/.test(part)) return 'pre-release numeric identifier starts with zero'
    }
  }
  return semverCore(core)
}

function cut(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

function semverPart(part: string, kind: string): string | undefined {
  if (part === '') return `${kind} identifier is empty`
  const bad = [...part].find((c) => !/[0-9a-zA-Z-]/.test(c))
  return bad === undefined ? undefined : `${invalidCharacter(bad)} in ${kind} identifier`
}

function semverCore(core: string): string | undefined {
  const numbers = core.split('.')
  if (numbers.length !== 3) return 'versionCore must have 3 numbers separated by dot'
  for (const [i, number] of numbers.entries()) {
    const name = ['major', 'minor', 'patch'][i] as string
    if (number === '') return `${name} is empty`
    if (number.length > 1 && number.startsWith('0')) return `${name} starts with zero`
    if (!/^[0-9]+$/.test(number)) return `${name} contains non-digit`
  }
  return undefined
}

/**
 * Checks by the name of the format; formats that are not here are not checked. `regex` is checked where expressions are compiled.
 *
 * Source: santhosh-tekuri/jsonschema 6 format.go
 */
export const formatChecks: ReadonlyMap<string, FormatCheck> = new Map<string, FormatCheck>([
  ['json-pointer', jsonPointer],
  ['relative-json-pointer', relativeJsonPointer],
  ['uuid', uuid],
  ['duration', duration],
  ['period', period],
  ['ipv4', ipv4],
  ['ipv6', ipv6],
  ['hostname', hostname],
  ['email', email],
  ['date', date],
  ['time', time],
  ['date-time', dateTime],
  ['uri', uri],
  ['iri', uri],
  ['uri-reference', uriReference],
  ['iri-reference', uriReference],
  ['uri-template', urlMistake],
  ['semver', semver],
])
