import { decodeBase64 } from '../../../go/base64.ts'
import { bytesOfString } from '../../../go/bytes.ts'

export interface PemBlock {
  readonly type: string
  readonly bytes: Uint8Array
}

/** The first PEM block of a text, or undefined; headers inside a block are not looked at. Source: RFC 7468 */
export function decodePem(text: string): PemBlock | undefined {
  const found = /-----BEGIN ([^-\n]+)-----[ \t]*\r?\n([A-Za-z0-9+/=\s]*?)-----END ([^-\n]+)-----/.exec(text)
  if (!found || found[1] !== found[3]) return undefined
  try {
    return { type: found[1] as string, bytes: bytesOfString(decodeBase64((found[2] as string).replace(/\s/g, ''))) }
  } catch {
    // Not base64: Go's decoder finds no block there either.
    return undefined
  }
}

/** A PEM block as Go's encoding/pem prints it: 64 characters a line. */
export function encodePem({ type, bytes }: PemBlock): string {
  const lines = Buffer.from(bytes)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n')
  return `-----BEGIN ${type}-----\n${lines}\n-----END ${type}-----\n`
}
