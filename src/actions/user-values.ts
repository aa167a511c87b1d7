import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { loadValues } from '../chart/load-values.ts'
import { mergeValues } from '../chart/merge-values.ts'
import { withPrefix } from '../chart/prefixed-error.ts'
import { stringFromBytes } from '../go/bytes.ts'
import { fromPlain } from '../go/plain.ts'
import { GoError, type GoMap, type GoValue } from '../go/values.ts'
import { parseSet, setFile, setJson, setLiteral, setString } from '../values/set-path.ts'

/** Values a user gives, lowest first: files, values as data, then the `set` families in Helm's order. */
export interface UserValues {
  /** Paths of values files, later ones laid over earlier ones; `-` is standard input. */
  readonly valuesFiles?: readonly string[]
  /** Values as a plain object or Map, laid over the files. */
  readonly values?: Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>
  readonly setJson?: readonly string[]
  readonly set?: readonly string[]
  readonly setString?: readonly string[]
  readonly setFile?: readonly string[]
  readonly setLiteral?: readonly string[]
  /** Standard input, for the path `-`; the process's own where it is not given. */
  readonly stdin?: () => Uint8Array | string
}

/** Where the system keeps standard input. */
const STANDARD_INPUT = '/dev/stdin'

type Reader = Pick<UserValues, 'stdin'>

function readStandardInput(host: Host, { stdin }: Reader): string {
  const data = stdin ? stdin() : host.fs.readFile(STANDARD_INPUT)
  return typeof data === 'string' ? data : stringFromBytes(data)
}

/** The text of a file, `-` for standard input; or what is wrong with the path, in Go's words. */
function readFile(host: Host, path: string, given: Reader): { readonly text: string } | { readonly error: string } {
  if (path.trim() === '-') return { text: readStandardInput(host, given) }
  const info = path === '' ? undefined : host.fs.stat(path)
  if (!info) return { error: `open ${path}: no such file or directory` }
  if (info.kind === 'directory') return { error: `read ${path}: is a directory` }
  return { text: stringFromBytes(host.fs.readFile(path)) }
}

function valuesOfFile(host: Host, path: string, given: Reader): GoMap {
  const read = readFile(host, path, given)
  if ('error' in read) throw failure('values/no-such-file', read.error)
  return withPrefix(`failed to parse ${path}`, () => loadValues({ name: path, text: read.text }))
}

function fileContent(host: Host, path: string, given: Reader): GoValue {
  const read = readFile(host, path, given)
  if ('error' in read) throw new GoError(read.error)
  return read.text
}

/**
 * All values a user gives merged into one map.
 *
 * @throws DiagnosticError `values/no-such-file`, `values/bad-set`, and what `loadValues` throws, in Helm's words
 * Source: Helm 4.3.1 pkg/cli/values/options.go (MergeValues)
 */
export function mergeUserValues(host: Host, given: UserValues): GoMap {
  let merged: GoMap = new Map()
  for (const path of given.valuesFiles ?? []) merged = mergeValues(merged, valuesOfFile(host, path, given))
  if (given.values) merged = mergeValues(merged, fromPlain(given.values) as GoMap)
  for (const text of given.setJson ?? []) merged = setJson(text, merged)
  for (const text of given.set ?? []) merged = parseSet(text, merged)
  for (const text of given.setString ?? []) merged = setString(text, merged)
  for (const text of given.setFile ?? []) merged = setFile(text, merged, (path) => fileContent(host, path, given))
  for (const text of given.setLiteral ?? []) merged = setLiteral(text, merged)
  return merged
}
