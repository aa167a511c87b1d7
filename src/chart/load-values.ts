import { DiagnosticError, failure } from '../base/diagnostic.ts'
import type { Source } from '../base/source.ts'
import { jsonKind } from '../go/json-kind.ts'
import type { GoMap, GoValue } from '../go/values.ts'
import { decodeYaml } from '../yaml/decode.ts'
import { YamlError } from '../yaml/yaml-error.ts'
import { conversionError } from './decode-struct.ts'
import { mergeValues } from './merge-values.ts'
import { prefixed } from './prefixed-error.ts'

/** One document and where it starts in its file. */
interface Part {
  readonly document: Source
  readonly offset: number
}

/**
 * The documents of `source`, cut at lines that start with `---`.
 *
 * @throws DiagnosticError `chart/document-separator` for anything but a comment behind `---`
 * Source: k8s.io/apimachinery pkg/util/yaml (YAMLReader.Read)
 */
function documentsOf(source: Source): readonly Part[] {
  if (!source.text.startsWith('---') && !source.text.includes('\n---')) return source.text === '' ? [] : [{ document: source, offset: 0 }]
  const parts: Part[] = []
  let start = 0
  let at = 0
  const close = (end: number): void => {
    if (end > start) parts.push({ document: { name: source.name, text: source.text.slice(start, end) }, offset: start })
  }
  for (const line of source.text.split('\n')) {
    if (line.startsWith('---')) {
      checkSeparator(line, source, at)
      if (at > start) {
        close(at)
        start = at + line.length + 1
      }
    }
    at += line.length + 1
  }
  close(source.text.length)
  return parts
}

function checkSeparator(line: string, source: Source, at: number): void {
  const rest = line.slice(3).trim()
  if (rest === '' || rest.startsWith('#')) return
  const summary = `error reading yaml document: invalid Yaml document separator: ${rest}`
  throw failure('chart/document-separator', summary, { at: { source, start: at, end: at + line.length } })
}

/** Positions in a part as positions in the whole file; the wording keeps the part's own lines, as Helm's does. */
function relocated(error: unknown, part: Part, source: Source): unknown {
  if (!(error instanceof DiagnosticError)) return error
  const diagnostics = error.diagnostics.map((d) =>
    d.at?.source === part.document ? { ...d, at: { source, start: d.at.start + part.offset, end: d.at.end + part.offset } } : d,
  )
  return new DiagnosticError(diagnostics, { cause: error.cause ?? error })
}

function decodeDocument(document: Source): GoValue {
  try {
    return decodeYaml(document, 'helm')
  } catch (error) {
    throw error instanceof YamlError ? conversionError(error) : error
  }
}

function valuesOf(document: Source): GoMap {
  const value = decodeDocument(document)
  if (value === null) return new Map()
  if (value instanceof Map) return value
  const summary = `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${jsonKind(value)} into Go value of type map[string]interface {}`
  throw failure('chart/values-not-a-map', summary, { at: { source: document, start: 0, end: 0 } })
}

/**
 * The values in a values file of one or more documents, later documents laid over earlier ones.
 *
 * @throws DiagnosticError in Helm's words: `chart/document-separator`, `chart/values-not-a-map`, `chart/yaml`
 * Source: Helm 4.3.1 pkg/chart/v2/loader/load.go (LoadValues)
 */
export function loadValues(source: Source): GoMap {
  // Helm ends the last line where the file does not: a block scalar there keeps a line break.
  const ended = source.text === '' || source.text.endsWith('\n') ? source : { name: source.name, text: `${source.text}\n` }
  let values: GoMap = new Map()
  for (const part of documentsOf(ended)) {
    try {
      values = mergeValues(values, valuesOf(part.document))
    } catch (error) {
      throw prefixed('cannot unmarshal yaml document', relocated(error, part, ended))
    }
  }
  return values
}
