import { type GoValue, isGoObject } from '../go/values.ts'

/** A struct in place of the pointer to it, as actions and escapers print it. Source: Go 1.26 text/template/exec.go, printableValue. */
export function pointedTo(value: GoValue): GoValue {
  const isBare = isGoObject(value) && value.goKind === 'ptr' && value.goString === undefined
  return isBare ? { ...value, goType: value.goType.slice(1), goKind: 'struct' } : value
}
