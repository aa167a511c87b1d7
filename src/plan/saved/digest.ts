import { createHmac } from 'node:crypto'
import { canonicalJson } from './canonical-json.ts'

/** The digest of any JSON value, as hex: equal for equal values under one key. */
export type Digest = (value: unknown) => string

/** Digests (HMAC-SHA256 of canonical JSON) under `key`; without the key nobody can try guesses against them. */
export function digestWith(key: Uint8Array): Digest {
  return (value) => createHmac('sha256', key).update(canonicalJson(value)).digest('hex')
}
