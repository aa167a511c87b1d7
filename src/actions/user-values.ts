import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { loadValues } from '../chart/load-values.ts'
import { mergeValues } from '../chart/merge-values.ts'
import { withPrefix } from '../chart/prefixed-error.ts'
import { stringFromBytes } from '../go/bytes.ts'
import { fromPlain } from '../go/plain.ts'
import type { GoMap, GoValue } from '../go/values.ts'
import { parseSet, setFile, setJson, setLiteral, setString } from '../values/set-path.ts'

/** Values a user gives, lowest first: files, values as data, then the `set` families in Helm's order. */
export interface UserValues {
  /** Paths of values files, later ones laid over earlier ones. */
  readonly valuesFiles?: readonly string[]
  /** Values as a plain object or Map, laid over the files. */
  readonly values?: Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>
  readonly setJson?: readonly string[]
  readonly set?: readonly string[]
  readonly setString?: readonly string[]
  readonly setFile?: readonly string[]
  readonly setLiteral?: readonly string[]
}

function readFile(host: Host, path: string): string {
  const info = host.fs.stat(path)
  if (!info) throw failure('values/no-such-file', `open ${path}: no such file or directory`)
  if (info.kind === 'directory') throw failure('values/no-such-file', `read ${path}: is a directory`)
  return stringFromBytes(host.fs.readFile(path))
}

function valuesOfFile(host: Host, path: string): GoMap {
  const source = { name: path, text: readFile(host, path) }
  return withPrefix(`failed to parse ${path}`, () => loadValues(source))
}

/**
 * All values a user gives merged into one map.
 *
 * @throws DiagnosticError `values/no-such-file`, `values/bad-set`, and what `loadValues` throws, in Helm's words
 * Source: Helm 4.3.1 pkg/cli/values/options.go (MergeValues)
 */
export function mergeUserValues(host: Host, given: UserValues): GoMap {
  let merged: GoMap = new Map()
  for (const path of given.valuesFiles ?? []) merged = mergeValues(merged, valuesOfFile(host, path))
  if (given.values) merged = mergeValues(merged, fromPlain(given.values) as GoMap)
  for (const text of given.setJson ?? []) merged = setJson(text, merged)
  for (const text of given.set ?? []) merged = parseSet(text, merged)
  for (const text of given.setString ?? []) merged = setString(text, merged)
  const read = (path: string): GoValue => readFile(host, path)
  for (const text of given.setFile ?? []) merged = setFile(text, merged, read)
  for (const text of given.setLiteral ?? []) merged = setLiteral(text, merged)
  return merged
}
