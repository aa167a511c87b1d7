import { hasMoreNodes, MAX_NODES, TOO_MANY_NODES } from '../go/count-nodes.ts'
import { GoError } from '../go/values.ts'
import type { Value } from './value.ts'

/** Functions that walk over all that their arguments hold. */
const WALKERS: ReadonlySet<string> = new Set([
  ...['print', 'println', 'printf', 'html', 'js', 'urlquery', 'toString', 'toStrings', 'quote', 'squote', 'cat', 'join', 'sortAlpha'],
  ...['toYaml', 'mustToYaml', 'toYamlPretty', 'toJson', 'mustToJson', 'toPrettyJson', 'mustToPrettyJson', 'toRawJson', 'mustToRawJson'],
  ...['toToml', 'mustToToml', 'deepCopy', 'mustDeepCopy'],
])

/** Whether a walk over `value` would take too long. */
export function isTooLarge(value: Value): boolean {
  return hasMoreNodes(value, MAX_NODES)
}

/** `fn` as it is, or failing over values that a walk would not come to the end of. */
export function boundedFunction<F extends { readonly call: (...args: never[]) => Value }>(name: string, fn: F): F {
  if (!WALKERS.has(name)) return fn
  const call = (...args: never[]): Value => {
    for (const arg of args) if (isTooLarge(arg)) throw new GoError(TOO_MANY_NODES)
    return fn.call(...args)
  }
  return { ...fn, call }
}
