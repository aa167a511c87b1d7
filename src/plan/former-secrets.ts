import type { Plan } from './plan.ts'

type JsonMap = { readonly [key: string]: unknown }

/**
 * What secrets were before, and will be after, as the records of `plan` tell: where the values of a release hold one of `secrets`
 * now, what its other revision holds at the same place is one too.
 */
export function formerSecrets(plan: Plan, secrets: readonly string[]): readonly string[] {
  const known = new Set(secrets)
  const found = new Set<string>()
  for (const { operation } of plan.releases) {
    const [old, next] = [operation?.current?.config, operation?.revision.config]
    if (!old || !next) continue
    addBeside(old, next, known, found)
    addBeside(next, old, known, found)
  }
  return [...found].filter((value) => !known.has(value))
}

/** Adds texts and numbers of `value` that stand where `beside` has a known secret. */
function addBeside(value: unknown, beside: unknown, known: ReadonlySet<string>, found: Set<string>): void {
  if (typeof beside === 'string' || typeof beside === 'number') {
    if (known.has(String(beside)) && (typeof value === 'string' || typeof value === 'number')) found.add(String(value))
  } else if (Array.isArray(beside)) {
    if (Array.isArray(value)) for (const [index, item] of beside.entries()) addBeside(value[index], item, known, found)
  } else if (isMap(beside) && isMap(value)) {
    for (const [key, item] of Object.entries(beside)) if (Object.hasOwn(value, key)) addBeside(value[key], item, known, found)
  }
}

function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
