import { fromByteString, toByteString } from './byte-slice.ts'
import { checkAddress } from './net-address.ts'
import { quote } from './quote.ts'
import { GoError } from './values.ts'

/** A URL in parts, unescaped but for `rawPath`, `query` and `opaque`. Texts are Go strings. */
export interface Url {
  readonly scheme: string
  /** Everything after the scheme when no slash follows it. */
  readonly opaque: string
  readonly user: UserInfo | undefined
  /** Host, or host and port. */
  readonly host: string
  readonly path: string
  /** The path as written, where escaping `path` again would give another text. */
  readonly rawPath: string
  readonly query: string
  readonly fragment: string
}

export interface UserInfo {
  readonly name: string
  /** Undefined where there was no colon. */
  readonly password: string | undefined
}

type Part = 'path' | 'host' | 'zone' | 'user' | 'fragment'

const LETTERS = '0-9A-Za-z\\-_.~'
/** The bytes that stand for themselves in each part. */
const PLAIN: Readonly<Record<Part, RegExp>> = {
  path: new RegExp(`^[${LETTERS}$&+,/:;=@]$`),
  host: new RegExp(`^[${LETTERS}!"$&'()*+,:;<=>\\[\\]]$`),
  zone: new RegExp(`^[${LETTERS}!"$&'()*+,:;<=>\\[\\]]$`),
  user: new RegExp(`^[${LETTERS}$&+,;=]$`),
  fragment: new RegExp(`^[${LETTERS}!$&()*+,/:;=?@]$`),
}

/**
 * Reads a URL as Go's `url.Parse` does.
 *
 * @throws GoError with Go's text
 * Source: Go 1.26 net/url
 */
export function parseUrl(text: string): Url {
  const [beforeHash, fragment] = cut(toByteString(text), '#')
  const url = naming(beforeHash, () => parseParts(beforeHash))
  return textual({ ...url, fragment: naming(toByteString(text), () => unescaped(fragment, 'fragment')) })
}

/** Says in an error which text was read. */
function naming<T>(bytes: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof GoError) throw new GoError(`parse ${quote(fromByteString(bytes))}: ${error.message}`)
    throw error
  }
}

function textual(url: Url): Url {
  const user = url.user && {
    name: fromByteString(url.user.name),
    password: url.user.password === undefined ? undefined : fromByteString(url.user.password),
  }
  const [opaque, host, path, rawPath, query, fragment] = [url.opaque, url.host, url.path, url.rawPath, url.query, url.fragment].map(fromByteString)
  return { scheme: url.scheme, user, opaque, host, path, rawPath, query, fragment } as Url
}

function cut(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + mark.length)]
}

const EMPTY: Url = { scheme: '', opaque: '', user: undefined, host: '', path: '', rawPath: '', query: '', fragment: '' }

function parseParts(bytes: string): Url {
  if (/[\x00-\x1f\x7f]/.test(bytes)) throw new GoError('net/url: invalid control character in URL')
  if (bytes === '*') return { ...EMPTY, path: '*' }
  const { scheme, afterScheme } = cutScheme(bytes)
  const [rest, query] = cut(afterScheme, '?')
  if (!rest.startsWith('/')) {
    if (scheme !== '') return { ...EMPTY, scheme, opaque: rest, query }
    if (cut(rest, '/')[0].includes(':')) throw new GoError('first path segment in URL cannot contain colon')
  }
  const hasAuthority = rest.startsWith('//') && (scheme !== '' || !rest.startsWith('///'))
  if (!hasAuthority) return { ...EMPTY, scheme, query, ...pathOf(rest) }
  const slash = rest.indexOf('/', 2)
  const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash)
  return { ...EMPTY, scheme, query, ...parseAuthority(scheme, authority), ...pathOf(slash < 0 ? '' : rest.slice(slash)) }
}

function cutScheme(bytes: string): { scheme: string; afterScheme: string } {
  if (bytes.startsWith(':')) throw new GoError('missing protocol scheme')
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(bytes)
  if (!match) return { scheme: '', afterScheme: bytes }
  return { scheme: (match[1] as string).toLowerCase(), afterScheme: bytes.slice(match[0].length) }
}

function pathOf(raw: string): Pick<Url, 'path' | 'rawPath'> {
  const path = unescaped(raw, 'path')
  return { path, rawPath: escaped(path, 'path') === raw ? '' : raw }
}

