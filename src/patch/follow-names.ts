import { failure } from '../base/diagnostic.ts'
import type { GoMap, GoValue } from '../go/values.ts'
import { changeField, type FieldSpec } from './field-spec.ts'
import { type Identity, identityOf, nameOf, namespaceOf } from './identity.ts'
import { NAME_REFERENCES, type NamedKind, type NamingField } from './name-references.ts'
import { firstIdentity, type Tracked } from './tracked.ts'

/**
 * `objects` where those that name an object by a name it had before call it by its present one. Objects that name none stay the same.
 *
 * @throws DiagnosticError `patch/ambiguous-name` when several objects with different names now had that name
 * Source: sigs.k8s.io/kustomize/api 0.21.1 filters/nameref, internal/accumulator/namereferencetransformer.go
 */
export function followNames(objects: readonly Tracked[], copy: (object: GoMap) => GoMap): readonly Tracked[] {
  const moved = objects.filter(({ formerly }) => formerly.length > 0)
  if (moved.length === 0) return objects
  return objects.map((referrer) => {
    const fields = fieldsOf(referrer)
    if (fields.length === 0) return referrer
    const object = copy(referrer.object)
    for (const { named, spec } of fields) changeField(object, spec, (old) => renamed(old, { referrer, named, path: spec.path, moved }))
    return { ...referrer, object }
  })
}

interface Naming {
  readonly referrer: Tracked
  readonly named: NamedKind
  readonly path: string
  readonly moved: readonly Tracked[]
}

/** The fields of an object that may hold names; its first identity says what it is. */
function fieldsOf(referrer: Tracked): readonly { readonly named: NamedKind; readonly spec: FieldSpec }[] {
  const first = firstIdentity(referrer)
  return NAME_REFERENCES.flatMap((named) =>
    named.fields
      .filter((field) => isOf(first, field))
      .map(({ path }) => ({ named, spec: { group: '', version: '', kind: '', path, create: false } })),
  )
}

function isOf({ kind, group, version }: Identity, wanted: Omit<NamingField, 'path'>): boolean {
  return kind === wanted.kind && (wanted.group ?? group) === group && (wanted.version ?? version) === version
}

function renamed(old: GoValue | undefined, naming: Naming): GoValue | undefined {
  if (Array.isArray(old)) return old.map((item) => renamed(item, naming) ?? item)
  if (old instanceof Map) return renamedMap(old, naming)
  if (typeof old !== 'string') return undefined
  const found = objectCalled(old, naming, naming.moved, ({ name }) => name)
  return found && identityOf(found.object).name
}

/** A map that names its object by `name` and `namespace`. */
function renamedMap(old: GoMap, naming: Naming): GoValue | undefined {
  const name = old.get('name')
  if (typeof name !== 'string') return undefined
  const candidates = inNamespace(old.get('namespace'), naming.moved)
  const found = objectCalled(name, naming, candidates, (identity) => `${identity.namespace}/${identity.name}`)
  if (!found) return undefined
  const now = identityOf(found.object)
  return new Map([...old, ['name', now.name], ...(now.namespace === '' ? [] : ([['namespace', now.namespace]] as const))])
}

function inNamespace(namespace: GoValue | undefined, moved: readonly Tracked[]): readonly Tracked[] {
  if (namespace === undefined) return moved
  const first = moved.filter((object) => namespaceOf(firstIdentity(object)) === namespace)
  return first.length > 0 ? first : moved.filter(({ object }) => namespaceOf(identityOf(object)) === namespace)
}

function objectCalled(name: string, naming: Naming, candidates: readonly Tracked[], key: (identity: Identity) => string): Tracked | undefined {
  const { referrer, named, path } = naming
  const role = path.endsWith('roleRef/name') ? roleOf(referrer.object) : undefined
  const found = candidates.filter(
    (candidate) =>
      candidate.formerly.some((identity) => identity.name === name) &&
      candidate.formerly.some((identity) => isOf(identity, named)) &&
      (!role || candidate.formerly.some((identity) => isOf(identity, role))) &&
      isWithinReach(referrer.object, candidate.object),
  )
  if (new Set(found.map(({ object }) => key(identityOf(object)))).size > 1) throw ambiguous(name, referrer, found)
  return found[0]
}

function ambiguous(name: string, { object }: Tracked, found: readonly Tracked[]): Error {
  return failure('patch/ambiguous-name', `"${name}" in ${nameOf(identityOf(object))} may mean several objects that were called so`, {
    notes: [{ text: `they are: ${found.map((candidate) => nameOf(identityOf(candidate.object))).join(', ')}` }],
  })
}

function roleOf(binding: GoMap): { readonly group: string; readonly kind: string } | undefined {
  const role = binding.get('roleRef')
  if (!(role instanceof Map)) return undefined
  const [group, kind] = [role.get('apiGroup'), role.get('kind')]
  return typeof group === 'string' && typeof kind === 'string' ? { group, kind } : undefined
}

/** Objects of a namespace name those of their own, those without one, and accounts that a binding's subjects place elsewhere. */
function isWithinReach(referrer: GoMap, candidate: GoMap): boolean {
  const [from, to] = [identityOf(referrer), identityOf(candidate)]
  const [here, there] = [namespaceOf(from), namespaceOf(to)]
  return here === '' || there === '' || here === there || (to.kind === 'ServiceAccount' && bindsAccountIn(referrer, to.namespace))
}

function bindsAccountIn(referrer: GoMap, namespace: string): boolean {
  const subjects = referrer.get('subjects')
  if (identityOf(referrer).kind !== 'RoleBinding' || !Array.isArray(subjects)) return false
  return subjects.some((subject) => subject instanceof Map && subject.get('kind') === 'ServiceAccount' && subject.get('namespace') === namespace)
}
