import { promisify } from 'node:util'
import { gunzip as gunzipCallback, inflateRaw } from 'node:zlib'
import { failure } from '../base/diagnostic.ts'
import { quote } from '../go/quote.ts'
import type { ChartFile } from './chart.ts'
import { type Budget, withoutBom } from './chart-files.ts'

/** Room for the headers and padding that a tar holds beside its files: 1.5 KB an entry. */
const TAR_OVERHEAD = 1536
const TAR_END = 1024

const gunzipAsync = promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(gunzipCallback)
const inflateRawAsync = promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(inflateRaw)

function archiveError(summary: string, cause?: unknown): Error {
  return failure('chart/bad-archive', summary, cause === undefined ? {} : { cause })
}

/** Whether `data` starts like a gzip stream. */
export function isGzip(data: Uint8Array): boolean {
  return data[0] === 0x1f && data[1] === 0x8b && data[2] === 0x08
}

/** Where the compressed data of a gzip member starts (RFC 1952, 2.3). */
function headerLength(data: Uint8Array): number {
  const flags = data[3] as number
  let at = 10
  if (flags & 0x04) at += 2 + (data[at] ?? 0) + 256 * (data[at + 1] ?? 0)
  for (const flag of [0x08, 0x10]) if (flags & flag) at = data.indexOf(0, at) + 1
  return flags & 0x02 ? at + 2 : at
}

/** A tar ends with two empty blocks; what follows them is never read. */
function isEnded(tar: Uint8Array): boolean {
  return tar.length >= TAR_END && tar.subarray(-TAR_END).every((byte) => byte === 0)
}

/**
 * The tar in `data`. Whatever stands behind the end of the tar does not count: where unpacking all of it fails, the first
 * member alone will do if a whole tar is in it.
 */
async function gunzip(data: Uint8Array, maxOutputLength: number): Promise<Uint8Array> {
  try {
    return await gunzipAsync(data, { maxOutputLength })
  } catch (error) {
    if (!isGzip(data) || (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw error
    const first = await inflateRawAsync(data.subarray(headerLength(data)), { maxOutputLength }).catch(() => undefined)
    if (first && isEnded(first)) return first
    throw error
  }
}

async function unzip(data: Uint8Array, budget: Budget): Promise<Uint8Array> {
  if (data.length === 0) throw archiveError('EOF')
  try {
    return await gunzip(data, budget.remaining + budget.limits.entries * TAR_OVERHEAD)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(budget)
    if (code === 'Z_BUF_ERROR') throw archiveError('unexpected EOF', cause)
    throw archiveError(isGzip(data) ? 'flate: corrupt input' : 'gzip: invalid header', cause)
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

interface TarHeader {
  readonly name: string
  readonly type?: string | null
  readonly size?: number | undefined
  readonly mtime?: Date | undefined
}

/** Links and devices in an archive are empty files, as Helm reads them: nothing is followed and nothing is made. */
function isFolder(header: TarHeader): boolean {
  return header.type === 'directory' || header.name.endsWith('/')
}

async function readBody(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts)
}

/**
 * The files of a gzipped tar, in its order (later ones of the same name win), their paths without the first segment.
 *
 * @throws DiagnosticError `chart/bad-archive` in Helm's words, `chart/too-large` before more than the budget is unpacked
 * Source: Helm 4.3.1 pkg/chart/loader/archive/archive.go (LoadArchiveFiles)
 */
export async function archiveFiles(data: Uint8Array, budget: Budget): Promise<readonly ChartFile[]> {
  const tar = await unzip(data, budget)
  const { extract } = await import('tar-stream')
  const extraction = extract()
  extraction.end(tar)
  const files: ChartFile[] = []
  try {
    for await (const entry of extraction) {
      const header: TarHeader = entry.header
      const body = withoutBom(await readBody(entry as unknown as AsyncIterable<Uint8Array>))
      if (isFolder(header)) continue
      const path = pathInChart(header.name)
      budget.takeEntry(path)
      if (body.length > budget.remaining) throw tooLarge(budget)
      budget.takeBytes(body.length)
      files.push({ name: path, data: body, ...(header.mtime ? { modified: header.mtime.getTime() } : {}) })
    }
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'DiagnosticError') throw cause
    throw archiveError(
      cause instanceof Error && cause.message === 'Unexpected end of data' ? 'unexpected EOF' : 'archive/tar: invalid tar header',
      cause,
    )
  }
  if (files.length === 0) throw archiveError('no files in chart archive')
  return files
}
