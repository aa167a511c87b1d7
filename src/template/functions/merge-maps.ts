import { TOO_MANY_NODES } from '../../go/count-nodes.ts'
import { kindOf } from '../../go/kind.ts'
import { GoError, type GoMap, type GoValue } from '../../go/values.ts'
import { isEmpty } from './is-empty.ts'

/** How deep maps may nest; a map that holds itself would never end. */
const MAX_DEPTH = 2_000

/** What mergo itself complains of; sprig's forms without `must` swallow it. */
export class MergeError extends GoError {}

/** Merges several maps; `left` is how many entries may still be laid over others. */
export interface Merging {
  readonly overwrite: boolean
  left: number
}

/**
 * Lays `source` over `target` as dario.cat/mergo does, changing `target`.
 *
 * Without `merging.overwrite` only missing and empty entries are filled (nil, false, 0, "", empty lists and maps); with it every entry of
 * `source` wins, empty ones too. Where both hold maps they merge in place, so that everyone holding them sees it; anything else
 * is shared with `source`, not copied: a source may hold itself, as long as the target does not have that part of it.
 *
 * @throws MergeError where a pointer would have to merge with something else, GoError where there is no end
 * Source: mergo 1.0.1 deepMerge with sprig's options, for maps of interface values
 */
export function mergeMaps(target: GoMap, source: GoMap, merging: Merging, depth = 0): void {
  const { overwrite } = merging
  if (depth > MAX_DEPTH) throw new GoError(`maps nest deeper than ${MAX_DEPTH}`)
  merging.left -= source.size
  if (merging.left < 0) throw new GoError(TOO_MANY_NODES)
  for (const [key, item] of [...source]) {
    const present = target.has(key)
    const old = target.get(key) ?? null
    if (item === null) {
      if (overwrite) target.set(key, null)
      continue
    }
    if (old instanceof Map && item instanceof Map) mergeMaps(old, item, merging, depth + 1)
    else if (!overwrite && kindOf(old) === 'ptr' && needsPointer(item)) throw new MergeError('src and dst must be of same type')
    if (old instanceof Map && item instanceof Map && old.size > 0) continue
    if (overwrite || !present || isEmpty(old)) target.set(key, item)
  }
}

/** Kinds that mergo merges into a pointer rather than replaces. */
function needsPointer(value: GoValue): boolean {
  const kind = kindOf(value)
  return kind === 'map' || kind === 'struct'
}
