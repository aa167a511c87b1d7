import type { DiagnosticError, Note } from '../base/diagnostic.ts'
import { nearest } from '../base/nearest.ts'
import type { RefusedValue, SchemaError } from '../chart/validate-values.ts'
import type { GoMap } from '../go/values.ts'
import { lookUp } from '../values/merge-layers.ts'
import { originNote, originOfValue, type ValueSources } from './value-origin.ts'

/** Values that are told about at most. */
const MAX_NOTES = 8

/** What it takes to tell where refused values come from. */
interface Facts extends ValueSources {
  /** As the schemas saw them. */
  readonly values: GoMap
}

interface Explanation {
  readonly note: Note
  readonly hint?: string
}

/** `error` with who set each value that a schema refuses, and the nearest name for those it does not know. */
export function explainRefused(error: SchemaError, facts: Facts): DiagnosticError {
  const [first, ...others] = error.diagnostics
  const explained = error.refused.flatMap((refused) => explain(refused, facts))
  // One value may be refused for several reasons.
  const found = [...new Map(explained.map((explanation) => [explanation.note.text, explanation])).values()].slice(0, MAX_NOTES)
  const hint = found.find((explanation) => explanation.hint !== undefined)?.hint
  if (!first || found.length === 0) return error
  const notes = found.map(({ note }) => note)
  return error.withDiagnostics([{ ...first, notes, ...(hint === undefined ? {} : { hint }) }, ...others])
}

function explain({ path, message }: RefusedValue, facts: Facts): readonly Explanation[] {
  const unknown = /^additional propert(?:y|ies) (.*) not allowed$/.exec(message)?.[1]
  if (unknown === undefined) return explainValue(path, facts)
  const names = [...unknown.matchAll(/'((?:[^'\\]|\\.)*)'/g)].map(([, name]) => name as string)
  return names.flatMap((name) => explainUnknown(path, name, names, facts))
}

function explainValue(path: readonly string[], facts: Facts): readonly Explanation[] {
  const origin = path.length === 0 ? undefined : originOfValue(facts, path)
  return origin ? [{ note: originNote(origin) }] : []
}

function explainUnknown(path: readonly string[], name: string, unknown: readonly string[], facts: Facts): readonly Explanation[] {
  const found = lookUp(facts.values, path)
  const keys = found.kind === 'value' && found.value instanceof Map ? [...found.value.keys()] : []
  const near = nearest(
    name,
    keys.filter((key) => !unknown.includes(key)),
  )
  const origin = originOfValue(facts, [...path, name])
  const text = `${origin && !origin.at ? `${origin.name}: ` : ''}the schema has no ${JSON.stringify([...path, name].join('.'))}`
  const note = { text, ...(origin?.at ? { at: origin.at } : {}) }
  return [near === undefined ? { note } : { note, hint: `write ${[...path, near].join('.')} if that is what you mean` }]
}
