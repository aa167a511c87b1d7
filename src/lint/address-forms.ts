import { parseUrl, type Url } from '../go/net-url.ts'
import { compileRegexp, matches } from '../go/regexp.ts'

/** Letters beyond ASCII that an address may hold. */
const WIDE = '\\x{00A0}-\\x{D7FF}\\x{F900}-\\x{FDCF}\\x{FDF0}-\\x{FFEF}'
const ATOM = `[a-zA-Z0-9!#$%&'*+\\-/=?^_\`{|}~${WIDE}]+`
const FOLD = '(?:(?:[ \\t]*\\r\\n)?[ \\t]+)?'
/** Each character comes behind a quotation mark of its own: that is how the original has it. */
const QUOTED = `(?:"${FOLD}(?:[\\x01-\\x08\\x0b\\x0c\\x0e-\\x1f\\x21\\x23-\\x5b\\x5d-\\x7f${WIDE}]|\\([\\x01-\\x09\\x0b-\\x7f${WIDE}]))*${FOLD}"`
const LABEL = `[a-zA-Z0-9${WIDE}](?:[a-zA-Z0-9\\-._~${WIDE}]*[a-zA-Z0-9${WIDE}])?`
const LAST_LABEL = `[a-zA-Z${WIDE}](?:[a-zA-Z0-9\\-_~${WIDE}]*[a-zA-Z${WIDE}])?`
const EMAIL = `^(?:${ATOM}(?:\\.${ATOM})*|${QUOTED})@(?:${LABEL}\\.)+${LAST_LABEL}\\.?$`

/** Whether `text` has the form of an email address. Source: asaskevich/govalidator v0.0.0-20230301143203 (IsEmail) */
export function isEmail(text: string): boolean {
  return matches(compileRegexp(EMAIL), text)
}

const BYTE = '(?:[0-9]{1,2}|1[0-9]{2}|2[0-4][0-9]|25[0-5])'
const IPV4 = `(?:[1-9][0-9]?|1[0-9]{2}|2[01][0-9]|22[0-3]|24[0-9]|25[0-5])(?:\\.${BYTE}){3}`
const IPV6 = '\\[[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(?:%[0-9a-zA-Z]+)?\\]'
const WORD = '[a-zA-Z0-9\\x{00a1}-\\x{ffff}]'
const PREFIX =
  '(?:[a-zA-Z0-9][a-zA-Z0-9\\-_]*[a-zA-Z0-9](?:[\\-.][a-zA-Z0-9]+)*|www\\.|[a-zA-Z0-9]+(?:[\\-_.]?[a-zA-Z0-9])*[a-zA-Z0-9]\\.[a-zA-Z0-9]+)?'
const NAME = `${PREFIX}(?:${WORD}+-?-?)*${WORD}+(?:\\.[a-zA-Z\\x{00a1}-\\x{ffff}]+)?`
const WEB = `^(?:(?:ftp|tcp|udp|wss?|https?)://)?(?:\\S+(?::\\S*)?@)?(?:${IPV4}|${IPV6}|${NAME})\\.?(?::[0-9]{1,5})?(?:[/?#]\\S*)?$`

const MAX_LENGTH = 2083
const MIN_BYTES = 3

function parsed(text: string): Url | undefined {
  try {
    return parseUrl(text)
  } catch {
    // Whatever is wrong with it: it is no URL.
    return undefined
  }
}

/** Whether `text` reads like the address of a web page, its scheme left out or not. Source: as `isEmail` (IsURL) */
export function isWebAddress(text: string): boolean {
  if (text.startsWith('.') || [...text].length >= MAX_LENGTH || Buffer.byteLength(text) <= MIN_BYTES) return false
  const url = parsed(text.includes(':') && !text.includes('://') ? `http://${text}` : text)
  if (!url || url.host.startsWith('.')) return false
  if (url.host === '' && url.path !== '' && !url.path.includes('.')) return false
  return matches(compileRegexp(WEB), text)
}

/** Whether `text` is a URL with a scheme, as an HTTP request would name it. Source: as `isEmail` (IsRequestURL) */
export function isRequestUrl(text: string): boolean {
  // A request has no fragment: the mark belongs to the path, where it may stand, or to the host, where it may not.
  const url = parsed(text.replaceAll('#', '%23'))
  return url !== undefined && url.scheme !== ''
}
