import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { Source, Span } from '../base/source.ts'
import { loadValues } from '../chart/load-values.ts'
import { mergeValues } from '../chart/merge-values.ts'
import { withPrefix } from '../chart/prefixed-error.ts'
import { stringFromBytes } from '../go/bytes.ts'
import { fromPlain } from '../go/plain.ts'
import { GoError, type GoMap, type GoValue } from '../go/values.ts'
import type { Layer } from '../values/layer.ts'
import { placeInNode } from '../values/place-in-node.ts'
import { argumentName, parseSet, setFile, setJson, setLiteral, setString } from '../values/set-path.ts'
import { parseYaml } from '../yaml/compose.ts'

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

/** Where `path` stands in a values file; later documents count more. */
function placeIn(source: Source, path: readonly string[]): Span | undefined {
  const places = parseYaml(source, 'helm').map(({ root }) => placeInNode(root, path))
  return places.findLast((place) => place !== undefined)
}

function layerOfFile(host: Host, path: string, given: Reader): Layer {
  const read = readFile(host, path, given)
  if ('error' in read) throw failure('values/no-such-file', read.error)
  const source = { name: path, text: read.text }
  const tree = withPrefix(`failed to parse ${path}`, () => loadValues(source))
  return { name: path, tree, secret: false, placeOf: (keys) => placeIn(source, keys) }
}

function fileContent(host: Host, path: string, given: Reader): GoValue {
  const read = readFile(host, path, given)
  if ('error' in read) throw new GoError(read.error)
  return read.text
}

/** Applies one argument to values and returns them. */
type Setter = (text: string, into: GoMap) => GoMap

/** The `set` families in Helm's order, each argument with the option that it came by. */
function settersOf(host: Host, given: UserValues): readonly { readonly option: string; readonly text: string; readonly apply: Setter }[] {
  const family = (option: string, texts: readonly string[] | undefined, apply: Setter) => (texts ?? []).map((text) => ({ option, text, apply }))
  return [
    ...family('--set-json', given.setJson, setJson),
    ...family('--set', given.set, parseSet),
    ...family('--set-string', given.setString, setString),
    ...family('--set-file', given.setFile, (text, into) => setFile(text, into, (path) => fileContent(host, path, given))),
    ...family('--set-literal', given.setLiteral, setLiteral),
  ]
}

/** What a user gave: merged, and one by one. */
export interface MergedUserValues {
  readonly tree: GoMap
  /** Lowest first, for messages; each `set` argument is one that holds what it alone sets. */
  readonly layers: () => readonly Layer[]
}

/**
 * All values a user gives merged into one map.
 *
 * @throws DiagnosticError `values/no-such-file`, `values/bad-set`, and what `loadValues` throws, in Helm's words
 * Source: Helm 4.3.1 pkg/cli/values/options.go (MergeValues)
 */
export function mergeUserValues(host: Host, given: UserValues): MergedUserValues {
  const files = (given.valuesFiles ?? []).map((path) => layerOfFile(host, path, given))
  if (given.values) files.push({ name: 'values', tree: fromPlain(given.values) as GoMap, secret: false, placeOf: () => undefined })
  const setters = settersOf(host, given)
  let tree: GoMap = new Map()
  for (const layer of files) tree = mergeValues(tree, layer.tree)
  for (const { text, apply } of setters) tree = apply(text, tree)
  const single = ({ option, text, apply }: (typeof setters)[number]): Layer => {
    return { name: argumentName(option, text), tree: apply(text, new Map()), secret: false, placeOf: () => undefined }
  }
  return { tree, layers: () => [...files, ...setters.map(single)] }
}
