import { quote } from './quote.ts'
import { GoError } from './values.ts'

const BYTES = 16

/** How an IP address was written. */
export type AddressFamily = 'IPv4' | 'IPv6'

/**
 * Checks an IP address as Go's `netip.ParseAddr` does.
 *
 * @throws GoError with Go's text
 * Source: Go 1.26 net/netip
 */
export function checkAddress(text: string): AddressFamily {
  const mark = /[.:%]/.exec(text)?.[0]
  if (mark === '.') {
    checkFields4(text, text)
    return 'IPv4'
  }
  if (mark !== ':') throw refusal(text, mark === '%' ? 'missing IPv6 address' : 'unable to parse IP')
  checkIpv6(text)
  return 'IPv6'
}

function refusal(text: string, message: string, at = ''): GoError {
  return new GoError(`ParseAddr(${quote(text)}): ${message}${at && ` (at ${quote(at)})`}`)
}

/** `fields` is the dotted part of `text`. */
function checkFields4(text: string, fields: string): void {
  let dots = 0
  let octet = ''
  for (let i = 0; i < fields.length; i++) {
    const c = fields[i] as string
    if (c >= '0' && c <= '9') {
      if (octet === '0') throw refusal(text, 'IPv4 field has octet with leading zero')
      octet += c
      if (Number(octet) > 255) throw refusal(text, 'IPv4 field has value >255')
    } else if (c === '.') {
      if (octet === '' || i === fields.length - 1) throw refusal(text, 'IPv4 field must have at least one digit', fields.slice(i))
      if (dots === 3) throw refusal(text, 'IPv4 address too long')
      dots++
      octet = ''
    } else throw refusal(text, 'unexpected character', fields.slice(i))
  }
  if (dots < 3) throw refusal(text, 'IPv4 address too short')
}

function checkIpv6(text: string): void {
  const percent = text.indexOf('%')
  if (percent === text.length - 1) throw refusal(text, 'zone must be a non-empty string')
  let rest = percent < 0 ? text : text.slice(0, percent)
  let hasEllipsis = rest.startsWith('::')
  if (hasEllipsis) rest = rest.slice(2)
  if (hasEllipsis && rest === '') return
  let bytes = 0
  while (bytes < BYTES) {
    const digits = (/^[0-9a-fA-F]*/.exec(rest) as RegExpExecArray)[0]
    if (digits.length > 4) throw refusal(text, 'each group must have 4 or less digits', rest)
    if (digits === '') throw refusal(text, 'each colon-separated field must have at least one digit', rest)
    if (rest[digits.length] === '.') {
      checkEmbedded(text, rest, bytes, hasEllipsis)
      bytes += 4
      rest = ''
      break
    }
    bytes += 2
    rest = rest.slice(digits.length)
    if (rest === '') break
    if (!rest.startsWith(':')) throw refusal(text, 'unexpected character, want colon', rest)
    if (rest.length === 1) throw refusal(text, 'colon must be followed by more characters', rest)
    rest = rest.slice(1)
    if (rest.startsWith(':')) {
      if (hasEllipsis) throw refusal(text, 'multiple :: in address', rest)
      hasEllipsis = true
      rest = rest.slice(1)
      if (rest === '') break
    }
  }
  if (rest !== '') throw refusal(text, 'trailing garbage after address', rest)
  if (bytes < BYTES && !hasEllipsis) throw refusal(text, 'address string too short')
  if (bytes >= BYTES && hasEllipsis) throw refusal(text, 'the :: must expand to at least one field of zeros')
}

/** An IPv4 address as the last two fields of an IPv6 one. */
function checkEmbedded(text: string, fields: string, bytes: number, hasEllipsis: boolean): void {
  if (!hasEllipsis && bytes !== BYTES - 4) {
    throw refusal(text, 'embedded IPv4 address must replace the final 2 fields of the address', fields)
  }
  if (bytes + 4 > BYTES) throw refusal(text, 'too many hex fields to fit an embedded IPv4 at the end of the address', fields)
  checkFields4(text, fields)
}
