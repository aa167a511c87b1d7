import { failure } from '../base/diagnostic.ts'
import { stringFromBytes } from '../go/bytes.ts'

/** One thing in a tar. */
export interface TarEntry {
  /** A Go string, as it stands there. */
  readonly name: string
  readonly isFolder: boolean
  /** Bytes that it says it has. */
  readonly size: number
  /** A view into the tar; empty for links and devices, whatever their size: nothing is followed and nothing is made. */
  readonly data: Uint8Array
  /** Milliseconds since the epoch. */
  readonly modified: number
}

const BLOCK = 512
const MAX_EXTENSION_BYTES = 1024 * 1024
const FOLDER_MODE = 0o040000
const TYPE_MODE = 0o170000
/** Links, devices, folders and pipes have no content, whatever size they claim. */
const EMPTY_TYPES = '123456'
const WHOLE = /^[+-]?\d+$/
const TIME = /^[+-]?\d+(?:\.\d*)?$/
/** Which records of an extension are numbers. */
const NUMBERS: ReadonlyMap<string, RegExp> = new Map([
  ...['size', 'uid', 'gid'].map((name) => [name, WHOLE] as const),
  ...['mtime', 'atime', 'ctime'].map((name) => [name, TIME] as const),
])
const TEXTS = new Set(['path', 'linkpath', 'uname', 'gname'])

type Extension = ReadonlyMap<string, string>

function badHeader(): Error {
  return failure('chart/bad-archive', 'archive/tar: invalid tar header')
}

/** The error for a tar that ends too soon. */
export function unexpectedEnd(cause?: unknown): Error {
  return failure('chart/bad-archive', 'unexpected EOF', cause === undefined ? {} : { cause })
}

/**
 * The entries of `tar`, in its order, up to its end: two empty blocks, or the last byte.
 *
 * @param cut thrown where the bytes end before the tar does: why there are no more of them
 * @throws DiagnosticError `chart/bad-archive` in Go's words; also for sparse files, which no chart holds
 * Source: Go 1.26 archive/tar (reader.go, strconv.go, format.go)
 */
export function* tarEntries(tar: Buffer, cut?: Error): Generator<TarEntry> {
  let extension: Extension = new Map()
  let longName = ''
  for (let at = 0; ; ) {
    const block = blockAt(tar, at, cut)
    if (block === undefined) return
    const header = readHeader(block)
    const isMeta = 'xgLK'.includes(header.type)
    const size = isMeta ? header.size : wholeOf(extension, 'size', header.size)
    const length = EMPTY_TYPES.includes(header.type) ? 0 : size
    if (length < 0) throw badHeader()
    const start = at + BLOCK
    if (start + length > tar.length) throw cut ?? unexpectedEnd()
    const data = tar.subarray(start, start + length)
    at = start + Math.ceil(length / BLOCK) * BLOCK
    if (isMeta && length > MAX_EXTENSION_BYTES) throw badHeader()
    const own = 'xg'.includes(header.type) ? readExtension(data) : undefined
    if (header.type === 'L') longName = upToNul(data).toString('latin1')
    if (header.type === 'x') extension = own as Extension
    if (isMeta && header.type !== 'g') continue
    if (!isMeta) yield { ...entryOf(header, extension, longName), size, data }
    extension = new Map()
    longName = ''
  }
}

/** The block at `at`; undefined at the end of the tar. */
function blockAt(tar: Buffer, at: number, cut: Error | undefined): Buffer | undefined {
  const isEmpty = (start: number): boolean => tar.subarray(start, start + BLOCK).every((byte) => byte === 0)
  const left = tar.length - at
  if (left >= BLOCK && !isEmpty(at)) return tar.subarray(at, at + BLOCK)
  if (left >= 2 * BLOCK) {
    if (isEmpty(at + BLOCK)) return undefined
    throw badHeader()
  }
  if (cut === undefined && (left <= 0 || left === BLOCK)) return undefined
  throw cut ?? unexpectedEnd()
}

interface Header {
  readonly type: string
  readonly name: Buffer
  readonly size: number
  readonly mode: number
  /** Seconds since the epoch. */
  readonly modified: number
}

