import type { KubeObject } from '../kinds/kube-object.ts'
import { displayName, identityOf, refOf } from '../release/object-names.ts'
import type { ObjectChange } from './plan.ts'
import { differingPaths } from './saved/differing-paths.ts'

/** Places that differ between two renders of one release, by the object's identity. */
export type RandomPlaces = ReadonlyMap<string, { readonly object: string; readonly paths: readonly string[] }>

/** More places than this say no more. */
const MAX_SHOWN = 5

/** Compares two renders, both with namespaces. O(size of both). */
export function randomPlaces(objects: readonly KubeObject[], again: readonly KubeObject[]): RandomPlaces {
  const others = new Map(again.map((object) => [identityOf(refOf(object)), object]))
  const found = objects.flatMap((object) => {
    const other = others.get(identityOf(refOf(object)))
    const paths = other ? differingPaths(object, other) : []
    return paths.length > 0 ? [[identityOf(refOf(object)), { object: displayName(refOf(object)), paths }] as const] : []
  })
  return new Map(found)
}

/** `Secret shop/db data.password`, …: all places. */
export function randomValues(places: RandomPlaces): readonly string[] {
  return [...places.values()].flatMap(({ object, paths }) => paths.map((path) => `${object} ${path}`))
}

/** What a person should know of them; nothing where there are none. */
export function notesOnRandom(places: RandomPlaces, changes: readonly ObjectChange[]): readonly string[] {
  const all = randomValues(places)
  if (all.length === 0) return []
  const shown = all.length > MAX_SHOWN ? `${all.slice(0, MAX_SHOWN).join(', ')} and ${all.length - MAX_SHOWN} more` : all.join(', ')
  const count = all.length === 1 ? '1 value is another one' : `${all.length} values are other ones`
  const only = changesOnly(places, changes) ? '; nothing else changes' : ''
  return [`${count} at every render (random, or the time): ${shown}${only}`]
}

/** True when everything that changes is at random places. */
function changesOnly(places: RandomPlaces, changes: readonly ObjectChange[]): boolean {
  const touched = changes.filter(({ action }) => action !== 'none' && action !== 'keep')
  return touched.length > 0 && touched.every((change) => isRandom(places, change))
}

function isRandom(places: RandomPlaces, { action, ref, before, after }: ObjectChange): boolean {
  const place = places.get(identityOf(ref))
  if (action !== 'change' || !place) return false
  // The server keeps a Secret's texts as data.
  const paths = place.paths.map((path) => path.replace(/^stringData/, 'data'))
  return differingPaths(before, after).every((path) => paths.some((random) => path === random || path.startsWith(`${random}.`)))
}
