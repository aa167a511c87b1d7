import { failure } from '../base/diagnostic.ts'
import type { FoundIdentities, IdentityFinder } from './age-identities.ts'

/** `content` encrypted so that each of `recipients` (`age1…`) can read it. @throws DiagnosticError `secrets/bad-recipient` */
export async function sealFor(recipients: readonly string[], content: Uint8Array): Promise<Uint8Array> {
  const { Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient)
    } catch (cause) {
      throw failure('secrets/bad-recipient', `"${recipient}" is no age recipient`, { hint: 'name public keys that begin with age1', cause })
    }
  }
  return encrypter.encrypt(content)
}

/**
 * What was sealed for `recipients`, opened with the first identity that fits.
 *
 * @throws DiagnosticError `secrets/no-identity` with the recipients and the places looked at
 */
export async function unseal(sealed: Uint8Array, recipients: readonly string[], find: IdentityFinder, subject: string): Promise<Uint8Array> {
  const searches: FoundIdentities[] = []
  for (const recipient of recipients) {
    const found = await find(recipient)
    searches.push(found)
    const content = await opened(sealed, found)
    if (content) return content
  }
  const places = [...new Set(searches.flatMap(({ unused }) => unused))]
  throw failure('secrets/no-identity', 'no age key that was found can decrypt it', {
    subject,
    notes: [
      { text: `encrypted for: ${recipients.join(', ')}` },
      ...(places.length > 0 ? [{ text: `no keys in: ${places.join(', ')}` }] : []),
      ...[...new Set(searches.flatMap(({ problems }) => problems))].map((text) => ({ text })),
    ],
    hint: 'set SOPS_AGE_KEY_FILE to a file with one of these keys',
  })
}

async function opened(sealed: Uint8Array, { identities }: FoundIdentities): Promise<Uint8Array | undefined> {
  const { Decrypter } = await import('age-encryption')
  for (const { secret } of identities) {
    try {
      const decrypter = new Decrypter()
      decrypter.addIdentity(secret)
      return await decrypter.decrypt(sealed, 'uint8array')
    } catch {
      // A malformed key, or not sealed for it: another may do, and the caller says so when none does. The error could quote the key.
    }
  }
  return undefined
}
