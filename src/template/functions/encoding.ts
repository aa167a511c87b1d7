import { createHash } from 'node:crypto'
import { decodeBase32, encodeBase32 } from '../../go/base32.ts'
import { decodeBase64, encodeBase64 } from '../../go/base64.ts'
import { bytesOfString } from '../../go/bytes.ts'
import { GoError, type GoFunction } from '../../go/values.ts'
import { fixed } from './signature.ts'

const ADLER_MODULUS = 65_521

function adler32(text: string): string {
  let a = 1
  let b = 0
  for (const byte of bytesOfString(text)) {
    a = (a + byte) % ADLER_MODULUS
    b = (b + a) % ADLER_MODULUS
  }
  return String(b * 65_536 + a)
}

/** sprig gives the error's text as the result. */
function orErrorText(decode: (text: string) => string): (text: string) => string {
  return (text) => {
    try {
      return decode(text)
    } catch (error) {
      if (error instanceof GoError) return error.message
      throw error
    }
  }
}

const hash = (algorithm: string): GoFunction => fixed(['string'], (text: string) => createHash(algorithm).update(bytesOfString(text)).digest('hex'))

/**
 * Base64, base32 and checksums, over a text's bytes.
 *
 * Source: sprig 3.3.0 strings.go, crypto.go
 */
export const encodingFunctions: ReadonlyMap<string, GoFunction> = new Map<string, GoFunction>([
  ['b64enc', fixed(['string'], encodeBase64)],
  ['b64dec', fixed(['string'], orErrorText(decodeBase64))],
  ['b32enc', fixed(['string'], encodeBase32)],
  ['b32dec', fixed(['string'], orErrorText(decodeBase32))],
  ['sha1sum', hash('sha1')],
  ['sha256sum', hash('sha256')],
  ['sha512sum', hash('sha512')],
  ['adler32sum', fixed(['string'], adler32)],
])
