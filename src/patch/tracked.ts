import type { GoMap } from '../go/values.ts'
import { type Identity, identityOf } from './identity.ts'

/** An object on its way through patches. */
export interface Tracked {
  readonly object: GoMap
  /** What was put in. */
  readonly origin: GoMap
  /** The identities it had before its present one, oldest first. */
  readonly formerly: readonly Identity[]
}

/** An object that nothing has happened to yet. */
export function tracked(object: GoMap): Tracked {
  return { object, origin: object, formerly: [] }
}

/** The same object with other content; an identity that it loses is remembered. */
export function changedTo({ object: old, origin, formerly }: Tracked, object: GoMap): Tracked {
  const [before, after] = [identityOf(old), identityOf(object)]
  const isSame = before.kind === after.kind && before.name === after.name && before.namespace === after.namespace
  return { object, origin, formerly: isSame ? formerly : [...formerly, before] }
}

/** The identity that an object came with. */
export function firstIdentity({ object, formerly }: Tracked): Identity {
  return formerly[0] ?? identityOf(object)
}
