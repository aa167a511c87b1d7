import { createHash } from 'node:crypto'
import { isObject } from '../../base/json.ts'

const LETTERS = 'bcdfghjklmnpqrstvwxz2456789'

/** Ten letters that stand for a pod template; equal templates have equal ones, whatever the order of their members. */
export function templateHash(template: unknown): string {
  const digest = createHash('sha256').update(canonical(template)).digest()
  return [...digest.subarray(0, 10)].map((byte) => LETTERS[byte % LETTERS.length]).join('')
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value) ?? 'null'
  return `{${Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)
    .join(',')}}`
}
