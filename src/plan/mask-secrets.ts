import { createHash } from 'node:crypto'
import { type Conceal, concealer } from '../base/conceal.ts'
import type { KubeObject } from '../kinds/kube-object.ts'

/** Makes the same mark for the same value within one run, and another in the next: it shows that a value changes, not what it is. */
export type Mark = (value: string) => string

/** Marks salted with `salt`, which should be random and new for each run. */
export function markWith(salt: string): Mark {
  return (value) => createHash('sha256').update(salt).update('\0').update(value).digest('hex').slice(0, 6)
}

/** A Secret with the values of `data` and `stringData` replaced by their length and mark; keys stay. */
export function maskSecret(object: KubeObject, mark: Mark): KubeObject {
  const masked = (field: 'data' | 'stringData', decode: (value: string) => Buffer): { readonly [key: string]: unknown } => {
    const values = object[field]
    if (typeof values !== 'object' || values === null) return {}
    const entries = Object.entries(values).map(([key, value]) => [key, describe(decode(String(value)), mark)])
    return { [field]: Object.fromEntries(entries) }
  }
  return { ...object, ...masked('data', (value) => Buffer.from(value, 'base64')), ...masked('stringData', (value) => Buffer.from(value, 'utf8')) }
}

function describe(value: Buffer, mark: Mark): string {
  return `(secret: ${value.length} bytes, ${mark(value.toString('latin1'))})`
}

/** Replaces known secret values in texts. */
export type MaskText = Conceal

/**
 * A function that replaces each of `values` in a text by its mark: as `concealer` finds them, and those of three characters where
 * they are all of the text. Built once, used for every text; O(length of the text).
 */
export function textMasker(values: readonly string[], mark: Mark): MaskText {
  const short = new Set(values.filter((value) => value.length === SHORT_WHOLE && /[^a-z]/i.test(value)))
  const standIn = (value: string): string => `(secret ${mark(value)})`
  const conceal = concealer(values, standIn)
  return (text) => (short.has(text) ? standIn(text) : conceal(text))
}

/** So long is what is hidden only where it is a whole text; shorter ones stand everywhere and say nothing. */
const SHORT_WHOLE = 3

/** `value` with every text in it masked; numbers whose text is a secret as well. */
export function maskValue(value: unknown, mask: MaskText): unknown {
  if (typeof value === 'string') return mask(value)
  if (typeof value === 'number') return mask(String(value)) === String(value) ? value : mask(String(value))
  if (Array.isArray(value)) return value.map((item) => maskValue(item, mask))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [mask(key), maskValue(item, mask)]))
}
