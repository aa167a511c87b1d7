import type { ObjectChange } from '../plan.ts'
import { editKey, type FieldEdit } from './edits.ts'
import { type FieldPath, formatPath } from './field-path.ts'

/** An object of a release, and the fields in which it changes. */
export interface EditedObject {
  readonly release: string
  readonly change: ObjectChange
  readonly edits: readonly FieldEdit[]
}

/** An edit that several objects have in common. */
export interface CommonEdit {
  /** `label helm.sh/chart`, `annotation checksum`, `spec.replicas`. */
  readonly title: string
  readonly edit: FieldEdit
  readonly objects: readonly EditedObject[]
  /** How many of the objects have it in a template of other objects, such as their pods'. */
  readonly inTemplates: number
}

/** What several objects have in common, and which fields of each object are told by that. */
export interface CommonEdits {
  readonly edits: readonly CommonEdit[]
  readonly isTold: (change: ObjectChange) => ((path: FieldPath) => boolean) | undefined
}

interface Group {
  readonly title: string
  readonly edit: FieldEdit
  readonly objects: Map<ObjectChange, EditedObject>
  readonly inTemplates: Set<ObjectChange>
  readonly places: (readonly [ObjectChange, string])[]
}

/** Edits of so many characters are shown where they are made. */
const MAX_VALUE = 200

/** Edits that at least two objects have in common, in the order in which they are met. Labels and annotations of templates count as the object's own. */
export function commonEdits(objects: readonly EditedObject[]): CommonEdits {
  const groups = new Map<string, Group>()
  for (const object of objects) {
    for (const edit of object.edits.filter(isShort)) addTo(groups, object, edit)
  }
  const shared = [...groups.values()].filter((group) => group.objects.size > 1)
  const told = new Map<ObjectChange, Set<string>>()
  for (const { places } of shared) {
    for (const [change, path] of places) told.set(change, (told.get(change) ?? new Set<string>()).add(path))
  }
  return {
    edits: shared.map(({ title, edit, objects: having, inTemplates }) => ({
      title,
      edit,
      objects: [...having.values()],
      inTemplates: inTemplates.size,
    })),
    isTold: (change) => {
      const paths = told.get(change)
      return paths && ((path) => paths.has(formatPath(path)))
    },
  }
}

function addTo(groups: Map<string, Group>, object: EditedObject, edit: FieldEdit): void {
  const { title, inTemplate } = titleOf(edit.path)
  const key = editKey({ ...edit, path: [title] })
  const group: Group = groups.get(key) ?? { title, edit, objects: new Map(), inTemplates: new Set(), places: [] }
  groups.set(key, group)
  group.objects.set(object.change, object)
  if (inTemplate) group.inTemplates.add(object.change)
  group.places.push([object.change, formatPath(edit.path)])
}

function titleOf(path: FieldPath): { readonly title: string; readonly inTemplate: boolean } {
  const [metadata, field, name, ...more] = path.slice(-3)
  const word = field === 'labels' ? 'label' : field === 'annotations' ? 'annotation' : undefined
  if (metadata !== 'metadata' || word === undefined || typeof name !== 'string' || more.length > 0)
    return { title: formatPath(path), inTemplate: false }
  return { title: `${word} ${name}`, inTemplate: path.length > 3 }
}

function isShort({ before, after }: FieldEdit): boolean {
  return [before, after].every((value) => value === undefined || isShortScalar(value))
}

function isShortScalar(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= MAX_VALUE && !value.includes('\n')
  return value === null || typeof value !== 'object'
}