function readHeader(block: Buffer): Header {
  if (!hasChecksum(block)) throw badHeader()
  const magic = block.toString('latin1', 257, 263)
  const numbers = [...[100, 108, 116].map((at) => [at, 8] as const), ...(magic.startsWith('ustar') ? [[329, 8] as const, [337, 8] as const] : [])]
  const [mode = 0] = numbers.map(([at, length]) => numberIn(block.subarray(at, at + length)))
  const prefix = magic === 'ustar\0' ? upToNul(block.subarray(345, block.toString('latin1', 508, 512) === 'tar\0' ? 476 : 500)) : Buffer.alloc(0)
  const name = upToNul(block.subarray(0, 100))
  return {
    type: String.fromCharCode(block[156] as number),
    name: prefix.length > 0 ? Buffer.concat([prefix, Buffer.from('/'), name]) : name,
    size: numberIn(block.subarray(124, 136)),
    mode,
    modified: numberIn(block.subarray(136, 148)),
  }
}

/** Over bytes, or over signed bytes as some old programs count; its own place counts as blanks. */
function hasChecksum(block: Buffer): boolean {
  const said = octalIn(block.subarray(148, 156))
  let [sum, signed] = [0, 0]
  for (let i = 0; i < BLOCK; i++) {
    const counted = i >= 148 && i < 156 ? 0x20 : (block[i] as number)
    sum += counted
    signed += counted < 0x80 ? counted : counted - 0x100
  }
  return said === sum || said === signed
}

/** A number in octal digits, or in two's complement where the first bit is set. */
function numberIn(field: Buffer): number {
  const first = field[0] as number
  if (first < 0x80) return octalIn(field)
  const isNegative = (first & 0x40) !== 0
  let value = 0
  for (const [i, byte] of field.entries()) value = value * 256 + ((isNegative ? ~byte : byte) & 0xff & (i === 0 ? 0x7f : 0xff))
  if (value >= 2 ** 63) throw badHeader()
  return isNegative ? -value - 1 : value
}

function octalIn(field: Buffer): number {
  const text = field.toString('latin1').replace(/^[ \0]+|[ \0]+$/g, '')
  if (text === '') return 0
  const digits = text.split('\0')[0] as string
  if (!/^[0-7]+$/.test(digits)) throw badHeader()
  return Number.parseInt(digits, 8)
}

function upToNul(field: Buffer): Buffer {
  const end = field.indexOf(0)
  return end < 0 ? field : field.subarray(0, end)
}

/** `length key=value\n`, again and again, as one letter for each byte. */
function readExtension(data: Buffer): Extension {
  const records = new Map<string, string>()
  for (let rest = data.toString('latin1'); rest !== ''; ) {
    const [, digits = '', length = ''] = /^(([+]?\d{1,15}) )/.exec(rest) ?? []
    const record = rest.slice(digits.length, Number(length))
    const equals = record.indexOf('=')
    const isWhole = Number(length) >= 5 && Number(length) <= rest.length && record.endsWith('\n')
    if (!isWhole || equals <= 0) throw badHeader()
    const [key, value] = [record.slice(0, equals), record.slice(equals + 1, -1)]
    if ((TEXTS.has(key) ? value : key).includes('\0')) throw badHeader()
    records.set(key, value)
    rest = rest.slice(Number(length))
  }
  return records
}

function wholeOf(extension: Extension, name: string, otherwise: number): number {
  const text = extension.get(name) || undefined
  return text === undefined ? otherwise : Number(text)
}

function entryOf(header: Header, extension: Extension, longName: string): Omit<TarEntry, 'size' | 'data'> {
  for (const [key, shape] of NUMBERS) if (!shape.test(extension.get(key) || '0')) throw badHeader()
  if (header.type === 'S' || [...extension.keys()].some((key) => key.startsWith('GNU.sparse.')))
    throw failure('chart/bad-archive', 'sparse files are not supported', { hint: 'pack the chart with "helm package" or "flotilla chart package"' })
  const found = longName || extension.get('path')
  const name = stringFromBytes(found ? Buffer.from(found, 'latin1') : header.name)
  const isOldFolder = header.type === '\0' && name.endsWith('/')
  const isFolder = isOldFolder || header.type === '5' || (header.mode & TYPE_MODE) === FOLDER_MODE
  return { name, isFolder, modified: wholeOf(extension, 'mtime', header.modified) * 1000 }
}
