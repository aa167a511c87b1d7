import type { Span } from '../base/source.ts'
import type { GoMap } from '../go/values.ts'

/** The file that a layer was read from. */
export interface LayerFile {
  /** Absolute. */
  readonly path: string
  /** `inline`: a map in a state file. `given`: named on the command line. Only `plain` and `inline` are YAML as somebody wrote it. */
  readonly form: 'plain' | 'template' | 'encrypted' | 'hcl' | 'inline' | 'given'
}

/** One tree of values with the places its entries come from. Later layers win. */
export interface Layer {
  /** For people: a file's name, `inline values`, `--set`, `set`, `chart defaults`. */
  readonly name: string
  readonly tree: GoMap
  /** True when it came out of a decrypted file or a secret backend: its values are masked wherever they are shown. */
  readonly secret: boolean
  /** Absent for what stands in no file. */
  readonly file?: LayerFile
  /** Where the value at `path` (keys, list indices as decimal texts) was written, when known. */
  readonly placeOf: (path: readonly string[]) => Span | undefined
}
