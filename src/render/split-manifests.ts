import { isSpace, trimSpace } from '../go/letter-case.ts'

const SEPARATOR = /(?<![^\n])---[ \t]*/

/** Go's `TrimLeftFunc(unicode.IsSpace)`. */
function trimStart(text: string): string {
  let start = 0
  while (start < text.length && isSpace(text.charAt(start))) start++
  return text.slice(start)
}

/**
 * The documents of a YAML stream: cut wherever a line starts with `---`, inside block scalars too; blank ones are left out, white
 * space before each goes.
 *
 * Source: Helm 4.3.1 pkg/release/v1/util/manifest.go (SplitManifests)
 */
export function splitManifests(stream: string): readonly string[] {
  return trimStart(stream)
    .split(SEPARATOR)
    .filter((document) => trimSpace(document) !== '')
    .map(trimStart)
}
