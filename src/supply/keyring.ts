import { join } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'

const KEYBOX_MAGIC = 'KBXf'
const OPENPGP_BLOB = 2

/** The keyring of this machine: GnuPG's, in its old or its new form. Source: Helm 4.3.1 pkg/cmd/dependency_build.go (defaultKeyring) */
export function defaultKeyring({ env, homeDir, fs }: Host): string {
  const folder = env['GNUPGHOME'] ?? join(homeDir, '.gnupg')
  const [old, keybox] = [join(folder, 'pubring.gpg'), join(folder, 'pubring.kbx')]
  return fs.stat(old) === undefined && fs.stat(keybox) !== undefined ? keybox : old
}

/**
 * The public keys of a keyring as OpenPGP packets: of a file that holds just them (armored as text or not), or of a keybox.
 * @throws DiagnosticError `supply/keyring`
 */
export function readKeyring(host: Host, path: string): Uint8Array {
  if (host.fs.stat(path)?.kind !== 'file') {
    throw failure('supply/keyring', `there is no keyring ${path}`, {
      hint: 'name one with keyring, or import the key of who signs the charts with gpg',
    })
  }
  const data = Buffer.from(host.fs.readFile(path))
  return data.toString('latin1', 8, 12) === KEYBOX_MAGIC ? keysOfKeybox(data, path) : data
}

/** Source: GnuPG 2.4 kbx/keybox-blob.c, the description of the file format */
function keysOfKeybox(data: Buffer, path: string): Uint8Array {
  const keys: Buffer[] = []
  for (let at = 0; at + 5 <= data.length; ) {
    const length = data.readUInt32BE(at)
    if (length < 5 || at + length > data.length) throw failure('supply/keyring', `the keyring ${path} is damaged`)
    const blob = data.subarray(at, at + length)
    if (blob[4] === OPENPGP_BLOB && length >= 16) keys.push(blob.subarray(blob.readUInt32BE(8), blob.readUInt32BE(8) + blob.readUInt32BE(12)))
    at += length
  }
  return Buffer.concat(keys)
}
