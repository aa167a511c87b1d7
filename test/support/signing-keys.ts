import { generateKey, readKey, readPrivateKey } from 'openpgp'

/** A key pair of a test: keyrings as GnuPG would export them, the secret one armored and not. */
export interface SigningKeys {
  readonly userId: string
  readonly armored: Uint8Array
  readonly secret: Uint8Array
  readonly public: Uint8Array
}

/** A new key of `name`, locked with `passphrase` where one is given. */
export async function signingKeys(name: string, passphrase?: string): Promise<SigningKeys> {
  const email = `${name.toLowerCase()}@shop.example`
  const made = await generateKey({
    type: 'rsa',
    rsaBits: 2048,
    userIDs: [{ name, email }],
    format: 'armored',
    ...(passphrase === undefined ? {} : { passphrase }),
  })
  const publicKey = await readKey({ armoredKey: made.publicKey })
  const secret = await readPrivateKey({ armoredKey: made.privateKey })
  return { userId: `${name} <${email}>`, armored: Buffer.from(made.privateKey), secret: secret.write(), public: publicKey.write() }
}
