import type { HelmCompat } from '../chart/helm-compat.ts'
import { isSpace, trimSpace } from '../go/letter-case.ts'

const SEPARATOR = /(?<![^\n])---[ \t]*/

/** Go's `TrimLeftFunc(unicode.IsSpace)`. */
function trimStart(text: string): string {
  let start = 0
  while (start < text.length && isSpace(text.charAt(start))) start++
  return text.slice(start)
}

const isGoSpace = (character: string | undefined): boolean => character !== undefined && '\t\n\f\r '.includes(character)

/** Cuts at `---` together with all white space around it, before it only behind a line break: Go's `(?:^|\s*\n)---\s*`. */
function cutWithBlanks(text: string): readonly string[] {
  const parts: string[] = []
  let from = 0
  for (let at = text.indexOf('---'); at >= 0; ) {
    const isFirst = at === 0
    if (!isFirst && !(at > from && text[at - 1] === '\n')) {
      at = text.indexOf('---', at + 1)
      continue
    }
    let start = at
    while (start > from && isGoSpace(text[start - 1])) start--
    parts.push(text.slice(from, start))
    from = at + '---'.length
    while (isGoSpace(text[from])) from++
    at = text.indexOf('---', from)
  }
  return [...parts, text.slice(from)]
}

/**
 * The documents of a YAML stream: cut wherever a line starts with `---`, inside block scalars too; blank ones are left out, white
 * space before each goes. Helms before 4.3 take the white space before a cut with it, Helm 3 that at the end of the stream, too.
 *
 * Source: pkg/release/v1/util/manifest.go of Helm 4.3.1 and 4.2.3, pkg/releaseutil/manifest.go of 3.18.6 (SplitManifests)
 */
export function splitManifests(stream: string, compat: HelmCompat = '4'): readonly string[] {
  const parts = compat === '4' ? trimStart(stream).split(SEPARATOR) : cutWithBlanks(trimStart(stream))
  return parts.filter((document) => trimSpace(document) !== '').map(compat === '3' ? trimSpace : trimStart)
}
