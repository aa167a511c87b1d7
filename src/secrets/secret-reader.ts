import { resolve } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { Source } from '../base/source.ts'
import { stringFromBytes } from '../go/bytes.ts'
import type { GoValue } from '../go/values.ts'
import { decodeYaml } from '../yaml/decode.ts'
import type { Dialect } from '../yaml/dialect.ts'
import { YamlError } from '../yaml/yaml-error.ts'
import { ageIdentities } from './age-identities.ts'
import { decryptSops, sopsFormatOf } from './decrypt-sops.ts'

/** A decrypted file. Keep `text` and what is read from it out of messages: show places in `encrypted` instead. */
export interface Secret {
  readonly text: string
  /** The file as it stands on disk; keys stand at the same paths in both. */
  readonly encrypted: Source
}

/** Decrypts the secret files of one run, each once, however often and from wherever it is asked for. */
export interface SecretReader {
  /** @throws DiagnosticError as `decryptSops`; `secrets/unsupported-format`; the system's error when the file cannot be read */
  decryptFile(path: string): Promise<Secret>
}

/** A reader for one run: keys are looked for once, files run side by side, everything stays in memory. */
export function secretReader(host: Host): SecretReader {
  const find = ageIdentities(host)
  const known = new Map<string, Promise<Secret>>()
  const decrypt = async (path: string): Promise<Secret> => {
    const encrypted = { name: path, text: stringFromBytes(host.fs.readFile(path)) }
    const format = sopsFormatOf(path)
    if (format) return { text: await decryptSops(encrypted, format, find), encrypted }
    throw failure('secrets/unsupported-format', 'encrypted .ini files are not supported', { subject: path })
  }
  return {
    decryptFile: (path) => {
      const key = resolve(host.cwd, path)
      const secret = known.get(key) ?? decrypt(path)
      known.set(key, secret)
      return secret
    },
  }
}

/**
 * The values in a decrypted YAML or JSON file. Errors name the encrypted file and quote nothing.
 *
 * @throws DiagnosticError `secrets/bad-content`
 */
export function decodeSecret(secret: Secret, dialect: Dialect): GoValue {
  try {
    return decodeYaml({ name: secret.encrypted.name, text: secret.text }, dialect)
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    // The message and its cause could hold plaintext, so neither is kept.
    throw failure('secrets/bad-content', 'the decrypted content is no YAML that can be read', { at: { source: secret.encrypted, start: 0, end: 1 } })
  }
}
