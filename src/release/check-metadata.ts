import { failure } from '../base/diagnostic.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import { displayName, refOf } from './object-names.ts'

/** Fields of `metadata` that charts write, in the order of JSON, and what Go calls their types. */
const TYPES: readonly (readonly [field: string, type: 'string' | 'map[string]string' | '[]string'])[] = [
  ['annotations', 'map[string]string'],
  ['finalizers', '[]string'],
  ['generateName', 'string'],
  ['labels', 'map[string]string'],
  ['name', 'string'],
  ['namespace', 'string'],
]

/**
 * Checks that names, labels, annotations and finalizers are texts: a template that lacks quotes makes numbers and flags of them.
 *
 * @throws DiagnosticError `release/bad-metadata` in Helm's words. Source: k8s.io/cli-runtime pkg/resource metadata_decoder.go
 */
export function checkMetadata(object: KubeObject): void {
  for (const [field, type] of TYPES) {
    const wrong = complaint(object.metadata[field], type)
    if (wrong === undefined) continue
    const summary =
      'unable to build kubernetes objects from release manifest: unable to decode "": json: ' +
      `cannot unmarshal ${wrong.found} into Go struct field ObjectMeta.metadata.${field} of type ${wrong.wanted}`
    throw failure('release/bad-metadata', summary, {
      subject: displayName(refOf(object)),
      hint: wrong.wanted === 'string' ? `put the value of ${wrong.at ?? field} in quotes: {{ … | quote }}` : `look at how the chart writes ${field}`,
    })
  }
}

interface Complaint {
  readonly found: string
  readonly wanted: string
  readonly at?: string
}

function complaint(value: unknown, type: string): Complaint | undefined {
  if (value === undefined || value === null) return undefined
  const found = goName(value)
  if (type === 'string') return found === 'string' ? undefined : { found, wanted: type }
  if (found !== (type === '[]string' ? 'array' : 'object')) return { found, wanted: type }
  for (const [at, item] of Object.entries(value)) {
    if (item !== null && typeof item !== 'string') return { found: goName(item), wanted: 'string', at }
  }
  return undefined
}

/** What Go's decoder calls a JSON value. */
function goName(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}
