/** Query parameters that say what was asked for and never let anyone in. */
const TELLING = new Set(['ref', 'service', 'scope', 'n', 'last', 'path', 'cache', 'depth', 'ns'])

const HAS_HOST = /^[a-z][a-z0-9+.-]*:\/\//i
/** What go-getter takes before a URL. */
const GETTER = /^(?:[a-z0-9]+::)+/i

/**
 * `url` as it may be shown: without user and password, every query value but harmless ones hidden. Texts that are no URL lose
 * everything up to an `@` in their first part.
 */
export function publicUrl(url: string | URL): string {
  const text = String(url)
  const getter = GETTER.exec(text)?.[0]
  if (getter !== undefined) return `${getter}${publicUrl(text.slice(getter.length))}`
  if (!HAS_HOST.test(text) || !URL.canParse(text)) return text.replace(/^([a-z+]+:\/\/)?[^/?#]*@/i, '$1')
  const shown = new URL(withoutUserInfo(text))
  for (const name of [...shown.searchParams.keys()]) if (!TELLING.has(name)) shown.searchParams.set(name, '***')
  const result = shown.href
  // The parser adds a slash that nobody wrote.
  return shown.pathname === '/' && shown.search === '' && !text.endsWith('/') ? result.slice(0, -1) : result
}

/** User and password of a URL, decoded; undefined where it has neither. */
export function userInfoOf(url: string): { readonly username: string; readonly password: string } | undefined {
  if (!URL.canParse(url)) return undefined
  const { username, password } = new URL(url)
  return username === '' && password === '' ? undefined : { username: decoded(username), password: decoded(password) }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A stray percent sign stands for itself.
    return text
  }
}

/** `url` without user and password; the user of ssh stays, for without one nobody gets anywhere. */
export function withoutUserInfo(url: string): string {
  if (!URL.canParse(url)) return url
  const parsed = new URL(url)
  if (parsed.username === '' && parsed.password === '') return url
  if (parsed.protocol !== 'ssh:') parsed.username = ''
  parsed.password = ''
  return parsed.href
}
