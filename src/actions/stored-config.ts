import { concealer } from '../base/conceal.ts'
import { isObject } from '../base/json.ts'
import type { Plain } from '../go/plain.ts'
import type { GoValue } from '../go/values.ts'
import type { Layer } from '../values/layer.ts'

type PlainMap = { readonly [key: string]: Plain }

/** What one layer has where we are in the tree. */
interface Held {
  readonly secret: boolean
  readonly value: GoValue
}

/**
 * `config` as a record may keep it when secret values are to stay out of it: without what was set by a layer of secrets last, and
 * without every text or list that holds one of `secrets`. Maps that this empties go too.
 */
export function withoutSecretValues(config: PlainMap, layers: readonly Layer[], secrets: readonly string[]): PlainMap {
  const conceal = concealer(secrets, () => '')
  const short = new Set(secrets)
  const holds = (value: Plain): boolean => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return short.has(text) || conceal(text) !== text
  }
  const held = layers.map(({ secret, tree }): Held => ({ secret, value: tree }))
  return strip(config, held, holds)
}

function strip(map: PlainMap, held: readonly Held[], holds: (value: Plain) => boolean): PlainMap {
  const kept: [string, Plain][] = []
  for (const [key, value] of Object.entries(map)) {
    const below = held.flatMap(({ secret, value: tree }): Held[] => {
      const found = tree instanceof Map ? tree.get(key) : undefined
      return found === undefined ? [] : [{ secret, value: found }]
    })
    const left = isObject(value) ? strip(value, below, holds) : below.at(-1)?.secret || holds(value) ? undefined : value
    const isEmptied = isObject(value) && left !== undefined && Object.keys(left as PlainMap).length === 0 && Object.keys(value).length > 0
    if (left !== undefined && !isEmptied) kept.push([key, left])
  }
  return Object.fromEntries(kept)
}
