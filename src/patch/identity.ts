import type { GoMap } from '../go/values.ts'
import { builtInKind } from '../kinds/built-in.ts'
import { mapAt, textAt } from './map-fields.ts'

/** What tells an object from others; texts, empty where the object has none. */
export interface Identity {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

/** The identity that an object states. */
export function identityOf(object: GoMap): Identity {
  const apiVersion = textAt(object, 'apiVersion')
  const slash = apiVersion.indexOf('/')
  const metadata = mapAt(object, 'metadata')
  return {
    group: slash < 0 ? '' : apiVersion.slice(0, slash),
    version: apiVersion.slice(slash + 1),
    kind: textAt(object, 'kind'),
    namespace: textAt(metadata, 'namespace'),
    name: textAt(metadata, 'name'),
  }
}

/** True when both name the same object; no namespace means `default`, and kinds without namespaces have none. */
export function isSameObject(a: Identity, b: Identity): boolean {
  return a.group === b.group && a.version === b.version && a.kind === b.kind && a.name === b.name && namespaceOf(a) === namespaceOf(b)
}

/** The namespace an object is in by itself: `default` when it names none, nothing for kinds without namespaces. */
export function namespaceOf({ group, version, kind, namespace }: Identity): string {
  const known = builtInKind(group === '' ? version : `${group}/${version}`, kind)
  return known && !known.namespaced ? '' : namespace || 'default'
}

/** For messages: `Deployment web in namespace shop`. */
export function nameOf({ kind, name, namespace }: Identity): string {
  return `${kind} ${name}${namespace ? ` in namespace ${namespace}` : ''}`
}
