import { kindOf } from '../../go/kind.ts'
import { hostName, parseUrl, type Url, type UserInfo, urlString, userInfoString } from '../../go/net-url.ts'
import { GoError, type GoFunction, type GoMap, GoPanic } from '../../go/values.ts'
import { DICT, fixed } from './signature.ts'

function parsed(text: string, what: string): Url {
  try {
    return parseUrl(text)
  } catch (error) {
    if (error instanceof GoError) throw new GoPanic(`unable to parse ${what}: ${error.message}`)
    throw error
  }
}

function urlParse(text: string): GoMap {
  const url = parsed(text, 'url')
  return new Map(
    Object.entries({
      scheme: url.scheme,
      host: url.host,
      hostname: hostName(url.host),
      path: url.path,
      query: url.query,
      opaque: url.opaque,
      fragment: url.fragment,
      userinfo: url.user ? userInfoString(url.user) : '',
    }),
  )
}

/** A text entry; empty where there is none. */
function entry(map: GoMap | null, key: string): string {
  const value = map?.get(key)
  if (value === undefined) return ''
  if (typeof value === 'string') return value
  if (value === null) throw new GoPanic('runtime error: invalid memory address or nil pointer dereference')
  throw new GoPanic(`unable to parse ${key} key, must be of type string, but ${kindOf(value)} found`)
}

function userOf(info: string): UserInfo | undefined {
  return info === '' ? undefined : parsed(`proto://${info}@host`, 'userinfo in dict').user
}

function urlJoin(map: GoMap | null): string {
  const parts = {
    scheme: entry(map, 'scheme'),
    host: entry(map, 'host'),
    path: entry(map, 'path'),
    query: entry(map, 'query'),
    opaque: entry(map, 'opaque'),
    fragment: entry(map, 'fragment'),
  }
  return urlString({ ...parts, user: userOf(entry(map, 'userinfo')) })
}

/**
 * URLs taken apart and put together.
 *
 * Source: sprig 3.3.0 url.go; Go 1.26 net/url
 */
export const urlFunctions: ReadonlyMap<string, GoFunction> = new Map<string, GoFunction>([
  ['urlParse', fixed(['string'], urlParse)],
  ['urlJoin', fixed([DICT], urlJoin)],
])
