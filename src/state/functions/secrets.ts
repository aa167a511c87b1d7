import { DiagnosticError } from '../../base/diagnostic.ts'
import type { Host } from '../../base/host.ts'
import { GoError, type GoFunction, type GoMap, type GoValue } from '../../go/values.ts'
import { DICT, fixed } from '../../template/functions/signature.ts'
import { expandSecretRefs } from '../secret-refs.ts'

/** References to secrets, resolved while rendering. Source: Helmfile 1.8 pkg/tmpl/expand_secret_ref.go */
export function secretFunctions(host: Host): readonly (readonly [string, GoFunction])[] {
  return [
    ['fetchSecretValue', fixed(['string'], (reference: string) => fetchSecretValue(host, reference))],
    ['expandSecretRefs', fixed([DICT], (values: GoMap) => expand(host, values))],
  ]
}

function expand(host: Host, value: GoValue): GoValue {
  try {
    return expandSecretRefs(host, value)
  } catch (error) {
    if (error instanceof DiagnosticError) throw new GoError(error.diagnostics[0]?.summary ?? '')
    throw error
  }
}

function fetchSecretValue(host: Host, reference: string): GoValue {
  const value = expand(host, reference)
  if (typeof value !== 'string') throw new GoError(`expected ${String(value)} to be string`)
  return value
}
