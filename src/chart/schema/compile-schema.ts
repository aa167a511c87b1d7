import { stringFromBytes } from '../../go/bytes.ts'
import { quote } from '../../go/quote.ts'
import { GoError } from '../../go/values.ts'
import { Compiler, type Schema } from './compile.ts'
import { quoted, violationLines } from './display.ts'
import { type Json, parseSchema } from './parse-schema.ts'
import { encodeFragment } from './pointer.ts'
import { Resources, type Root, resourceAt } from './resources.ts'
import { validate } from './validate.ts'

/** The name Helm gives a chart's schema. */
const SCHEMA_URL = 'file:///values.schema.json'

const metaCompiler: { compiler?: Compiler } = {}

/** The compiled metaschema of a draft. */
function metaschemaOf(url: string): Schema {
  metaCompiler.compiler ??= new Compiler(new Resources(() => undefined), { assertFormats: true })
  return metaCompiler.compiler.compile(url)
}

/** @throws GoError when `value` is no schema of its draft */
function checkAgainstMetaschema(root: Root, value: Json, pointer: string): void {
  if (root.url !== SCHEMA_URL) return
  const { url } = resourceAt(root, pointer).draft
  const violations = validate(value, metaschemaOf(url))
  if (!violations) return
  const where = quote(`${root.url}#${encodeFragment(pointer)}`)
  throw new GoError(
    [`${where} is not valid against metaschema: jsonschema validation failed with ${quoted(`${url}#`)}`, ...violationLines(violations)].join('\n'),
  )
}

/** A compiled schema, or why there is none; and the `urn:` references nobody could resolve. */
export interface CompiledSchema {
  readonly schema?: Schema
  /** In the words of Helm's validator. */
  readonly error?: string
  readonly unresolvedUrns: readonly string[]
}

const compiled = new WeakMap<Uint8Array, CompiledSchema>()

function compile(data: Uint8Array): CompiledSchema {
  const unresolvedUrns: string[] = []
  try {
    const document = parseSchema(stringFromBytes(data))
    const resources = new Resources((urn) => void unresolvedUrns.push(urn))
    resources.add(SCHEMA_URL, document)
    checkAgainstMetaschema(resources.root(SCHEMA_URL), document, '')
    return { schema: new Compiler(resources, { assertFormats: false, checkSubschema: checkAgainstMetaschema }).compile(SCHEMA_URL), unresolvedUrns }
  } catch (error) {
    if (!(error instanceof GoError)) throw error
    return { error: error.message, unresolvedUrns }
  }
}

/**
 * The schema in a `values.schema.json`, compiled once per file. It may refer to itself and to the metaschemas only; nothing is
 * fetched and nothing else is read from disk.
 *
 * Source: Helm 4.3.1 pkg/chart/common/util/jsonschema.go (ValidateAgainstSingleSchema)
 */
export function compileSchema(data: Uint8Array): CompiledSchema {
  const known = compiled.get(data) ?? compile(data)
  compiled.set(data, known)
  return known
}
