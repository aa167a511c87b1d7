import { isObject } from '../base/json.ts'
import type { Plan } from './plan.ts'

/**
 * What secrets were before, and will be after, as the records of `plan` tell: where the values of a release hold one of `secrets`
 * now, what its other revision holds at the same place is one too. `layers` are values that the state files set, by release id.
 */
export function formerSecrets(
  plan: Plan,
  secrets: readonly string[],
  layers: ReadonlyMap<string, readonly unknown[]> = new Map(),
): readonly string[] {
  const known = new Set(secrets)
  const found = new Set<string>()
  for (const { id, operation } of plan.releases) {
    const recorded = [operation?.current?.config, operation?.revision.config]
    const wanted = [...recorded, ...(layers.get(id) ?? [])]
    for (const config of recorded) for (const beside of wanted) if (config !== beside) addBeside(config, beside, known, found)
  }
  return [...found].filter((value) => !known.has(value))
}

/** What stands in `configs` where one of `layers` has one of `secrets`: those, and what they were before. */
export function secretsBeside(configs: readonly unknown[], layers: readonly unknown[], secrets: readonly string[]): readonly string[] {
  const known = new Set(secrets)
  const found = new Set<string>()
  for (const config of configs) for (const beside of layers) addBeside(config, beside, known, found)
  return [...found]
}

/** Adds texts and numbers of `value` that stand where `beside` has a known secret. */
function addBeside(value: unknown, beside: unknown, known: ReadonlySet<string>, found: Set<string>): void {
  if (typeof beside === 'string' || typeof beside === 'number') {
    if (known.has(String(beside)) && (typeof value === 'string' || typeof value === 'number')) found.add(String(value))
  } else if (Array.isArray(beside)) {
    if (Array.isArray(value)) for (const [index, item] of beside.entries()) addBeside(value[index], item, known, found)
  } else if (isObject(beside) && isObject(value)) {
    for (const [key, item] of Object.entries(beside)) if (Object.hasOwn(value, key)) addBeside(value[key], item, known, found)
  }
}

/** Every text in `value`. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}
