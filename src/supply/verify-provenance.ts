import { failure } from '../base/diagnostic.ts'
import { type JsonObject, objectOf, valueAt } from '../base/json.ts'
import { toPlain } from '../go/plain.ts'
import { decodeYaml } from '../yaml/decode.ts'
import { digestOf } from './digest.ts'

/** An archive and what its provenance file says of it. */
export interface SignedArchive {
  /** As the provenance file names it: `web-1.0.0.tgz`. */
  readonly fileName: string
  readonly archive: Uint8Array
  readonly provenance: Uint8Array
  /** Public keys as OpenPGP packets, armored or not. */
  readonly keys: Uint8Array
}

/** What stands between the chart's metadata and the digests. */
const DOCUMENT_END = /^\.\.\.\s*$/m

/** Who signed an archive. */
export interface Verified {
  readonly userIds: readonly string[]
  /** Of the key, in upper case. */
  readonly fingerprint: string
  /** Of the archive: `sha256:<hex>`. */
  readonly digest: string
}

/**
 * Checks as `verifyProvenance` and says who signed.
 *
 * @throws as `verifyProvenance`
 */
export async function verifiedBy(signed: SignedArchive): Promise<Verified> {
  const fingerprint = await verifyProvenance(signed)
  const keys = await readKeys(signed.keys)
  const signer = keys.find((key) => key.getFingerprint().toUpperCase() === fingerprint)
  return { userIds: signer?.getUserIDs() ?? [], fingerprint, digest: digestOf(signed.archive) }
}

/**
 * Checks that somebody of the keyring signed the provenance file, and that it speaks of this very archive.
 *
 * @returns the fingerprint of the key, in upper case
 * @throws DiagnosticError `supply/bad-signature`, `supply/keyring`
 * Source: Helm 4.3.1 pkg/provenance/sign.go (Verify)
 */
export async function verifyProvenance(signed: SignedArchive): Promise<string> {
  const { text, fingerprint } = await checkSignature(signed)
  const { fileName, archive } = signed
  const expected = digestsIn(text, fileName)[fileName]
  if (expected === undefined) throw badSignature(fileName, `its provenance file speaks of other files`)
  if (expected !== digestOf(archive)) throw badSignature(fileName, 'the archive is not the one that was signed')
  return fingerprint
}

function badSignature(fileName: string, why: string, cause?: unknown): Error {
  return failure('supply/bad-signature', `${fileName} cannot be verified: ${why}`, {
    hint: 'do not use it before you know why; the key of who signs it must be in the keyring',
    ...(cause === undefined ? {} : { cause }),
  })
}

async function checkSignature({ fileName, provenance, keys }: SignedArchive): Promise<{ readonly text: string; readonly fingerprint: string }> {
  const { readCleartextMessage, verify } = await import('openpgp')
  const verificationKeys = await readKeys(keys)
  try {
    const message = await readCleartextMessage({ cleartextMessage: Buffer.from(provenance).toString('utf8') })
    const { signatures } = await verify({ message, verificationKeys })
    const [signature] = signatures
    if (!signature) throw badSignature(fileName, 'nobody signed it')
    await signature.verified
    const signer = verificationKeys.find((key) => key.getKeys(signature.keyID).length > 0)
    if (await isExpired([signer, ...(signer?.getKeys(signature.keyID) ?? [])])) throw badSignature(fileName, 'the key has expired that signed it')
    return { text: message.getText(), fingerprint: (signer?.getFingerprint() ?? signature.keyID.toHex()).toUpperCase() }
  } catch (cause) {
    throw cause instanceof Error && cause.name === 'DiagnosticError' ? cause : badSignature(fileName, (cause as Error).message, cause)
  }
}

/** Whether one of these keys (a key and the part of it that signed) is no longer valid now, whatever it was when it signed. */
async function isExpired(
  keys: readonly ({ getExpirationTime(): Promise<Date | typeof Number.POSITIVE_INFINITY | null> } | undefined)[],
): Promise<boolean> {
  const times = await Promise.all(keys.map((key) => key?.getExpirationTime()))
  return times.some((time) => time instanceof Date && time.getTime() <= Date.now())
}

async function readKeys(keys: Uint8Array) {
  const { readKeys: read } = await import('openpgp')
  const text = Buffer.from(keys).toString('latin1')
  try {
    if (!text.includes('-----BEGIN PGP')) return await read({ binaryKeys: keys })
    // One block holds the keys of one export; a keyring may be several of them, one behind the other.
    const blocks = text.split(/(?=^-----BEGIN PGP)/m).filter((block) => block.includes('-----BEGIN PGP'))
    return (await Promise.all(blocks.map((block) => read({ armoredKeys: block })))).flat()
  } catch (cause) {
    throw failure('supply/keyring', 'the keyring holds no keys that can be read', { cause, hint: 'export it anew with gpg --export' })
  }
}

function digestsIn(text: string, fileName: string): JsonObject {
  const [, second = ''] = text.split(DOCUMENT_END)
  try {
    return objectOf(valueAt(toPlain(decodeYaml({ name: `${fileName}.prov`, text: second }, 'helm')), 'files'))
  } catch (cause) {
    throw badSignature(fileName, 'its provenance file cannot be read', cause)
  }
}
