import { typeOf } from '../../go/kind.ts'
import { GoError, type GoValue } from '../../go/values.ts'

const KINDS: ReadonlyMap<string, string> = new Map([
  ['map[string]interface {}', 'object'],
  ['[]interface {}', 'array'],
  ['float64', 'number'],
  // A number out of range has left nil in its place.
  ['<nil>', 'number'],
])

/** The error of `encoding/json` for a document whose top is not of the wanted Go type. */
export function mismatch(value: GoValue, type: string): GoError {
  return new GoError(`json: cannot unmarshal ${KINDS.get(typeOf(value)) ?? typeOf(value)} into Go value of type ${type}`)
}
