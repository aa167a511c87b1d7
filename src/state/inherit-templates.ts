import { failure } from '../base/diagnostic.ts'
import { releaseShape } from './known-keys.ts'
import { type MergeRule, mergeSpec } from './merge-spec.ts'
import { type InheritSpec, placeOfSpec, type ReleaseSpec, type StateSpec, setPlace, whereOf } from './spec.ts'

/** Fields of a template that `except` may leave out. */
const EXCEPTIONS: readonly string[] = ['labels', 'values', 'valuesTemplate', 'setTemplate', 'set', 'setString', 'secrets']

const RULE: MergeRule = { override: true, lists: 'append' }

/**
 * The release with everything it inherits merged in: templates first, in the order named, then the release itself. Lists grow,
 * maps merge, and a false or zero of the release does not undo what a template sets.
 * @throws DiagnosticError `state/unknown-template`, `state/cyclic-templates`, `state/bad-except`
 * Source: Helmfile 1.8 pkg/state/state_exec_tmpl.go
 */
export function withInherited(state: StateSpec, release: ReleaseSpec): ReleaseSpec {
  const inherit = withDefaults(state.defaultInherit ?? [], release.inherit ?? [])
  const merged = inherited(state, { ...release, inherit }, [], release)
  const at = placeOfSpec(release)
  if (at) setPlace(merged, at)
  return merged
}

function withDefaults(defaults: readonly string[], own: readonly InheritSpec[]): readonly InheritSpec[] {
  if (defaults.length === 0) return own
  const named = own.filter(({ template = '' }) => template.trim() !== '')
  const seen = new Set(named.map(({ template = '' }) => template.trim()))
  const extra = [...new Set(defaults.map((name) => name.trim()))].filter((name) => name !== '' && !seen.has(name))
  return [...extra.map((template) => ({ template })), ...named]
}

function inherited(state: StateSpec, spec: ReleaseSpec, path: readonly string[], release: ReleaseSpec): ReleaseSpec {
  let merged: ReleaseSpec = {}
  for (const { template = '', except = [] } of spec.inherit ?? []) {
    if (template === '') return { ...spec }
    const source = inherited(state, templateNamed(state, template, path, release), [...path, template], release)
    merged = mergeSpec(releaseShape, merged, without(source, except, release), RULE)
  }
  const { inherit: _resolved, ...result } = mergeSpec(releaseShape, merged, spec, RULE)
  return result
}

function templateNamed(state: StateSpec, name: string, path: readonly string[], release: ReleaseSpec): ReleaseSpec {
  const where = whereOf(release)
  if (path.includes(name)) {
    const cycle = [...path, name].join('->')
    throw failure('state/cyclic-templates', `unable to load release "${release.name}" with template: cyclic inheritance detected: ${cycle}`, where)
  }
  const template = state.templates?.get(name)
  if (template) return template
  const known = [...(state.templates?.keys() ?? [])]
  throw failure('state/unknown-template', `release "${release.name}" tried to inherit inexistent release template "${name}"`, {
    ...where,
    hint: known.length > 0 ? `use one of ${known.join(', ')}` : 'define it under templates',
  })
}

function without(source: ReleaseSpec, except: readonly string[], release: ReleaseSpec): ReleaseSpec {
  const wrong = except.find((key) => !EXCEPTIONS.includes(key))
  if (wrong !== undefined) {
    const allowed = '"set", "setTemplate", "values", "valuesTemplate", "secrets", and "labels"'
    throw failure('state/bad-except', `"${wrong}" is not allowed under \`inherit\`. Allowed values are ${allowed}`, whereOf(release))
  }
  return Object.fromEntries(Object.entries(source).filter(([key]) => !except.includes(key)))
}
