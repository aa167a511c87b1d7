import { stringFromBytes } from '../../go/bytes.ts'

/** What a text in base64 holds; undefined when it is none. */
export function decodedBase64(text: string): string | undefined {
  const packed = text.replace(/[\r\n]/g, '')
  if (packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(packed)) return undefined
  return stringFromBytes(Buffer.from(packed, 'base64'))
}
