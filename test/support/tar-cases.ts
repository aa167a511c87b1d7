import { gzipSync } from 'node:zlib'
import { paxRecords, type RawEntry, rawTar, TAR_END } from './raw-tar.ts'

/** An archive, and what Helm 4.3.1 reads in it: files by their path, or an error. */
export interface TarCase {
  readonly what: string
  readonly data: Buffer
  readonly expected: Readonly<Record<string, string>> | RegExp
}

const CHART: RawEntry = { name: 'c/Chart.yaml', content: 'name: c\n' }
const FILE: RawEntry = { name: 'c/x', content: 'one\n' }
const BOTH = { 'Chart.yaml': 'name: c\n', x: 'one\n' }
const BAD = /archive\/tar: invalid tar header/
const SHORT = /unexpected EOF/

const entries: readonly (readonly [what: string, entries: readonly RawEntry[], expected: TarCase['expected']])[] = [
  ['a name in an extension', [CHART, { name: 'e', type: 'x', content: paxRecords({ path: 'c/x' }) }, { ...FILE, name: 'zzz' }], BOTH],
  ['an extension without a name', [CHART, { name: 'e', type: 'x', content: paxRecords({ path: '' }) }, FILE], BOTH],
  ['a size in an extension', [CHART, { name: 'e', type: 'x', content: paxRecords({ size: '3' }) }, FILE], { ...BOTH, x: 'one' }],
  ['a size below zero in an extension', [CHART, { name: 'e', type: 'x', content: paxRecords({ size: '-3' }) }, FILE], BAD],
  ['a size that is none in an extension', [CHART, { name: 'e', type: 'x', content: paxRecords({ size: '3x' }) }, FILE], BAD],
  ['a time that is none in an extension', [CHART, { name: 'e', type: 'x', content: paxRecords({ mtime: 'now' }) }, FILE], BAD],
  ['a zero byte in a name', [CHART, { name: 'e', type: 'x', content: paxRecords({ path: 'c/a\0b' }) }, FILE], BAD],
  ['an extension that is cut', [CHART, { name: 'e', type: 'x', content: '99 path=c/y\n' }, FILE], BAD],
  ['an extension without a key', [CHART, { name: 'e', type: 'x', content: '5 =a\n' }, FILE], BAD],
  ['an extension for all, which is for nobody', [{ name: 'e', type: 'g', content: paxRecords({ path: 'c/y', comment: 'x' }) }, CHART, FILE], BOTH],
  [
    'an extension for one, behind which one for all comes',
    [CHART, { name: 'e', type: 'x', content: paxRecords({ path: 'c/y' }) }, { name: 'e', type: 'g', content: '' }, FILE],
    BOTH,
  ],
  [
    'a long name',
    [CHART, { name: 'L', type: 'L', content: `c/${'n'.repeat(200)}\0` }, FILE],
    { 'Chart.yaml': 'name: c\n', ['n'.repeat(200)]: 'one\n' },
  ],
  ['a prefix', [{ ...CHART, name: 'Chart.yaml', prefix: 'c' }, FILE], BOTH],
  ['a prefix where there is none', [CHART, { ...FILE, prefix: 'd', magic: '\0' }], BOTH],
  ['a prefix of star', [CHART, { ...FILE, name: 'x', prefix: 'c', trailer: 'tar\0' }], BOTH],
  ['the same path twice', [CHART, FILE, { ...FILE, content: 'two\n' }], { ...BOTH, x: 'two\n' }],
  ['a link', [CHART, { name: 'c/x', type: '2' }], { ...BOTH, x: '' }],
  ['a link that claims a size', [CHART, { name: 'c/x', type: '1', size: '00000000004\0' }], /decompressed chart is larger than/],
  [
    'devices, pipes and what nobody knows',
    [CHART, { ...FILE, type: 'Z' }, { name: 'c/d', type: '3' }, { name: 'c/p', type: '6' }],
    { ...BOTH, d: '', p: '' },
  ],
  ['a folder by its mode', [CHART, FILE, { name: 'c/f', mode: '0040755\0' }], BOTH],
  ['an old folder', [CHART, FILE, { name: 'c/f/', type: '\0' }], BOTH],
  ['a file with a slash at its end', [CHART, { ...FILE, name: 'c/x/' }], BOTH],
  ['a size in two bytes and many', [CHART, { ...FILE, size: Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4]) }], BOTH],
  ['a size below zero', [CHART, { ...FILE, size: Buffer.alloc(12, 0xff) }], BAD],
  ['a size that is no number', [CHART, { ...FILE, size: '0000000000x\0' }], BAD],
  ['a mode that is no number', [CHART, { ...FILE, mode: 'rw-r--r-' }], BAD],
  ['a wrong checksum', [CHART, { ...FILE, off: 1 }], BAD],
]

