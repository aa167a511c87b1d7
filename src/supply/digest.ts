import { createHash } from 'node:crypto'

/** `sha256:<hex>` of `data`. */
export function digestOf(data: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(data).digest('hex')}`
}

/** A digest with its algorithm in front, in lower case, as indexes write it with or without; undefined for anything else. */
export function normalDigest(text: string): string | undefined {
  const [, algorithm = 'sha256', hex] = /^(?:(sha256|sha512):)?([0-9a-f]{64}|[0-9a-f]{128})$/i.exec(text) ?? []
  if (hex === undefined || hex.length !== (algorithm.toLowerCase() === 'sha512' ? 128 : 64)) return undefined
  return `${algorithm.toLowerCase()}:${hex.toLowerCase()}`
}

/** Whether `data` is what `digest` (`sha256:…` or `sha512:…`) says. */
export function hasDigest(data: Uint8Array, digest: string): boolean {
  const [algorithm = ''] = digest.split(':')
  return `${algorithm}:${createHash(algorithm).update(data).digest('hex')}` === digest
}
