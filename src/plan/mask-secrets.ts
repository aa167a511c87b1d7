import { createHash } from 'node:crypto'
import type { KubeObject } from '../kinds/kube-object.ts'

/** Makes the same mark for the same value within one run, and another in the next: it shows that a value changes, not what it is. */
export type Mark = (value: string) => string

/** Shorter ones would match by chance all over a text; they are only masked where they are the whole value. */
const SHORTEST_INSIDE = 4
const BASE64 = /^[A-Za-z0-9+/\r\n]{8,}={0,2}\s*$/

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
export type MaskText = (text: string) => string

/**
 * A function that replaces each of `values` in a text by its mark: as it is, as base64, and inside what is base64 as a whole.
 * Built once, used for every text; O(length of the text).
 */
export function textMasker(values: readonly string[], mark: Mark): MaskText {
  const known = [...new Set(values)].filter((value) => value !== '')
  const whole = new Set(known.flatMap((value) => [value, base64(value)]))
  const inside = known.filter((value) => value.length >= SHORTEST_INSIDE)
  if (whole.size === 0) return (text) => text
  const pattern = inside.length > 0 ? alternatives([...inside, ...inside.map(base64)]) : undefined
  const replaced = (text: string): string => (pattern ? text.replace(pattern, (found) => masked(found, mark)) : text)
  return (text) => {
    if (whole.has(text)) return masked(text, mark)
    if (pattern && BASE64.test(text) && holds(Buffer.from(text, 'base64').toString('utf8'), inside)) return masked(text, mark)
    return replaced(text)
  }
}

function masked(value: string, mark: Mark): string {
  return `(secret ${mark(value)})`
}

function base64(value: string): string {
  return Buffer.from(value, 'utf8').toString('base64')
}

function holds(text: string, values: readonly string[]): boolean {
  return values.some((value) => text.includes(value))
}

/** Longest first, so that a secret that contains another is replaced as a whole. */
function alternatives(values: readonly string[]): RegExp {
  const literal = (value: string): string => value.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  return new RegExp(
    [...values]
      .sort((a, b) => b.length - a.length)
      .map(literal)
      .join('|'),
    'g',
  )
}

/** `value` with every text in it masked; numbers and booleans whose text is a secret as well. */
export function maskValue(value: unknown, mask: MaskText): unknown {
  if (typeof value === 'string') return mask(value)
  if (typeof value === 'number' || typeof value === 'boolean') return mask(String(value)) === String(value) ? value : mask(String(value))
  if (Array.isArray(value)) return value.map((item) => maskValue(item, mask))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [mask(key), maskValue(item, mask)]))
}
