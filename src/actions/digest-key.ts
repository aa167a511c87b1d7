import { scrypt } from 'node:crypto'

const KEY_BYTES = 32
/** About a twentieth of a second, once for each plan. */
const COST = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }

/**
 * The key of a plan's digests: of its salt and all secret values (and what else only the rightful know) together, so that whoever
 * has the plan alone would have to guess all of them at once. The order of `secrets` does not count.
 */
export function digestKey(salt: string, secrets: readonly string[]): Promise<Uint8Array> {
  const material = JSON.stringify([...new Set(secrets)].sort())
  return new Promise((resolve, reject) => {
    scrypt(material, Buffer.from(salt, 'hex'), KEY_BYTES, COST, (error, key) => (error ? reject(error) : resolve(key)))
  })
}

/** Its digest tells whether a key is the right one. */
export const KEY_CHECK = 'plan'
