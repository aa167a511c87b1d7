/** One entry of a tar as its bytes say it, right or wrong. */
export interface RawEntry {
  readonly name: string
  readonly content?: string
  /** `0`, a file, where it is absent. */
  readonly type?: string
  /** As it stands in the header; else that of the content, in octal digits. */
  readonly size?: string | Buffer
  readonly mode?: string
  readonly prefix?: string
  /** `ustar\0` and version `00` where it is absent. */
  readonly magic?: string
  /** At the very end of the header. */
  readonly trailer?: string
  /** Added to the checksum. */
  readonly off?: number
}

const BLOCK = 512

/** The blocks of these entries, without the end of a tar. Source: POSIX.1-2017 pax, ustar interchange format */
export function rawTar(entries: readonly RawEntry[]): Buffer {
  return Buffer.concat(entries.flatMap((entry) => [headerOf(entry), padded(Buffer.from(entry.content ?? ''))]))
}

/** What ends a tar. */
export const TAR_END: Buffer = Buffer.alloc(2 * BLOCK)

/** The content of an extension (type `x`) with these records. */
export function paxRecords(records: Readonly<Record<string, string>>): string {
  const lines = Object.entries(records).map(([key, value]) => {
    const rest = ` ${key}=${value}\n`
    const length = Buffer.byteLength(rest)
    const digits = String(length + String(length + 2).length).length
    return `${length + digits}${rest}`
  })
  return lines.join('')
}

function headerOf({ name, content = '', type = '0', size, mode, prefix = '', magic = 'ustar\x0000', trailer = '', off = 0 }: RawEntry): Buffer {
  const header = Buffer.alloc(BLOCK)
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0')
  header.write(name, 0, 100, 'utf8')
  header.write(mode ?? '0000644\0', 100, 8, 'latin1')
  const claimed = size ?? `${octal(Buffer.byteLength(content), 11)}\0`
  Buffer.from(claimed as string).copy(header, 124, 0, 12)
  header.write(`${octal(0, 11)}\0`, 136, 12, 'latin1')
  header.write(type, 156, 1, 'latin1')
  header.write(magic, 257, 8, 'latin1')
  header.write(prefix, 345, 155, 'utf8')
  header.write(trailer, 508, 4, 'latin1')
  const sum = header.reduce((total, byte) => total + byte, 8 * 0x20) + off
  header.write(`${octal(sum, 6)}\0 `, 148, 8, 'latin1')
  return header
}

function padded(content: Buffer): Buffer {
  return Buffer.concat([content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)])
}
