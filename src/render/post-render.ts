import type { Document, Node } from 'yaml'
import { failure } from '../base/diagnostic.ts'
import { prefixed } from '../chart/prefixed-error.ts'
import { compareBytes } from '../go/values.ts'
import { splitManifests } from './split-manifests.ts'

/** Gets all documents of a render as one YAML stream and gives back another. */
export type PostRenderer = (stream: string) => Promise<string> | string

type Yaml = typeof import('yaml')

/** Tells each document's template while somebody else works on it. */
const PATH_ANNOTATION = 'postrenderer.helm.sh/postrender-filename'
const ANNOTATION: readonly string[] = ['metadata', 'annotations', PATH_ANNOTATION]

/** Scalars stay as they are written, whatever they would mean. */
const PARSE_OPTIONS = { schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' } as const
const WRITE_OPTIONS = { lineWidth: 0, indentSeq: false, flowCollectionPadding: false } as const

function parseAll(yaml: Yaml, text: string): readonly Document.Parsed[] {
  const documents = yaml.parseAllDocuments(text, PARSE_OPTIONS)
  if (!Array.isArray(documents)) return []
  const error = documents.flatMap((document) => document.errors)[0]
  if (error) throw failure('render/post-render', error.message.split('\n')[0] as string)
  return documents.filter((document) => document.contents !== null)
}

/** Blank lines between entries are not kept by the library that Helm uses here. */
function write(yaml: Yaml, document: Document.Parsed): string {
  yaml.visit(document, {
    Node: (_, node) => {
      ;(node as Node & { spaceBefore?: boolean }).spaceBefore = false
    },
  })
  return document.toString(WRITE_OPTIONS)
}

function annotate(yaml: Yaml, document: Document.Parsed, path: string): void {
  if (!yaml.isMap(document.contents)) throw failure('render/post-render', `annotating ${path}: wrong node kind: expected MappingNode`)
  const value = document.createNode(path) as Node & { type?: string }
  value.type = 'QUOTE_SINGLE'
  document.setIn(ANNOTATION, value)
}

function withoutAnnotation(yaml: Yaml, document: Document.Parsed): void {
  if (!document.hasIn(ANNOTATION)) return
  document.deleteIn(ANNOTATION)
  const annotations = document.getIn(ANNOTATION.slice(0, 2))
  if (yaml.isMap(annotations) && annotations.items.length === 0) document.deleteIn(ANNOTATION.slice(0, 2))
}

function merged(yaml: Yaml, templates: ReadonlyMap<string, string>): string {
  const documents: string[] = []
  for (const path of [...templates.keys()].sort(compareBytes)) {
    if (path.slice(path.lastIndexOf('/') + 1).startsWith('_')) continue
    for (const text of splitManifests(templates.get(path) as string)) {
      for (const document of parsing(`parsing ${path}`, () => parseAll(yaml, text))) {
        annotate(yaml, document, path)
        documents.push(write(yaml, document))
      }
    }
  }
  return documents.join('---\n')
}

function parsing<T>(what: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw prefixed(what, error, 'render/post-render')
  }
}

function split(yaml: Yaml, stream: string): ReadonlyMap<string, string> {
  const byPath = new Map<string, string[]>()
  for (const [i, document] of parseAll(yaml, stream).entries()) {
    const named = document.getIn(ANNOTATION)
    const path = typeof named === 'string' && named !== '' ? named : `generated-by-postrender-${i}.yaml`
    if (yaml.isMap(document.contents)) withoutAnnotation(yaml, document)
    byPath.set(path, [...(byPath.get(path) ?? []), write(yaml, document)])
  }
  return new Map([...byPath].map(([path, documents]) => [path, documents.join('---\n')]))
}

/**
 * Rendered templates (text by path) as `postRenderer` changes them: it gets all documents, hooks included, in one stream, and what
 * it gives back goes to the templates that the documents came from. Documents that it adds get paths of their own.
 *
 * @throws DiagnosticError `render/post-render`, and what `postRenderer` throws
 * Source: Helm 4.3.1 pkg/action/action.go (annotateAndMerge, splitAndDeannotate)
 */
export async function postRender(templates: ReadonlyMap<string, string>, postRenderer: PostRenderer): Promise<ReadonlyMap<string, string>> {
  const yaml = await import('yaml')
  const stream = parsing('error merging manifests', () => merged(yaml, templates))
  const changed = await postRenderer(stream)
  return parsing('error while parsing post rendered output: error parsing YAML', () => split(yaml, changed))
}
