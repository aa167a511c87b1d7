import type { Host } from '../base/host.ts'
import type { JsonObject } from '../base/json.ts'
import type { Registry } from './registry.ts'
import type { Storage } from './storage.ts'

/** The cluster as its parts see it. */
export interface Cluster {
  readonly host: Host
  readonly storage: Storage
  readonly registry: Registry
  /** Runs `work` after `ms` unless the cluster is closed by then. */
  after(ms: number, work: () => void): void
}

/** Now, in RFC 3339 and seconds. */
export function timestamp(cluster: Cluster): string {
  return `${new Date(cluster.host.now()).toISOString().slice(0, 19)}Z`
}

/** A random UUID of version 4. */
export function newUid(cluster: Cluster): string {
  const bytes = Buffer.from(cluster.host.randomBytes(16))
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

const SUFFIX_LETTERS = 'bcdfghjklmnpqrstvwxz2456789'

/** Five letters as `generateName` appends them. */
export function nameSuffix(cluster: Cluster): string {
  return [...cluster.host.randomBytes(5)].map((byte) => SUFFIX_LETTERS[byte % SUFFIX_LETTERS.length]).join('')
}

/** An object with members of its metadata replaced; undefined removes one. */
export function withMetadata(object: JsonObject, members: Readonly<Record<string, unknown>>): JsonObject {
  const metadata: Record<string, unknown> = { ...(object['metadata'] as JsonObject | undefined), ...members }
  for (const [key, value] of Object.entries(members)) if (value === undefined) delete metadata[key]
  return { ...object, metadata }
}
