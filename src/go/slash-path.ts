/**
 * Go's `path` package: paths with slashes, without looking at any disk. On Unix `path/filepath` gives the same.
 *
 * Source: Go 1.26 path/path.go
 */

/** The shortest equal path; empty becomes `.`. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith('/')
  const kept: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') kept.push(part)
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop()
    else if (!rooted) kept.push(part)
  }
  return (rooted ? '/' : '') + kept.join('/') || '.'
}

/** All but the last element, cleaned. */
export function dirName(path: string): string {
  return cleanPath(path.slice(0, path.lastIndexOf('/') + 1))
}

/** The last element without slashes after it; `.` for an empty path, `/` for slashes only. */
export function baseName(path: string): string {
  if (path === '') return '.'
  let end = path.length
  while (end > 0 && path[end - 1] === '/') end--
  return path.slice(path.lastIndexOf('/', end - 1) + 1, end) || '/'
}

/** From the last dot of the last element on; empty where there is none. */
export function extension(path: string): string {
  const dot = path.lastIndexOf('.')
  return dot > path.lastIndexOf('/') ? path.slice(dot) : ''
}

export function isAbsolute(path: string): boolean {
  return path.startsWith('/')
}
