import { createHash } from 'node:crypto'
import { failure } from '../base/diagnostic.ts'
import type { ChartMetadata } from '../chart/chart.ts'
import { fromPlain } from '../go/plain.ts'
import { encodeYaml } from '../yaml/encode.ts'
import { metadataYaml } from './metadata-document.ts'

/** Who signs. */
export interface SigningKey {
  /** Secret keys as OpenPGP packets, armored or not. */
  readonly keyring: Uint8Array
  /** Part of the user id of one of them. */
  readonly name: string
  /** Asked where the key is locked. */
  readonly passphrase: () => Promise<string>
}

async function readSecretKeys(keyring: Uint8Array) {
  const { readKeys, readPrivateKeys } = await import('openpgp')
  const text = Buffer.from(keyring).toString('latin1')
  const isArmored = text.includes('-----BEGIN PGP')
  try {
    return await (isArmored ? readPrivateKeys({ armoredKeys: text }) : readPrivateKeys({ binaryKeys: keyring }))
  } catch (cause) {
    const hasPublic = await (isArmored ? readKeys({ armoredKeys: text }) : readKeys({ binaryKeys: keyring })).then(
      (keys) => keys.length > 0,
      () => false,
    )
    throw failure('publish/no-secret-key', hasPublic ? 'the keyring holds public keys only' : 'the keyring holds no keys that can be read', {
      cause,
      hint: 'name one with secret keys: gpg --export-secret-keys > secring.gpg',
    })
  }
}

/** The one key whose user id is `name`, or has it in it. */
async function chooseKey({ keyring, name }: SigningKey) {
  const keys = await readSecretKeys(keyring)
  const exact = keys.filter((key) => key.getUserIDs().includes(name))
  const found = exact.length > 0 ? exact : keys.filter((key) => key.getUserIDs().some((id) => id.includes(name)))
  if (found.length > 1) throw failure('publish/no-secret-key', `more than one key contain the id "${name}"`, { hint: 'give the whole user id' })
  const [key] = found
  if (key) return key
  throw failure('publish/no-secret-key', `no secret key of the keyring has "${name}" in its user id`, {
    notes: keys.flatMap((one) => one.getUserIDs()).map((id) => ({ text: `there is ${id}` })),
  })
}

async function unlocked(signing: SigningKey) {
  const { decryptKey } = await import('openpgp')
  const key = await chooseKey(signing)
  if (key.isDecrypted()) return key
  const passphrase = await signing.passphrase()
  return decryptKey({ privateKey: key, passphrase }).catch((cause: unknown) => {
    throw failure('publish/bad-passphrase', 'the passphrase does not unlock the key', { cause })
  })
}

/**
 * The provenance file of an archive: its chart's metadata and its digest, signed as text.
 *
 * @throws DiagnosticError `publish/no-secret-key`, `publish/bad-passphrase`
 * Source: Helm 4.3.1 pkg/provenance/sign.go (ClearSign)
 */
export async function signArchive(fileName: string, data: Uint8Array, metadata: ChartMetadata, signing: SigningKey): Promise<string> {
  const { config, createCleartextMessage, enums, sign } = await import('openpgp')
  const digest = `sha256:${createHash('sha256').update(data).digest('hex')}`
  const text = `${metadataYaml(metadata)}\n...\n${encodeYaml(fromPlain({ files: { [fileName]: digest } }), 'helm')}`
  const message = await createCleartextMessage({ text })
  const signingKeys = await unlocked(signing)
  return sign({ message, signingKeys, config: { ...config, preferredHashAlgorithm: enums.hash.sha512 } })
}
