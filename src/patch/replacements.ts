import { failure } from '../base/diagnostic.ts'
import { GoInt, type GoMap, type GoValue } from '../go/values.ts'
import { dottedParts, type Place, placesAt, scalarOf, scalarText } from './field-path.ts'
import { type Identity, identityOf, nameOf, namespaceOf } from './identity.ts'
import { mapAt, textAt } from './map-fields.ts'
import { compileIdentity, compileLabels, targetText } from './selector.ts'
import type { Tracked } from './tracked.ts'

const DEFAULT_FIELD = 'metadata.name'

/**
 * Copies values of one object's fields (`source`), or a text (`sourceValue`), into fields of others (`targets`), for each of
 * `replacements`. The objects are changed.
 * @throws DiagnosticError `patch/no-target` for objects and fields that are not there, `patch/bad-patch`, `patch/ambiguous-name`
 * Source: sigs.k8s.io/kustomize/api 0.21.1 filters/replacement
 */
export function replaceAll(replacements: readonly GoMap[], objects: readonly Tracked[]): void {
  for (const replacement of replacements) {
    const targets = replacement.get('targets')
    if (!Array.isArray(targets)) throw failure('patch/bad-patch', 'replacements must specify a source and at least one target')
    const value = sourceOf(replacement, objects)
    for (const target of targets) if (target instanceof Map) replaceIn(target, value, objects)
  }
}

/** Split texts: which part of them is meant. */
interface FieldOptions {
  readonly delimiter: string
  readonly index: number
  readonly create: boolean
}

function optionsOf(selector: GoMap): FieldOptions {
  const options = mapAt(selector, 'options')
  const index = options.get('index')
  return { delimiter: textAt(options, 'delimiter'), index: index instanceof GoInt ? Number(index.value) : 0, create: options.get('create') === true }
}

function sourceOf(replacement: GoMap, objects: readonly Tracked[]): GoValue {
  const [source, given] = [replacement.get('source'), replacement.get('sourceValue')]
  if (source instanceof Map === (typeof given === 'string')) throw failure('patch/bad-patch', 'a replacement has either a source or a sourceValue')
  if (typeof given === 'string') return given
  const selector = source as GoMap
  const path = textAt(selector, 'fieldPath') || DEFAULT_FIELD
  const [place] = placesAt(sourceObject(selector, objects).object, dottedParts(path), { isExact: true })
  if (!place || isEmpty(place.value))
    throw failure('patch/no-target', `the field ${path} is missing in the source of a replacement: ${targetText(selector)}`)
  return partOf(place.value, optionsOf(selector))
}

function isEmpty(value: GoValue): boolean {
  return value === null || (value instanceof Map && value.size === 0) || (Array.isArray(value) && value.length === 0)
}

function sourceObject(selector: GoMap, objects: readonly Tracked[]): Tracked {
  const wanted = (identity: Identity): boolean => {
    const isNamed = ['group', 'version', 'kind', 'name'].every((part) => {
      const text = textAt(selector, part)
      return text === '' || text === identity[part as keyof Identity]
    })
    const namespace = textAt(selector, 'namespace')
    return isNamed && (namespace === '' || namespaceOf({ ...identity, namespace }) === namespaceOf(identity))
  }
  const [first, ...more] = objects.filter((entry) => identitiesOf(entry).some(wanted))
  if (!first) throw failure('patch/no-target', `no object matches the source of a replacement: ${targetText(selector)}`)
  if (more.length === 0) return first
  const names = [first, ...more].map(({ object }) => nameOf(identityOf(object))).join(', ')
  throw failure('patch/ambiguous-name', `several objects match the source of a replacement, ${targetText(selector)}: ${names}`)
}

function identitiesOf({ object, formerly }: Tracked): readonly Identity[] {
  return [identityOf(object), ...formerly]
}