const WHOLE = rawTar([CHART, FILE])
const packed = gzipSync(Buffer.concat([WHOLE, TAR_END, Buffer.alloc(8192)]))
const bytes: readonly (readonly [what: string, data: Buffer, expected: TarCase['expected']])[] = [
  ['no end', gzipSync(WHOLE), BOTH],
  ['half an end', gzipSync(Buffer.concat([WHOLE, TAR_END.subarray(512)])), BOTH],
  ['an end in the middle', gzipSync(Buffer.concat([rawTar([CHART]), TAR_END, rawTar([FILE]), TAR_END])), { 'Chart.yaml': 'name: c\n' }],
  ['half an end in the middle', gzipSync(Buffer.concat([rawTar([CHART]), TAR_END.subarray(512), rawTar([FILE]), TAR_END])), BAD],
  ['something behind the end', gzipSync(Buffer.concat([WHOLE, TAR_END, Buffer.from('x'.repeat(700))])), BOTH],
  ['a part of a block behind the last', gzipSync(Buffer.concat([WHOLE, Buffer.from('x')])), SHORT],
  ['a last block that is not filled', gzipSync(WHOLE.subarray(0, WHOLE.length - 500)), BOTH],
  ['a last file that is cut', gzipSync(WHOLE.subarray(0, WHOLE.length - 510)), SHORT],
  ['two streams for one tar', Buffer.concat([gzipSync(WHOLE.subarray(0, 700)), gzipSync(WHOLE.subarray(700))]), BOTH],
  ['a stream behind the end', Buffer.concat([gzipSync(Buffer.concat([WHOLE, TAR_END])), gzipSync(Buffer.from('more'))]), BOTH],
  ['garbage behind the stream', Buffer.concat([packed, Buffer.from('garbage')]), BOTH],
  ['a stream that is cut behind the end of the tar', packed.subarray(0, packed.length - 9), BOTH],
  ['a stream that is cut', gzipSync(WHOLE).subarray(0, -12), SHORT],
  ['a wrong checksum of the stream', Buffer.concat([packed.subarray(0, -8), Buffer.alloc(4), packed.subarray(-4)]), BOTH],
]

/** What Helm says in other words, but for the last one, which it reads. */
const own: typeof entries = [
  ['a size beyond the end', [CHART, { ...FILE, size: '77777777777\0' }], SHORT],
  ['a sparse file of GNU', [CHART, { ...FILE, type: 'S', magic: 'ustar  \0' }], /sparse files are not supported/],
  [
    'a sparse file by an extension',
    [CHART, { name: 'e', type: 'x', content: paxRecords({ 'GNU.sparse.major': '1' }) }, FILE],
    /sparse files are not/,
  ],
]

const whole = (list: readonly RawEntry[]): Buffer => gzipSync(Buffer.concat([rawTar(list), TAR_END]))

/** Odd and hostile archives. */
export const TAR_CASES: readonly TarCase[] = [
  ...[...entries, ...own].map(([what, list, expected]) => ({ what, data: whole(list), expected })),
  ...bytes.map(([what, data, expected]) => ({ what, data, expected })),
]
