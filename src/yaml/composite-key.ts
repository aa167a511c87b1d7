import type { Dialect } from './dialect.ts'
import { goSyntax, typedValue } from './go-syntax.ts'
import type { YamlNode } from './node.ts'
import { QUOTED_BRACES } from './syntax-hint.ts'
import { YamlError } from './yaml-error.ts'

/** What go-yaml says of a mapping key that is a list or a map. */
export function compositeKey(node: YamlNode, dialect: Dialect): YamlError {
  const summary = `invalid map key: ${goSyntax(typedValue(node, dialect), dialect)}`
  const { source, start } = node.span
  const hint = source.text.startsWith('{{', start - 1) ? { hint: QUOTED_BRACES } : {}
  return new YamlError(`yaml: ${summary}`, { code: 'yaml/map-key', severity: 'error', summary, at: node.span, ...hint })
}