function partOf(value: GoValue, { delimiter, index }: FieldOptions): GoValue {
  if (delimiter === '') return value
  const part = splitText(value, delimiter)[index]
  if (part !== undefined) return typeof value === 'string' ? part : scalarOf(part)
  throw failure('patch/bad-patch', `options.index ${index} is out of bounds for the value of a replacement's source`)
}

function splitText(value: GoValue, delimiter: string): string[] {
  if (value instanceof Map || Array.isArray(value)) throw failure('patch/bad-patch', 'delimiter option can only be used with scalar nodes')
  return scalarText(value).split(delimiter)
}

function replaceIn(target: GoMap, value: GoValue, objects: readonly Tracked[]): void {
  const select = target.get('select')
  if (!(select instanceof Map)) throw failure('patch/bad-patch', 'target must specify resources to select')
  const isMeant = targetTest(target, select)
  const meant = objects.filter(isMeant)
  if (meant.length === 0) throw failure('patch/no-target', `no object matches the target of a replacement: ${targetText(select)}`)
  const paths = target.get('fieldPaths')
  const options = optionsOf(target)
  for (const { object } of meant)
    for (const path of Array.isArray(paths) && paths.length > 0 ? paths.map(String) : [DEFAULT_FIELD]) replaceField(object, path, value, options)
}

/** An entry of `reject` with labels means those alone as well as the objects it names. */
function targetTest(target: GoMap, select: GoMap): (entry: Tracked) => boolean {
  const rejected = target.get('reject')
  const rejects = (Array.isArray(rejected) ? rejected : []).filter((entry): entry is GoMap => entry instanceof Map)
  const named = rejects.filter((entry) => ['group', 'version', 'kind', 'name', 'namespace'].some((part) => textAt(entry, part) !== ''))
  const labelled = rejects.filter((entry) => textAt(entry, 'labelSelector') !== '' || textAt(entry, 'annotationSelector') !== '')
  const [isSelected, fitsLabels] = [compileIdentity(select), compileLabels(select)]
  const isRejected = named.map(compileIdentity)
  const hasRejectedLabels = labelled.map(compileLabels)
  return (entry) => {
    const identities = identitiesOf(entry)
    if (!fitsLabels(entry.object) || hasRejectedLabels.some((fits) => fits(entry.object))) return false
    return identities.some(isSelected) && !isRejected.some((rejects) => identities.some(rejects))
  }
}

function replaceField(object: GoMap, path: string, value: GoValue, options: FieldOptions): void {
  const places = placesAt(object, dottedParts(path), options.create ? { create: emptyLike(value) } : {})
  if (places.length === 0) {
    const what = options.create ? 'find or create' : 'find'
    throw failure('patch/no-target', `unable to ${what} field "${path}" in replacement target`, {
      notes: [{ text: `on ${nameOf(identityOf(object))}` }],
    })
  }
  for (const place of places) place.set(replaced(place, value, options))
}

function emptyLike(value: GoValue): GoValue {
  return value instanceof Map ? new Map() : Array.isArray(value) ? [] : ''
}

/** A scalar keeps its type: a text stays one, whatever it is replaced with. */
function replaced({ value: old, isNew, isInText }: Place, value: GoValue, { delimiter, index }: FieldOptions): GoValue {
  const isSplit = delimiter !== '' && !isInText
  const text = isSplit ? joined(old, scalarText(value), delimiter, index) : undefined
  if (old instanceof Map || Array.isArray(old) || value instanceof Map || Array.isArray(value)) return copyOf(value)
  const written = text ?? scalarText(value)
  return typeof old === 'string' && !isNew ? written : scalarOf(written)
}

function joined(old: GoValue, text: string, delimiter: string, index: number): string {
  const parts = splitText(old, delimiter)
  if (index < 0) parts.unshift(text)
  else parts.splice(index, 1, text)
  return parts.join(delimiter)
}

function copyOf(value: GoValue): GoValue {
  if (Array.isArray(value)) return value.map(copyOf)
  return value instanceof Map ? new Map([...value].map(([key, item]) => [key, copyOf(item)])) : value
}
