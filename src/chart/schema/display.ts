import { quote } from '../../go/quote.ts'
import { Decimal, decimalOf } from './decimal.ts'
import { pointerOf } from './pointer.ts'
import type { Instance, Violation } from './validate.ts'

/** A text in single quotes. */
export function quoted(text: string): string {
  return `'${quote(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}

/** Texts in single quotes, with commas between. */
export function quotedList(texts: readonly string[]): string {
  return texts.map(quoted).join(', ')
}

/** A value inside a message: texts quoted, lists and maps not shown. */
export function displayed(value: Instance): string {
  if (typeof value === 'string') return quoted(value)
  if (value === null) return '<nil>'
  if (value instanceof Decimal) return value.text
  return typeof value === 'object' && decimalOf(value) === undefined ? 'value' : String(decimalOf(value)?.text ?? value)
}

function lines(violation: Violation, depth: number): readonly string[] {
  // A reference with one thing behind it is passed over.
  if (violation.kind === 'reference' && violation.causes.length === 1) return violation.causes.flatMap((cause) => lines(cause, depth))
  const own = `${'  '.repeat(depth)}- at ${quoted(pointerOf(violation.path))}: ${violation.message}`
  return [own, ...violation.causes.flatMap((cause) => lines(cause, depth + 1))]
}

/** What is wrong, a line each, what led to it below and further in. Source: santhosh-tekuri/jsonschema 6 output.go (display) */
export function violationLines(violations: readonly Violation[]): readonly string[] {
  return violations.flatMap((violation) => lines(violation, 0))
}
