import { promisify } from 'node:util'
import { constants, gunzip as gunzipCallback, inflateRaw as inflateRawCallback } from 'node:zlib'
import { failure } from '../base/diagnostic.ts'
import { quote } from '../go/quote.ts'
import type { ChartFile } from './chart.ts'
import { type Budget, withoutBom } from './chart-files.ts'
import { tarEntries, unexpectedEnd } from './tar-entries.ts'

/** Room for the headers and padding that a tar holds beside its files: 1.5 KB an entry. */
const TAR_OVERHEAD = 1536

interface UnzipOptions {
  readonly maxOutputLength: number
  readonly finishFlush?: number
}

const gunzip = promisify<Uint8Array, UnzipOptions, Buffer>(gunzipCallback)
const inflateRaw = promisify<Uint8Array, UnzipOptions, Buffer>(inflateRawCallback)

function archiveError(summary: string, cause?: unknown): Error {
  return failure('chart/bad-archive', summary, cause === undefined ? {} : { cause })
}

/** Whether `data` starts like a gzip stream. */
export function isGzip(data: Uint8Array): boolean {
  return data[0] === 0x1f && data[1] === 0x8b && data[2] === 0x08
}

/** The fixed part of a gzip member's header. */
const GZIP_HEADER_LENGTH = 10

/** Where the compressed data of a gzip member starts (RFC 1952, 2.3). */
function headerLength(data: Uint8Array): number {
  const flags = data[3] as number
  let at = GZIP_HEADER_LENGTH
  if (flags & 0x04) at += 2 + (data[at] ?? 0) + 256 * (data[at + 1] ?? 0)
  for (const flag of [0x08, 0x10]) if (flags & flag) at = data.indexOf(0, at) + 1
  return flags & 0x02 ? at + 2 : at
}

interface Unpacked {
  readonly tar: Buffer
  /** Where not all could be unpacked: why. */
  readonly cut: Error | undefined
}

/**
 * The tar in `data`. Whatever stands behind the end of the tar does not count: where unpacking all of it fails, as much of the first
 * member as can be had will do if a whole tar is in it.
 */
async function unzip(data: Uint8Array, budget: Budget): Promise<Unpacked> {
  if (data.length === 0) throw archiveError('EOF')
  if (data.length < GZIP_HEADER_LENGTH) throw unexpectedEnd()
  const maxOutputLength = budget.remaining + budget.limits.entries * TAR_OVERHEAD
  try {
    return { tar: await gunzip(data, { maxOutputLength }), cut: undefined }
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(budget)
    if (!isGzip(data)) throw code === 'Z_BUF_ERROR' ? unexpectedEnd(cause) : archiveError('gzip: invalid header', cause)
    const options = { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH }
    const tar = await inflateRaw(data.subarray(headerLength(data)), options).catch(() => Buffer.alloc(0))
    return { tar, cut: code === 'Z_BUF_ERROR' ? unexpectedEnd(cause) : archiveError('flate: corrupt input', cause) }
  }
}

function tooLarge(budget: Budget): Error {
  return failure('chart/too-large', `decompressed chart is larger than the maximum size ${budget.limits.totalSize}`)
}

/** Shortest form of a relative path, `.` when nothing is left of it; leading `..` stay. */
function cleanPath(path: string): string {
  const kept: string[] = []
  for (const name of path.split('/')) {
    if (name === '' || name === '.') continue
    if (name === '..' && kept.length > 0 && kept.at(-1) !== '..') kept.pop()
    else kept.push(name)
  }
  return kept.join('/') || '.'
}

/** The path inside the chart of a tar entry: all but its first segment. */
function pathInChart(entry: string): string {
  const delimiter = entry.includes('\\') ? '\\' : '/'
  const [first, ...rest] = entry.split(delimiter)
  const joined = rest.join('/')
  if (joined.startsWith('/')) throw archiveError('chart illegally contains absolute paths')
  const path = cleanPath(joined)
  if (path === '.') throw archiveError(`chart illegally contains content outside the base directory: ${quote(entry)}`)
  if (path.startsWith('..')) throw archiveError('chart illegally references parent directory')
  if (/^[a-zA-Z]:\//.test(path)) throw archiveError('chart contains illegally named files')
  if (first === 'Chart.yaml') throw archiveError('chart yaml not in base directory')
  return path
}

/**
 * The files of a gzipped tar, in its order (later ones of the same name win), their paths without the first segment.
 *
 * @throws DiagnosticError `chart/bad-archive` in Helm's words, `chart/too-large` before more than the budget is unpacked
 * Source: Helm 4.3.1 pkg/chart/loader/archive/archive.go (LoadArchiveFiles)
 */
export async function archiveFiles(data: Uint8Array, budget: Budget): Promise<readonly ChartFile[]> {
  const { tar, cut } = await unzip(data, budget)
  const files: ChartFile[] = []
  for (const { name, isFolder, size, data: content, modified } of tarEntries(tar, cut)) {
    if (isFolder) continue
    const path = pathInChart(name)
    budget.takeEntry(path)
    if (size > content.length || size > budget.remaining) throw tooLarge(budget)
    budget.takeBytes(size)
    files.push({ name: path, data: withoutBom(content), modified })
  }
  if (files.length === 0) throw archiveError('no files in chart archive')
  return files
}
