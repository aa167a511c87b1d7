import { kindOf } from '../../go/kind.ts'
import { GoError, type GoMap, type GoValue } from '../../go/values.ts'
import { isEmpty } from './is-empty.ts'

/** How deep maps may nest; a map that holds itself would never end. */
const MAX_DEPTH = 2_000

/**
 * Lays `source` over `target` as dario.cat/mergo does, changing `target`.
 *
 * Without `overwrite` only missing and empty entries are filled (nil, false, 0, "", empty lists and maps); with it every entry of
 * `source` wins, empty ones too. Where both hold maps they merge in place, so that everyone holding them sees it; anything else
 * is shared with `source`, not copied.
 *
 * @throws GoError where a pointer would have to merge with something else
 * Source: mergo 1.0.1 deepMerge with sprig's options, for maps of interface values
 */
export function mergeMaps(target: GoMap, source: GoMap, overwrite: boolean, depth = 0): void {
  if (depth > MAX_DEPTH) throw new GoError(`maps nest deeper than ${MAX_DEPTH}`)
  for (const [key, item] of [...source]) {
    const present = target.has(key)
    const old = target.get(key) ?? null
    if (item === null) {
      if (overwrite) target.set(key, null)
      continue
    }
    if (old instanceof Map && item instanceof Map) mergeMaps(old, item, overwrite, depth + 1)
    else if (!overwrite && kindOf(old) === 'ptr' && needsPointer(item)) throw new GoError('src and dst must be of same type')
    if (old instanceof Map && item instanceof Map && old.size > 0) continue
    if (overwrite || !present || isEmpty(old)) target.set(key, item)
  }
}

/** Kinds that mergo merges into a pointer rather than replaces. */
function needsPointer(value: GoValue): boolean {
  const kind = kindOf(value)
  return kind === 'map' || kind === 'struct'
}
