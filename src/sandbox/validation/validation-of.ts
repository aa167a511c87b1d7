import type { KindRules } from '../kind-rules.ts'
import type { ResourceType } from '../resource-type.ts'

const VALIDATION: Readonly<Record<string, Pick<KindRules, 'validate' | 'validateUpdate'>>> = {}

/** The rules that objects of a resource are checked by. */
export function validationOf(type: ResourceType): Pick<KindRules, 'validate' | 'validateUpdate'> {
  return VALIDATION[type.key] ?? {}
}
