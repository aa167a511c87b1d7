import { GoError, type GoMap, type GoValue } from '../go/values.ts'

type Cursor = string | number

const MAX_INDEX = 10_000

function indexIn(text: string): number {
  if (/^[0-9]{1,5}$/.test(text) && Number(text) <= MAX_INDEX) return Number(text)
  throw new GoError(text === '' ? 'missing index value' : `"${text}" is no index of a list`)
}

/** `[a.b/c]` where a key is expected is that key; behind a key it is an index. */
function cursorsOf(path: string): readonly Cursor[] {
  const cursors: Cursor[] = []
  let at = 0
  let expectsKey = true
  while (at < path.length) {
    if (path[at] === '[') {
      const end = path.indexOf(']', at)
      if (end < 0) throw new GoError('unexpected end of')
      const inside = path.slice(at + 1, end)
      cursors.push(expectsKey ? inside : indexIn(inside))
      expectsKey = false
      at = end + 1
    } else if (path[at] === '.') {
      expectsKey = true
      at++
    } else {
      const [key = ''] = /^[^.[\]{},=]+/.exec(path.slice(at)) ?? []
      if (!expectsKey || key === '') throw new GoError(`invalid token found ${path[at]}`)
      cursors.push(key)
      expectsKey = false
      at += key.length
    }
  }
  if (expectsKey) throw new GoError(path === '' ? 'set path is empty' : 'unexpected end of')
  return cursors
}

/**
 * Values in which `path` (`a.b[0].c`, `a.[dotted.key]`) leads to `value`, and nothing else is.
 *
 * @throws GoError for a path that cannot be read
 * Source: helm-unittest 1.1.2 pkg/unittest/valueutils (BuildValueOfSetPath)
 */
export function valuesAtPath(path: string, value: GoValue): GoMap {
  const built = cursorsOf(path).reduceRight<GoValue>((inner, cursor) => {
    if (typeof cursor === 'string') return new Map([[cursor, inner]])
    return [...Array.from({ length: cursor }, (): GoValue => null), inner]
  }, value)
  return built as GoMap
}
