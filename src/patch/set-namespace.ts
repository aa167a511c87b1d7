import type { Document, Node } from 'yaml'
import { failure } from '../base/diagnostic.ts'

type Yaml = typeof import('yaml')

/** Scalars stay as they are written, whatever they would mean. */
const PARSE_OPTIONS = { schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' } as const
const WRITE_OPTIONS = { lineWidth: 0, indentSeq: true, flowCollectionPadding: false } as const

/** The text of a YAML stream whose objects without a namespace are in `namespace`; comments stay. */
export type SetNamespace = (text: string, namespace: string, name: string) => string

/**
 * Loads what sets namespaces. The function throws DiagnosticError `patch/not-an-object` for what is no YAML.
 * Source: chartify 0.28.2 set_namespace.go
 */
export async function namespaceSetter(): Promise<SetNamespace> {
  const yaml = await import('yaml')
  return (text, namespace, name) =>
    parsed(yaml, text, name)
      .map((document) => {
        setIn(yaml, document, namespace)
        return written(yaml, document)
      })
      .join('---\n')
}

function parsed(yaml: Yaml, text: string, name: string): readonly Document.Parsed[] {
  const documents = yaml.parseAllDocuments(text, PARSE_OPTIONS)
  if (!Array.isArray(documents)) return []
  const error = documents.flatMap((document) => document.errors)[0]
  if (error) throw failure('patch/not-an-object', `parsing yaml from ${name}: ${error.message.split('\n')[0]}`)
  return documents.filter((document) => document.contents !== null)
}

/** Objects without metadata are none of Kubernetes'. */
function setIn(yaml: Yaml, document: Document.Parsed, namespace: string): void {
  const metadata = yaml.isMap(document.contents) ? document.get('metadata') : undefined
  if (yaml.isMap(metadata) && !metadata.has('namespace')) metadata.set('namespace', document.createNode(namespace))
}

/** Blank lines between entries are not kept by the library that chartify uses. */
function written(yaml: Yaml, document: Document.Parsed): string {
  yaml.visit(document, {
    Node: (_, node) => {
      ;(node as Node & { spaceBefore?: boolean }).spaceBefore = false
    },
  })
  return document.toString(WRITE_OPTIONS)
}
