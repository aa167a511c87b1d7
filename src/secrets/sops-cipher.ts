import { createDecipheriv } from 'node:crypto'
import { bytesOfString, stringFromBytes } from '../go/bytes.ts'
import { parseAtoi, parseFloat64 } from '../go/parse-number.ts'
import { goInt } from '../go/values.ts'
import { parseTimestamp } from '../yaml/timestamp.ts'
import type { SopsValue } from './sops-tree.ts'

/** Greedy as in sops: the last `type:` counts. None of the parts can hold a comma. */
const ENCRYPTED = /^ENC\[AES256_GCM,data:([^,\]]+),iv:([^,\]]+),tag:([^,\]]+),type:([^,\]]+)\]/
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/** Why a value could not be decrypted; never any part of it. */
export class CipherError extends Error {}

/** Whether a text has the form of an encrypted value. */
export function isEncryptedValue(text: string): boolean {
  return ENCRYPTED.test(text)
}

/**
 * The plaintext of one encrypted value in its own type. `context` is what it was sealed with: its path, or a date.
 *
 * @throws CipherError when the form, the key or the context is wrong
 * Source: sops 3.13 aes/cipher.go
 */
export function decryptValue(text: string, key: Uint8Array, context: string): SopsValue {
  if (text === '') return ''
  const match = ENCRYPTED.exec(text)
  if (!match) throw new CipherError('it has not the form ENC[AES256_GCM,…]')
  const [, data, iv, tag, type] = match as unknown as [string, string, string, string, string]
  return typedPlaintext(open(decodeBase64(data), decodeBase64(iv), decodeBase64(tag), key, context), type)
}

function decodeBase64(text: string): Buffer {
  if (text.length % 4 !== 0 || !BASE64.test(text)) throw new CipherError('a part of it is no base64')
  return Buffer.from(text, 'base64')
}

const TAG_LENGTH = 16

function open(data: Buffer, iv: Buffer, tag: Buffer, key: Uint8Array, context: string): Uint8Array {
  // A shorter tag would be accepted by the library, and easier to forge.
  if (tag.length !== TAG_LENGTH) throw new CipherError('its tag has the wrong length')
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_LENGTH })
    decipher.setAAD(bytesOfString(context))
    decipher.setAuthTag(tag)
    return Buffer.concat([decipher.update(data), decipher.final()])
  } catch (error) {
    throw new CipherError('it was changed, or moved from another place, after it was encrypted', { cause: error })
  }
}

const TRUE_WORDS: ReadonlySet<string> = new Set(['1', 't', 'T', 'true', 'TRUE', 'True'])
const FALSE_WORDS: ReadonlySet<string> = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False'])

function typedPlaintext(bytes: Uint8Array, type: string): SopsValue {
  const text = stringFromBytes(bytes)
  switch (type) {
    case 'str':
    case 'bytes':
      return text
    case 'comment':
      return { type: 'comment' }
    case 'int': {
      const { value, error } = parseAtoi(text)
      if (!error) return goInt(value)
      break
    }
    case 'float': {
      const { value, error } = parseFloat64(text)
      if (!error) return value
      break
    }
    case 'bool':
      if (TRUE_WORDS.has(text)) return true
      if (FALSE_WORDS.has(text)) return false
      break
    case 'time': {
      const time = parseTimestamp(text)
      if (time) return time
      break
    }
    default:
      throw new CipherError(`its type "${type}" is unknown`)
  }
  throw new CipherError(`its content is no ${type}`)
}
