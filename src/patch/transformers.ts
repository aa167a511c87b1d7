import { failure } from '../base/diagnostic.ts'
import { GoInt, type GoMap, type GoValue } from '../go/values.ts'
import { builtInKind } from '../kinds/built-in.ts'
import { affixNames } from './affix-names.ts'
import { changeField, concerns, type FieldSpec, fieldSpecs } from './field-spec.ts'
import { identityOf } from './identity.ts'
import { imageWith } from './image.ts'
import { mapAt } from './map-fields.ts'
import type { Tracked } from './tracked.ts'

/** A transformer of one document that needs nothing but the objects, which it changes. */
export type Transform = (config: GoMap, objects: readonly Tracked[]) => void

const METADATA_NAMESPACE: FieldSpec = { group: '', version: '', kind: '', path: 'metadata/namespace', create: true }

/**
 * Kustomize's transformers that change fields, by kind. Those that patch are in `patches.ts`.
 * Source: sigs.k8s.io/kustomize/api 0.21.1 internal/builtins
 */
export const TRANSFORMS: ReadonlyMap<string, Transform> = new Map<string, Transform>([
  ['LabelTransformer', (config, objects) => setEntries(objects, mapAt(config, 'labels'), fieldSpecs(config.get('fieldSpecs')))],
  ['AnnotationsTransformer', (config, objects) => setEntries(objects, mapAt(config, 'annotations'), fieldSpecs(config.get('fieldSpecs')))],
  ['NamespaceTransformer', setNamespaces],
  ['ImageTagTransformer', setImages],
  ['ReplicaCountTransformer', setReplicas],
  ['PrefixTransformer', (config, objects) => affixNames(config, 'prefix', objects)],
  // Only objects that kustomize generates get a hash, and there are none of those here.
  ['HashTransformer', () => {}],
  ['SuffixTransformer', (config, objects) => affixNames(config, 'suffix', objects)],
])

function setEntries(objects: readonly Tracked[], entries: GoMap, specs: readonly FieldSpec[]): void {
  if (entries.size === 0) return
  for (const { object } of objects) {
    for (const spec of specs) changeField(object, spec, (old) => new Map([...(old instanceof Map ? old : []), ...entries]))
  }
}

function setNamespaces(config: GoMap, objects: readonly Tracked[]): void {
  const namespace = mapAt(config, 'metadata').get('namespace')
  if (typeof namespace !== 'string' || namespace === '') return
  const onlyUnset = config.get('unsetOnly') === true
  const set = (old: GoValue | undefined): GoValue | undefined => (onlyUnset && old ? undefined : namespace)
  const specs = fieldSpecs(config.get('fieldSpecs')).filter(({ path }) => path !== METADATA_NAMESPACE.path)
  const subjects = config.get('setRoleBindingSubjects') ?? 'defaultOnly'
  for (const { object } of objects) {
    if (hasNamespace(object)) changeField(object, METADATA_NAMESPACE, set)
    for (const spec of specs) changeField(object, spec, set)
    if (subjects !== 'none') setSubjects(object, subjects === 'allServiceAccounts', set)
  }
}

/** Puts `namespace` into objects that have one, and into the subjects of bindings that follow it. */
export function setNamespace(namespace: string, objects: readonly Tracked[]): void {
  setNamespaces(new Map([['metadata', new Map([['namespace', namespace]])]]), objects)
}

function hasNamespace(object: GoMap): boolean {
  const known = builtInKind(String(object.get('apiVersion')), String(object.get('kind')))
  return known ? known.namespaced : true
}

const BINDINGS: readonly string[] = ['RoleBinding', 'ClusterRoleBinding']

function setSubjects(object: GoMap, all: boolean, set: (old: GoValue | undefined) => GoValue | undefined): void {
  const subjects = object.get('subjects')
  if (!BINDINGS.includes(identityOf(object).kind) || !Array.isArray(subjects)) return
  for (const subject of subjects) {
    if (!(subject instanceof Map) || subject.get('kind') !== 'ServiceAccount') continue
    if (!all && subject.get('name') !== 'default') continue
    const made = set(subject.get('namespace'))
    if (made !== undefined) subject.set('namespace', made)
  }
}

function setImages(config: GoMap, objects: readonly Tracked[]): void {
  const wanted = mapAt(config, 'imageTag')
  const text = (key: string): string => String(wanted.get(key) ?? '')
  const change = { name: text('name'), newName: text('newName'), newTag: text('newTag'), digest: text('digest'), tagSuffix: text('tagSuffix') }
  const set = (old: GoValue | undefined): GoValue | undefined => (typeof old === 'string' ? imageWith(old, change) : undefined)
  for (const { object } of objects) {
    for (const spec of fieldSpecs(config.get('fieldSpecs'))) changeField(object, spec, set)
    for (const pod of podSpecs(object, 0)) setContainerImages(pod, set)
  }
}

const CONTAINERS: readonly string[] = ['containers', 'initContainers']
const MAX_DEPTH = 100

/** Every map of an object that holds lists of containers, wherever it stands. */
function podSpecs(value: GoValue, depth: number): readonly GoMap[] {
  if (depth > MAX_DEPTH) return []
  if (Array.isArray(value)) return value.flatMap((item) => podSpecs(item, depth + 1))
  if (!(value instanceof Map)) return []
  const inner = [...value.values()].flatMap((item) => podSpecs(item, depth + 1))
  return CONTAINERS.some((key) => Array.isArray(value.get(key))) ? [value, ...inner] : inner
}

function setContainerImages(pod: GoMap, set: (old: GoValue | undefined) => GoValue | undefined): void {
  for (const key of CONTAINERS) {
    const list = pod.get(key)
    for (const container of Array.isArray(list) ? list : []) {
      const made = container instanceof Map ? set(container.get('image')) : undefined
      if (made !== undefined) (container as GoMap).set('image', made)
    }
  }
}

function setReplicas(config: GoMap, objects: readonly Tracked[]): void {
  const replica = mapAt(config, 'replica')
  const name = replica.get('name')
  const count = replica.get('count')
  const specs = fieldSpecs(config.get('fieldSpecs'))
  const meant = objects.filter((entry) => isCalled(entry, name) && specs.some((spec) => concerns(spec, entry.object)))
  if (meant.length === 0) throw failure('patch/no-target', `no object is named ${String(name)} among those whose replicas are to be set`)
  for (const { object } of meant) for (const spec of specs) changeField(object, spec, () => (count instanceof GoInt ? count : undefined))
}

function isCalled({ object, formerly }: Tracked, name: GoValue | undefined): boolean {
  return [...formerly, identityOf(object)].some((identity) => identity.name === name)
}
