import type { Source } from '../base/source.ts'
import { type Plain, toPlain } from '../go/plain.ts'
import type { GoValue } from '../go/values.ts'
import { parseFirstDocument, parseYaml } from './compose.ts'
import { decodeHelm } from './decode-helm.ts'
import { decodeHelmfile } from './decode-helmfile.ts'
import type { Dialect } from './dialect.ts'
import type { YamlNode } from './node.ts'
import { Parser } from './parser.ts'
import { quickDecode } from './quick-decode.ts'

export interface DecodeOptions {
  /** A key that stands twice in one map is an error. `helmfile` always minds. */
  readonly strict?: boolean
}

/**
 * The Go value of a node; null for the root of an empty document.
 *
 * @throws YamlError `yaml/type`, `yaml/merge`, `yaml/map-key`, `yaml/not-json`, `yaml/duplicate-key`, `yaml/excessive-aliasing`, `yaml/alias-cycle`
 */
export function decodeNode(node: YamlNode | null, dialect: Dialect, options: DecodeOptions = {}): GoValue {
  return dialect === 'helm' ? decodeHelm(node, options) : decodeHelmfile(node)
}

/**
 * The Go value of the first document, null where there is none. What follows it is not read, as in Go's `Unmarshal`.
 *
 * @throws YamlError as `parseYaml` and `decodeNode`
 */
export function decodeYaml(source: Source, dialect: Dialect, options: DecodeOptions = {}): GoValue {
  const quick = dialect === 'helm' && !options.strict ? quickDecode(source.text) : undefined
  if (quick !== undefined) return quick
  return decodeNode(parseFirstDocument(source, dialect)?.root ?? null, dialect, options)
}

/** The Go values of all documents, empty ones as null; each is decoded before the next is read. @throws YamlError as `decodeYaml` */
export function decodeYamlAll(source: Source, dialect: Dialect, options: DecodeOptions = {}): GoValue[] {
  const parser = new Parser(source, dialect)
  const values: GoValue[] = []
  for (let document = parser.nextDocument(); document; document = parser.nextDocument()) values.push(decodeNode(document.root, dialect, options))
  return values
}

/** All documents of a Kubernetes manifest stream as JSON values, empty documents left out. @throws YamlError as `decodeYaml` */
export function decodePlain(source: Source): Plain[] {
  return parseYaml(source, 'helm').flatMap((document) => (document.root === null ? [] : [toPlain(decodeHelm(document.root))]))
}
