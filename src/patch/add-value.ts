import { failure } from '../base/diagnostic.ts'
import { GoInt, type GoMap, type GoValue } from '../go/values.ts'
import { placesAt, scalarText, unescapedParts } from './field-path.ts'
import { compileTarget } from './selector.ts'
import type { Tracked } from './tracked.ts'

/** Puts a namespace into one object, as the transformer of namespaces does. */
export type SetNamespace = (namespace: string, objects: readonly Tracked[]) => void

/**
 * Puts one text into fields of objects, or into a path that stands there. The objects are changed.
 * @throws DiagnosticError `patch/bad-patch`, `patch/no-target`
 * Source: sigs.k8s.io/kustomize/api 0.21.1 internal/builtins/ValueAddTransformer.go, filters/valueadd
 */
export function addValue(config: GoMap, targets: readonly GoMap[], objects: readonly Tracked[], setNamespace: SetNamespace): void {
  const given = config.get('value')
  const value = typeof given === 'string' ? given.trim() : ''
  if (value === '') throw failure('patch/bad-patch', 'a ValueAddTransformer has a value here', { hint: 'add value: …' })
  if (targets.length === 0) throw failure('patch/bad-patch', 'must specify at least one target')
  for (const target of targets) addTo(target, value, objects, setNamespace)
}

function addTo(target: GoMap, value: string, objects: readonly Tracked[], setNamespace: SetNamespace): void {
  const [selector, path, position] = ['selector', 'fieldPath', 'filePathPosition'].map((key) => target.get(key))
  if (typeof path !== 'string' || path === '') throw failure('patch/bad-patch', 'fieldPath cannot be empty')
  const meant = selector instanceof Map ? objects.filter(compileTarget(selector)) : objects
  if (meant.length === 0) throw failure('patch/no-target', `no object matches a target of the value ${value}`)
  if (path === 'metadata/namespace') {
    setNamespace(value, meant)
    return
  }
  const at = position instanceof GoInt ? Number(position.value) : 0
  for (const { object } of meant) {
    for (const place of placesAt(object, unescapedParts(path, '/'), { create: '', isExact: true })) {
      if (place.value instanceof Map || Array.isArray(place.value)) throw failure('patch/bad-patch', `${path} is no single value`)
      place.set(at > 0 ? inserted(textOf(place.value), at - 1, value) : value)
    }
  }
}

function textOf(value: GoValue): string {
  return value === null ? '' : scalarText(value)
}

/** `part` at a position of a path; a slash at its beginning stays there. */
function inserted(path: string, position: number, part: string): string {
  const isAbsolute = path.startsWith('/')
  const parts = path.split('/').filter((piece) => piece !== '')
  parts.splice(position, 0, part)
  return `${isAbsolute ? '/' : ''}${parts.join('/')}`
}
