import { failure } from '../base/diagnostic.ts'
import { sprint } from '../go/printf.ts'
import type { GoMap, GoValue } from '../go/values.ts'
import { changeField, type FieldSpec, fieldSpecs } from './field-spec.ts'
import type { Identity } from './identity.ts'
import { firstIdentity, type Tracked } from './tracked.ts'

/** Kinds whose names are given by what they hold, or stand for many objects. */
const SKIPPED: readonly { readonly kind: string; readonly group?: string }[] = [
  { kind: 'CustomResourceDefinition' },
  { kind: 'APIService', group: 'apiregistration.k8s.io' },
  { kind: 'Namespace' },
]

/**
 * Puts a text before or behind what the field specs name, in the objects given, which are changed.
 *
 * @throws DiagnosticError `patch/bad-patch` without field specs
 * Source: sigs.k8s.io/kustomize/api 0.21.1 internal/builtins/PrefixTransformer.go, SuffixTransformer.go
 */
export function affixNames(config: GoMap, key: 'prefix' | 'suffix', objects: readonly Tracked[]): void {
  const specs = fieldSpecs(config.get('fieldSpecs'))
  if (!Array.isArray(config.get('fieldSpecs'))) {
    throw failure('patch/bad-patch', `the transformer that sets a ${key} has no fieldSpecs`, { hint: 'add fieldSpecs: [{path: metadata/name}]' })
  }
  const affix = config.get(key) ?? ''
  if (typeof affix !== 'string') throw failure('patch/bad-patch', `the ${key} is no text`)
  const set = (old: GoValue | undefined): GoValue => (key === 'prefix' ? affix + textOf(old) : textOf(old) + affix)
  for (const entry of objects) {
    const first = firstIdentity(entry)
    if (isSkipped(first)) continue
    for (const spec of specs) if (isMeant(first, spec)) changeField(entry.object, spec, set)
  }
}

function textOf(value: GoValue | undefined): string {
  return value === undefined || value === null ? '' : sprint([value])
}

function isSkipped({ kind, group }: Identity): boolean {
  return SKIPPED.some((skipped) => skipped.kind === kind && (skipped.group ?? group) === group)
}

function isMeant({ group, version, kind }: Identity, spec: FieldSpec): boolean {
  return (!spec.group || spec.group === group) && (!spec.version || spec.version === version) && (!spec.kind || spec.kind === kind)
}
