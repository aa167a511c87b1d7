import { failure } from '../base/diagnostic.ts'
import type { Source } from '../base/source.ts'
import type { AgeIdentity, FoundIdentities, IdentityFinder } from './age-identities.ts'
import type { AgeKey, SopsMetadata } from './sops-metadata.ts'

/** How many bytes the key of AES-256 has. */
const KEY_LENGTH = 32

/**
 * The data key of a file, opened with the first identity that fits one of its recipients.
 *
 * @throws DiagnosticError `secrets/key-groups` for Shamir's secret sharing, `secrets/no-age-key` when other kinds of keys
 *   guard the file, `secrets/no-identity` with the recipients and the places looked at
 */
export async function openDataKey(metadata: SopsMetadata, source: Source, find: IdentityFinder): Promise<Uint8Array> {
  const at = { source, start: 0, end: 1 }
  if (metadata.groups > 1) {
    throw failure('secrets/key-groups', `the data key is split over ${metadata.groups} key groups, which is not supported`, {
      at,
      hint: 'encrypt the file for one group of age recipients',
    })
  }
  if (metadata.ageKeys.length === 0) {
    throw failure('secrets/no-age-key', `the file is encrypted for ${metadata.otherKinds.join(', ')} keys only; age is supported`, {
      at,
      hint: 'add an age recipient with "sops rotate --add-age"',
    })
  }
  const searches: FoundIdentities[] = []
  for (const key of metadata.ageKeys) {
    const found = await find(key.recipient)
    searches.push(found)
    const dataKey = await unseal(key, found.identities)
    if (dataKey) return dataKey
  }
  throw await noIdentity(metadata.ageKeys, searches, source)
}

async function unseal(key: AgeKey, identities: readonly AgeIdentity[]): Promise<Uint8Array | undefined> {
  if (identities.length === 0) return undefined
  const { armor, Decrypter } = await import('age-encryption')
  const decrypter = new Decrypter()
  for (const { secret } of identities) if (await publicKey(secret)) decrypter.addIdentity(secret)
  try {
    const dataKey = await decrypter.decrypt(armor.decode(key.sealed), 'uint8array')
    return dataKey.length === KEY_LENGTH ? dataKey : undefined
  } catch {
    // Not sealed for any of these identities, or damaged: another recipient may do, and the caller says so when none does.
    return undefined
  }
}

/** The public key of a secret one; undefined when it is malformed. */
async function publicKey(secret: string): Promise<string | undefined> {
  const { identityToRecipient } = await import('age-encryption')
  try {
    return await identityToRecipient(secret)
  } catch {
    // The text of the error could quote the secret.
    return undefined
  }
}

async function noIdentity(keys: readonly AgeKey[], searches: readonly FoundIdentities[], source: Source): Promise<Error> {
  const found = new Map(searches.flatMap(({ identities }) => identities).map((identity) => [identity.secret, identity.from]))
  const notes = [`encrypted for: ${keys.map(({ recipient }) => recipient).join(', ')}`]
  for (const [secret, from] of found) notes.push(`${from} holds ${(await publicKey(secret)) ?? 'a malformed key'}`)
  const unused = new Set(searches.flatMap((search) => search.unused))
  if (unused.size > 0) notes.push(`no keys in: ${[...unused].join(', ')}`)
  notes.push(...new Set(searches.flatMap((search) => search.problems)))
  const isSsh = keys.every(({ recipient }) => recipient.startsWith('ssh-'))
  return failure('secrets/no-identity', 'no age key that was found can decrypt the file', {
    at: { source, start: 0, end: 1 },
    hint: isSsh ? 'add an age recipient; SSH keys are not supported' : 'set SOPS_AGE_KEY_FILE to a file with one of these keys',
    notes: notes.map((text) => ({ text })),
  })
}
