import { bytesOfString } from './bytes.ts'

/** Text in quotes as Go's time package writes it in errors: quotes and backslashes escaped, everything beyond ASCII as bytes. */
export function quoteForTime(text: string): string {
  let out = '"'
  for (const byte of bytesOfString(text)) {
    if (byte === 0x22 || byte === 0x5c) out += `\\${String.fromCharCode(byte)}`
    else if (byte < 0x20 || byte >= 0x80) out += `\\x${byte.toString(16).padStart(2, '0')}`
    else out += String.fromCharCode(byte)
  }
  return `${out}"`
}
