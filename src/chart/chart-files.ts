import { failure } from '../base/diagnostic.ts'
import { compareBytes } from '../go/values.ts'
import type { ChartFile } from './chart.ts'
import { type IgnoreRules, parseIgnoreRules } from './ignore-rules.ts'
import type { ChartLimits } from './limits.ts'

/** A byte order mark in UTF-8: Helm drops it from every file of a chart. */
const BOM: Uint8Array = Uint8Array.of(0xef, 0xbb, 0xbf)

/** `data` without a leading byte order mark. */
export function withoutBom(data: Uint8Array): Uint8Array {
  return BOM.every((byte, i) => data[i] === byte) ? data.subarray(BOM.length) : data
}

/** Counts what a chart takes up and stops at its limits. */
export class Budget {
  readonly limits: ChartLimits
  #size = 0
  #entries = 0

  constructor(limits: ChartLimits) {
    this.limits = limits
  }

  /** Bytes that may still be read. */
  get remaining(): number {
    return this.limits.totalSize - this.#size
  }

  /** @throws DiagnosticError `chart/too-large` when `size` more bytes are too many */
  takeBytes(size: number): void {
    if (size > this.remaining) throw tooLarge(`chart exceeds maximum decompressed size of ${this.limits.totalSize} bytes`)
    this.#size += size
  }

  /** @throws DiagnosticError `chart/too-large` when the chart has too many files, or this one lies too deep */
  takeEntry(path: string): void {
    this.#entries++
    if (this.#entries > this.limits.entries) throw tooLarge(`chart holds more than ${this.limits.entries} files`)
    if (depthOf(path) > this.limits.pathDepth) throw tooLarge(`path in chart is deeper than ${this.limits.pathDepth} folders: ${path}`)
  }
}

function depthOf(path: string): number {
  let depth = 1
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) depth++
  return depth
}

function tooLarge(summary: string): Error {
  return failure('chart/too-large', summary)
}

/** Orders paths as a walk meets them: folder by folder, names bytewise. */
function compareWalk(a: string, b: string): number {
  const left = a.split('/')
  const right = b.split('/')
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = compareBytes(left[i] as string, right[i] as string)
    if (order !== 0) return order
  }
  return left.length - right.length
}

function isKept(rules: IgnoreRules, path: string): boolean {
  for (let i = path.indexOf('/'); i >= 0; i = path.indexOf('/', i + 1)) if (rules.isIgnored(path.slice(0, i), true)) return false
  return !rules.isIgnored(path, false)
}

/** Whether `path` names a file below the folder it is relative to, in its shortest form. */
function isPlainPath(path: string): boolean {
  return path !== '' && path.split('/').every((name) => name !== '' && name !== '.' && name !== '..')
}

/**
 * The files of a chart given as texts or bytes by path, as a folder with these files would give them: ignore rules applied,
 * in the order of a walk.
 *
 * @throws DiagnosticError `chart/bad-path` for absolute paths and such with empty, `.` or `..` segments; `chart/too-large`
 */
export function filesFromMemory(files: Readonly<Record<string, string | Uint8Array>>, budget: Budget): readonly ChartFile[] {
  const all = Object.entries(files).map(([name, content]): ChartFile => {
    if (!isPlainPath(name)) throw failure('chart/bad-path', `path "${name}" does not name a file inside the chart`)
    const data = withoutBom(typeof content === 'string' ? Buffer.from(content, 'utf8') : content)
    budget.takeEntry(name)
    budget.takeBytes(data.length)
    return { name, data }
  })
  const ignore = all.find((file) => file.name === '.helmignore')
  const rules = parseIgnoreRules({ name: '.helmignore', text: ignore ? Buffer.from(ignore.data).toString('utf8') : '' })
  return all.filter((file) => isKept(rules, file.name)).sort((a, b) => compareWalk(a.name, b.name))
}