function parseAuthority(scheme: string, authority: string): Pick<Url, 'user' | 'host'> {
  const at = authority.lastIndexOf('@')
  const host = parseHost(scheme, authority.slice(at + 1))
  if (at < 0) return { user: undefined, host }
  const info = authority.slice(0, at)
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(info)) throw new GoError('net/url: invalid userinfo')
  const [name, password] = cut(info, ':')
  return { host, user: { name: unescaped(name, 'user'), password: info.includes(':') ? unescaped(password, 'user') : undefined } }
}

function checkPort(port: string): void {
  if (!/^(:[0-9]*)?$/.test(port)) throw new GoError(`invalid port ${quote(fromByteString(port))} after host`)
}

function parseHost(scheme: string, host: string): string {
  const bracket = host.lastIndexOf('[')
  if (bracket > 0) throw new GoError('invalid IP-literal')
  if (bracket === 0) return parseBracketed(host)
  const first = host.indexOf(':')
  if (first >= 0) checkPort(host.slice(scheme === 'http' || scheme === 'https' ? first : host.lastIndexOf(':')))
  return unescaped(host, 'host')
}

/** An IPv6 address in brackets, perhaps with a zone and a port. */
function parseBracketed(host: string): string {
  const close = host.lastIndexOf(']')
  if (close < 0) throw new GoError("missing ']' in host")
  const port = host.slice(close + 1)
  checkPort(port)
  const inside = host.slice(1, close)
  const zone = inside.indexOf('%25')
  const name = zone < 0 ? unescaped(inside, 'host') : unescaped(inside.slice(0, zone), 'host') + unescaped(inside.slice(zone), 'zone')
  if (familyOf(name) === 'IPv4') throw new GoError('invalid IP-literal')
  return `[${name}]${port}`
}

function familyOf(address: string): string {
  try {
    return checkAddress(address)
  } catch (error) {
    if (error instanceof GoError) throw new GoError(`invalid host: ${error.message}`)
    throw error
  }
}

function unescaped(bytes: string, part: Part): string {
  const inHost = part === 'host' || part === 'zone'
  return bytes.replace(/%([0-9A-Fa-f]{2})?|[^%]/gs, (match: string, hex: string | undefined, at: number) => {
    if (match[0] !== '%') {
      if (inHost && match < '\x80' && !PLAIN[part].test(match)) throw new GoError(`invalid character ${quote(match)} in host name`)
      return match
    }
    if (hex === undefined) throw new GoError(`invalid URL escape ${quote(fromByteString(bytes.slice(at, at + 3)))}`)
    const byte = String.fromCharCode(Number.parseInt(hex, 16))
    const wrong = part === 'host' ? byte < '\x80' : part === 'zone' && byte !== ' ' && !PLAIN.host.test(byte)
    if (wrong && match !== '%25') throw new GoError(`invalid URL escape ${quote(match)}`)
    return byte
  })
}

function escaped(bytes: string, part: Part): string {
  return bytes.replace(/./gs, (byte) => (PLAIN[part].test(byte) ? byte : `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`))
}

const escapeText = (text: string, part: Part): string => escaped(toByteString(text), part)

/** User name and password as they stand in a URL. */
export function userInfoString(user: UserInfo): string {
  const password = user.password === undefined ? '' : `:${escapeText(user.password, 'user')}`
  return escapeText(user.name, 'user') + password
}

/** The host without port and brackets. */
export function hostName(host: string): string {
  const withoutPort = host.replace(/:[0-9]*$/, '')
  return withoutPort.startsWith('[') && withoutPort.endsWith(']') ? withoutPort.slice(1, -1) : withoutPort
}

/** A URL put together from its parts, each escaped as its place needs it (`rawPath` plays no part). */
export function urlString(url: Omit<Url, 'rawPath'>): string {
  const start = url.scheme && `${url.scheme}:`
  const end = (url.query && `?${url.query}`) + (url.fragment && `#${escapeText(url.fragment, 'fragment')}`)
  return start + (url.opaque || hierarchy(url, start === '')) + end
}

function hierarchy(url: Omit<Url, 'rawPath'>, isStart: boolean): string {
  const hasAuthority = url.host !== '' || url.user !== undefined || (url.scheme !== '' && url.path !== '')
  const user = url.user ? `${userInfoString(url.user)}@` : ''
  const authority = hasAuthority ? `//${user}${escapeText(url.host, 'host')}` : ''
  const path = url.path === '*' ? '*' : escapeText(url.path, 'path')
  const slash = path !== '' && !path.startsWith('/') && url.host !== '' ? '/' : ''
  const dot = isStart && authority === '' && slash === '' && (path.split('/')[0] as string).includes(':') ? './' : ''
  return authority + slash + dot + path
}
