import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { compileRegexp, matches } from '../go/regexp.ts'
import type { GoMap } from '../go/values.ts'
import { decodeYaml } from '../yaml/decode.ts'
import { encodeYaml } from '../yaml/encode.ts'

/** What comparing with a snapshot gave. */
export interface Compared {
  readonly passed: boolean
  /** From 1, in the order of a test's snapshots. */
  readonly index: number
  /** Empty where there was none before. */
  readonly cached: string
  readonly fresh: string
  /** What of a pattern is wrong. */
  readonly message?: string
}

/** Patterns that count in place of the snapshot's whole text; empty ones do not. */
export interface SnapshotPatterns {
  readonly match: string
  readonly notMatch: string
}

/** The snapshots of one test, one after the other. */
export interface Snapshots {
  readonly compare: (fresh: string, patterns?: SnapshotPatterns) => Compared
}

export interface SnapshotCount {
  readonly total: number
  readonly failed: number
  readonly created: number
  readonly vanished: number
}

type Texts = Map<string, Map<number, string>>

/** The snapshots of a suite's file: as they were, and as the tests give them now. */
export class SnapshotFile {
  readonly #path: string
  readonly #updating: boolean
  readonly #cached: Texts
  readonly #current: Texts = new Map()
  #changed = 0
  #created = 0
  #total = 0

  /** @throws DiagnosticError `unittest/bad-snapshot`, YamlError for a file that cannot be read */
  constructor(host: Host, path: string, updating: boolean) {
    this.#path = path
    this.#updating = updating
    this.#cached = host.fs.stat(path) ? readTexts(path, host.fs.readText(path)) : new Map()
  }

  /** The snapshots of the test of this name; what `hide` takes out of them is neither written nor compared. */
  of(test: string, hide: (text: string) => string): Snapshots {
    let index = 0
    return { compare: (fresh, patterns) => this.#compare(test, ++index, hide(fresh), patterns ?? { match: '', notMatch: '' }) }
  }

  #compare(test: string, index: number, fresh: string, patterns: SnapshotPatterns): Compared {
    const cached = this.#cached.get(test)?.get(index)
    this.#total++
    if (cached === undefined) this.#created++
    const hasPatterns = patterns.match !== '' || patterns.notMatch !== ''
    const message = hasPatterns ? patternFault(fresh, patterns) : undefined
    const isOther = !hasPatterns && cached !== undefined && cached !== fresh
    if (isOther) this.#changed++
    const kept = this.#updating || cached === undefined ? fresh : cached
    const texts = this.#current.get(test) ?? new Map<number, string>()
    this.#current.set(test, texts.set(index, kept))
    const passed = this.#updating || (message === undefined && !isOther)
    return { passed, index, cached: cached ?? '', fresh, ...(message !== undefined && { message }) }
  }

  get count(): SnapshotCount {
    return { total: this.#total, failed: this.#updating ? 0 : this.#changed, created: this.#created, vanished: this.#vanished }
  }

  get #vanished(): number {
    const gone = [...this.#cached].map(([test, texts]) => [...texts.keys()].filter((index) => !this.#current.get(test)?.has(index)).length)
    return gone.reduce((sum, count) => sum + count, 0)
  }

  /** Writes the file where there is something new to write. */
  store(host: Host): void {
    const isStale = this.#created > 0 || this.#vanished > 0 || (this.#updating && this.#changed > 0)
    if (isStale) host.fs.writeFile(this.#path, writtenTexts(this.#current))
  }
}

function patternFault(fresh: string, { match, notMatch }: SnapshotPatterns): string | undefined {
  if (match !== '' && !matches(compileRegexp(match), fresh)) return ` pattern '${match}' not found in snapshot`
  return notMatch !== '' && matches(compileRegexp(notMatch), fresh) ? ` pattern '${notMatch}' should not be in snapshot` : undefined
}

function readTexts(path: string, text: string): Texts {
  const content = decodeYaml({ name: path, text }, 'helmfile')
  if (content === null) return new Map()
  const bad = (): Error => failure('unittest/bad-snapshot', 'the file holds other things than snapshots', { subject: path })
  if (!(content instanceof Map)) throw bad()
  return new Map(
    [...content].map(([test, texts]) => {
      if (!(texts instanceof Map)) throw bad()
      return [test, new Map([...texts].map(([index, snapshot]) => [Number(index), typeof snapshot === 'string' ? snapshot : String(snapshot)]))]
    }),
  )
}

/** What stands before an index until it is written: indexes are numbers, and keys here are texts. */
const INDEX = 'index '

function writtenTexts(texts: Texts): string {
  const content: GoMap = new Map([...texts].map(([test, own]) => [test, new Map([...own].map(([index, text]) => [`${INDEX}${index}`, text]))]))
  return encodeYaml(content, 'helmfile').replace(/^ {2}index ([0-9]+):/gm, '  $1:')
}
