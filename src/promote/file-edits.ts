import { dirname, resolve } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'

/** A file as it is and as it shall be. */
export interface ChangedFile {
  /** Absolute. */
  readonly path: string
  readonly before: string
  readonly after: string
}

/** Texts of files that are to be written, kept in memory until all of them are known. */
export class FileEdits {
  readonly #host: Host
  readonly #files = new Map<string, ChangedFile>()

  constructor(host: Host) {
    this.#host = host
  }

  /** A file's text with what was changed so far; undefined for one that is not UTF-8. */
  textOf(name: string): string | undefined {
    const path = resolve(this.#host.cwd, name)
    const known = this.#files.get(path)
    if (known) return known.after
    const bytes = Buffer.from(this.#host.fs.readFile(path))
    const text = bytes.toString('utf8')
    return Buffer.from(text).equals(bytes) ? text : undefined
  }

  /** Gives a file, which is there, another text. */
  set(name: string, text: string): void {
    const path = resolve(this.#host.cwd, name)
    const before = this.#files.get(path)?.before ?? this.textOf(path) ?? ''
    if (before === text) this.#files.delete(path)
    else this.#files.set(path, { path, before, after: text })
  }

  /** By path. */
  changed(): readonly ChangedFile[] {
    return [...this.#files.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
  }

  /** The host as it will be once the files are written. */
  host(): Host {
    const { cwd, fs } = this.#host
    const textOf = (path: string): string | undefined => this.#files.get(resolve(cwd, path))?.after
    return {
      ...this.#host,
      fs: {
        ...fs,
        readText: (path) => textOf(path) ?? fs.readText(path),
        readFile: (path) => {
          const text = textOf(path)
          return text === undefined ? fs.readFile(path) : Buffer.from(text)
        },
      },
    }
  }
}

/**
 * Writes all files or none: each by a rename, those that are written already put back when one fails. Links stay links.
 *
 * @throws DiagnosticError `promote/changed-meanwhile` when a file is no longer what was read; the system's error when one cannot be written
 */
export function writeAll({ fs }: Pick<Host, 'fs'>, files: readonly ChangedFile[]): void {
  for (const { path, before } of files) {
    if (fs.readText(path) !== before) throw failure('promote/changed-meanwhile', `${path} was changed meanwhile`, { hint: 'promote again' })
  }
  const written: ChangedFile[] = []
  const write = (path: string, text: string): void => {
    const mode = fs.stat(path)?.mode
    fs.writeFile(fs.realPath(path), text, mode === undefined ? {} : { mode })
  }
  try {
    for (const file of files) {
      write(file.path, file.after)
      written.push(file)
    }
  } catch (error) {
    for (const { path, before } of written) write(path, before)
    throw failure('promote/not-written', `${files[written.length]?.path ?? ''} cannot be written, so nothing was changed`, {
      hint: `look at the file and at ${dirname(files[written.length]?.path ?? '')}`,
      cause: error,
    })
  }
}
