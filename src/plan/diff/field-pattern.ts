import { failure } from '../../base/diagnostic.ts'

/**
 * Steps into an object; `*` stands for any characters of a key or element, `**` for any number of steps. An element is meant by what
 * tells it apart or by its position.
 */
export type FieldPattern = readonly string[]

const SEGMENT = /\.?([A-Za-z_$*][\w$*-]*)|\["((?:[^"\\]|\\.)*)"\]|\[([^\]"]+)\]/y

/**
 * Reads a path as differences show it (`spec.containers[web].image`, `metadata.labels["helm.sh/chart"]`), with `*` for any key,
 * `[*]` for any element and `**` for any way, or a JSON pointer (`/spec/replicas`).
 *
 * @throws DiagnosticError `plan/field-path`
 */
export function parseFieldPattern(text: string): FieldPattern {
  if (text.startsWith('/')) {
    return text
      .slice(1)
      .split('/')
      .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
  }
  const steps: string[] = []
  SEGMENT.lastIndex = 0
  while (SEGMENT.lastIndex < text.length) {
    const at = SEGMENT.lastIndex
    const found = SEGMENT.exec(text)
    if (!found) throw badPath(text, at)
    steps.push(found[1] ?? (found[2] === undefined ? (found[3] as string) : found[2].replace(/\\(.)/g, '$1')))
  }
  if (steps.length === 0) throw badPath(text, 0)
  return steps
}

function badPath(text: string, at: number): Error {
  return failure('plan/field-path', `${JSON.stringify(text)} is no path to a field: what is ${JSON.stringify(text.slice(at, at + 20))}`, {
    hint: 'write it as spec.replicas, metadata.annotations["example.com/name"] or spec.template.spec.containers[*].image',
  })
}
