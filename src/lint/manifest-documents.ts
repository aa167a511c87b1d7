import type { Source } from '../base/source.ts'
import { type DecodedStruct, decodeStruct, type StructShape } from '../chart/decode-struct.ts'
import { decodeJson, JsonSyntaxError } from '../go/json-decode.ts'
import { GoError } from '../go/values.ts'

/** What rules look at in an object. */
export interface ManifestHead {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
}

const TEXT = { kind: 'string' } as const
const METADATA: StructShape = { kind: 'struct', name: 'k8sYamlMetadata', goType: 'rules.k8sYamlMetadata', fields: { Namespace: TEXT, Name: TEXT } }
const HEAD: StructShape = {
  kind: 'struct',
  name: 'k8sYamlStruct',
  goType: 'rules.k8sYamlStruct',
  fields: { apiVersion: TEXT, Kind: TEXT, Metadata: METADATA },
}

function headOf({ fields, value }: DecodedStruct): ManifestHead | undefined {
  if (value === null) return undefined
  const text = (key: string): string => (fields.get(key) as string | undefined) ?? ''
  const metadata = (fields.get('Metadata') ?? new Map()) as ReadonlyMap<string, string>
  return { apiVersion: text('apiVersion'), kind: text('Kind'), name: metadata.get('Name') ?? '' }
}

/** The documents of a stream: a line that starts with `---` ends one, and stands in it where nothing was before it. */
function* documentsOf(text: string): Generator<string> {
  let document = ''
  for (const line of text.replace(/\n$/, '').split('\n')) {
    if (line.startsWith('---')) {
      const rest = line.slice('---'.length).trim()
      if (rest !== '' && !rest.startsWith('#')) throw new Error(`invalid Yaml document separator: ${rest}`)
      if (document !== '') {
        yield document
        document = ''
        continue
      }
    }
    document += `${line.endsWith('\r') ? line.slice(0, -1) : line}\n`
  }
  if (document !== '') yield document
}

/** Why `text` is no JSON, though it starts like it; undefined when it is. What stands behind a first document is no reason. */
function jsonFault(text: string): Error | undefined {
  try {
    decodeJson(text)
    return undefined
  } catch (error) {
    if (error instanceof JsonSyntaxError) return new Error(`json: offset ${error.offset}: ${error.message}`, { cause: error })
    if (error instanceof GoError) return new Error('unexpected EOF', { cause: error })
    throw error
  }
}

/** Gives the head of a document; `fault` is what is wrong with it as JSON, which Helm tries first and tells of. */
function readHead(source: Source, fault: Error | undefined): ManifestHead | undefined {
  try {
    return headOf(decodeStruct(source, HEAD))
  } catch (error) {
    throw fault ?? error
  }
}

/**
 * The heads of the objects in `text`, one after the other; empty documents are passed over.
 *
 * @throws DiagnosticError | Error in Helm's words where a document is no YAML or its head does not fit; what came before was given
 * Source: k8s.io/apimachinery 0.37.1 pkg/util/yaml/decoder.go (YAMLOrJSONDecoder)
 */
export function* manifestHeads(name: string, text: string): Generator<ManifestHead> {
  const looksLikeJson = text.trimStart().startsWith('{')
  let fault = looksLikeJson ? jsonFault(text) : undefined
  for (const document of looksLikeJson && !fault ? [text] : documentsOf(text)) {
    const head = readHead({ name, text: document }, fault)
    fault = undefined
    if (head) yield head
  }
}

const LIST: StructShape = {
  kind: 'struct',
  name: '',
  goType: 'struct { Items []struct { Metadata struct { Annotations map[string]string } } }',
  fields: {
    Items: {
      kind: 'list',
      of: {
        kind: 'struct',
        name: '',
        goType: 'struct { Metadata struct { Annotations map[string]string } }',
        fields: {
          Metadata: {
            kind: 'struct',
            name: '',
            goType: 'struct { Annotations map[string]string }',
            fields: { Annotations: { kind: 'map', of: TEXT } },
          },
        },
      },
    },
  },
}

type Fields = ReadonlyMap<string, unknown>

/** The annotations of the items of the List in the first document. @throws DiagnosticError in Helm's words */
export function listAnnotations(source: Source): readonly Fields[] {
  const items = (decodeStruct(source, LIST).fields.get('Items') ?? []) as readonly (Record<string, unknown> | Fields | null)[]
  return items.flatMap((item) => {
    const metadata = item instanceof Map ? (item.get('Metadata') as Fields | undefined) : undefined
    const annotations = metadata?.get('Annotations') as Fields | undefined
    return annotations ? [annotations] : []
  })
}
