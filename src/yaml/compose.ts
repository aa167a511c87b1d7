import type { Source } from '../base/source.ts'
import type { Dialect } from './dialect.ts'
import type { YamlDocument } from './node.ts'
import { Parser } from './parser.ts'

/*
 * The YAML codec. In: a source. Out: documents of nodes whose spans point into it, or Go values (`decode.ts`); back to text in
 * `encode.ts`. What must stay true: the same text gives the same values, the same errors and the same bytes as the Go
 * libraries under Helm and Helmfile do, dialect by dialect. Errors are `YamlError`s, which keep Go's own sentence.
 */

/**
 * Every document of a stream, as nodes.
 *
 * @throws YamlError `yaml/syntax`, `yaml/unknown-anchor`, `yaml/too-deep`
 * Source: go.yaml.in/yaml v2.4.4 for `helm`, v3.0.5 for `helmfile`
 */
export function parseYaml(source: Source, dialect: Dialect): readonly YamlDocument[] {
  const parser = new Parser(source, dialect)
  const documents: YamlDocument[] = []
  for (let document = parser.nextDocument(); document; document = parser.nextDocument()) documents.push(document)
  return documents
}

/**
 * The first document of a stream, undefined when there is none. What stands behind it is not looked at, as in Go's `Unmarshal`.
 *
 * @throws YamlError as `parseYaml`
 */
export function parseFirstDocument(source: Source, dialect: Dialect): YamlDocument | undefined {
  return new Parser(source, dialect).nextDocument()
}
