import { isObject } from '../base/json.ts'

/** Tells whether two values differ in more than the names of their environments. */
export interface NameFolder {
  /** Whether two texts are the same once each stands for its environment: `web.staging.example` and `web.production.example`. */
  readonly isSame: (source: string, target: string) => boolean
  /** `source`, a JSON value, with `target`'s texts in the places where only the environments' names differ, and how many those are. */
  readonly aligned: (source: unknown, target: unknown) => Aligned
}

/** A value, and how many of its texts were taken from the other. */
export interface Aligned {
  readonly value: unknown
  readonly folded: number
}

/** Stands for the name of either environment; no YAML text holds it. */
const STAND_IN = '\0'

/** A folder for two environments' names, which count as whole words only. */
export function nameFolder(source: string, target: string): NameFolder {
  const [ofSource, ofTarget] = [wordOf(source), wordOf(target)]
  const isSame = (a: string, b: string): boolean => a.replace(ofSource, STAND_IN) === b.replace(ofTarget, STAND_IN)
  const aligned = (before: unknown, after: unknown): Aligned => {
    if (typeof before === 'string' && typeof after === 'string')
      return before !== after && isSame(before, after) ? { value: after, folded: 1 } : { value: before, folded: 0 }
    if (Array.isArray(before) && Array.isArray(after)) {
      const items = before.map((item, i) => aligned(item, after[i]))
      return { value: items.map(({ value }) => value), folded: sum(items) }
    }
    if (!isObject(before) || !isObject(after)) return { value: before, folded: 0 }
    const entries = Object.entries(before).map(([key, item]) => [key, aligned(item, after[key])] as const)
    return { value: Object.fromEntries(entries.map(([key, { value }]) => [key, value])), folded: sum(entries.map(([, item]) => item)) }
  }
  return { isSame, aligned }
}

function wordOf(name: string): RegExp {
  return new RegExp(`(?<![A-Za-z0-9])${name.replace(/[^A-Za-z0-9]/g, '\\$&')}(?![A-Za-z0-9])`, 'g')
}

function sum(items: readonly Aligned[]): number {
  return items.reduce((total, { folded }) => total + folded, 0)
}
