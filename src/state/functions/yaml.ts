import { DiagnosticError } from '../../base/diagnostic.ts'
import { GoError, type GoFunction, type GoValue, isGoObject, withGoType } from '../../go/values.ts'
import { ANY, fixed } from '../../template/functions/signature.ts'
import { YamlError } from '../../yaml/yaml-error.ts'
import { castKeys } from '../cast-keys.ts'
import { decodeText, encodeStructText, encodeText, STRUCT } from '../yaml-text.ts'

/** Helmfile's YAML functions, which differ from Helm's of the same names. Source: Helmfile 1.8 pkg/tmpl/context_funcs.go */
export const yamlFunctions: readonly (readonly [string, GoFunction])[] = [
  ['toYaml', fixed([ANY], toYaml)],
  ['fromYaml', fixed(['string'], fromYaml)],
]

/** Structs are printed with their fields in lower case, in their order. */
function toYaml(value: GoValue): string {
  if (!isGoObject(value) || value.goKind !== 'struct') return encodeText(value)
  const fields = value.plain?.()
  if (!(fields instanceof Map)) return encodeText(value)
  return encodeStructText(withGoType(new Map([...fields].map(([key, item]) => [key.toLowerCase(), item])), STRUCT))
}

function fromYaml(text: string): GoValue {
  try {
    return castKeys(decodeText({ name: 'fromYaml', text }))
  } catch (error) {
    if (error instanceof YamlError) throw new GoError(`${error.goMessage}, offending yaml: ${text}`)
    if (error instanceof DiagnosticError) throw new GoError(`${error.diagnostics[0]?.summary}, offending yaml: ${text}`)
    throw error
  }
}
