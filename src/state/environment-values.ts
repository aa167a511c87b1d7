import { dirname, resolve } from 'node:path'
import { DiagnosticError, failure, withNote } from '../base/diagnostic.ts'
import type { Source, Span } from '../base/source.ts'
import type { GoMap, GoValue } from '../go/values.ts'
import { hclNames, hclValues } from '../values/hcl/hcl-values.ts'
import type { Layer, LayerFile } from '../values/layer.ts'
import { mergeMaps, overrideMaps } from '../values/merge-maps.ts'
import { placeInNode } from '../values/place-in-node.ts'
import type { YamlNode } from '../yaml/node.ts'
import { castKeys } from './cast-keys.ts'
import { type Environment, emptyEnvironment, mergedValues } from './environment.ts'
import { withFetchedSecrets } from './fetched-secrets.ts'
import { textRenderer } from './render-text.ts'
import { type FileBase, fetchingOf, resolveFile } from './resolve-file.ts'
import { noteSecret } from './secret-log.ts'
import { nodeOfValue } from './spec.ts'
import { stateTemplateData } from './template-data.ts'
import { decodeText, parseText } from './yaml-text.ts'

/** Values entries and all that decides how they are read. */
export interface ValuesEntries {
  readonly entries: readonly GoValue[]
  /** `Error`, `Warn`, `Info`, `Debug`; `Error` when absent. */
  readonly whenMissing?: string | undefined
  /** What `.Values` and `.Environment` of their templates show. */
  readonly environment: Environment | undefined
  readonly environmentName: string
  /** `override` (also when empty): later files win. `fallback`: earlier files win, later ones fill gaps. */
  readonly mergeStrategy?: string | undefined
  /** Decrypted HCL files that are evaluated with those of the list, before them. */
  readonly secretHcl?: readonly Source[] | undefined
  /** Where the list stands. */
  readonly at?: Span | undefined
  /** The command line names the files. */
  readonly given?: boolean
}

/** The values of a list of entries, and what they were merged from, lowest first. */
export interface LoadedValues {
  readonly tree: GoMap
  readonly layers: readonly Layer[]
}

/**
 * The values that a list of files, patterns and inline maps gives, merged; HCL files are one, behind all others.
 * @throws DiagnosticError `state/bad-merge-strategy`, `state/bad-values-entry`, `state/missing-file`, and what reading throws
 * Source: Helmfile 1.8 pkg/state/envvals_loader.go
 */
export async function loadEnvironmentValues(base: FileBase, list: ValuesEntries): Promise<LoadedValues> {
  const strategy = list.mergeStrategy ?? ''
  const where = list.at ? { at: list.at } : {}
  if (!['', 'override', 'fallback'].includes(strategy)) {
    const summary = `environment "${list.environmentName}": invalid mergeStrategy "${strategy}" (must be "override" or "fallback")`
    throw failure('state/bad-merge-strategy', summary, where)
  }
  const isFallback = strategy === 'fallback'
  const add = (below: GoMap, next: GoMap): GoMap => (isFallback ? mergeMaps(next, below) : overrideMaps(below, next))
  let merged: GoMap = new Map()
  const layers: Layer[] = []
  const put = (layer: Layer): void => {
    merged = add(merged, layer.tree)
    layers[isFallback ? 'unshift' : 'push'](layer)
  }
  const hcl: string[] = []
  for (const entry of list.entries) {
    if (entry instanceof Map) put(inlineLayer(base, list, entry))
    else if (typeof entry === 'string') {
      const files = await resolveFile(base, { what: 'environment values', path: entry, whenMissing: list.whenMissing, at: list.at })
      for (const file of files) {
        if (file.endsWith('.hcl')) hcl.push(file)
        else put(await withFetchedSecrets(fetchingOf(base), () => readValuesFile(base, list, file, isFallback ? merged : new Map())))
      }
    } else
      throw failure('state/bad-values-entry', `unexpected type of value: ${describeValue(entry)}`, { ...where, hint: 'use file names and maps only' })
  }
  const secret = list.secretHcl ?? []
  if (hcl.length + secret.length === 0) return { tree: merged, layers }
  const plain = hcl.map((file): Source => ({ name: base.nameOf(file), text: base.host.fs.readText(file) }))
  const tree = secret.length > 0 ? withSecrets(base, secret, plain) : hclValues(plain)
  const name = [...secret, ...plain].map((source) => source.name).join(', ')
  put({ name, tree, secret: secret.length > 0, file: { path: resolve(base.host.cwd, hcl[0] ?? ''), form: 'hcl' }, placeOf: () => undefined })
  return { tree: merged, layers }
}

function inlineLayer(base: FileBase, { at, environmentName }: ValuesEntries, entry: GoMap): Layer {
  const node = nodeOfValue(entry)
  return {
    name: `inline values of environment "${environmentName}"`,
    tree: castKeys(entry, at),
    secret: false,
    file: { path: resolve(base.host.cwd, base.filePath), form: 'inline' },
    placeOf: (path) => placeInNode(node, path),
  }
}

/** HCL files refer to one another, secret ones too. */
function withSecrets(base: FileBase, secret: readonly Source[], plain: readonly Source[]): GoMap {
  try {
    const values = hclValues([...secret, ...plain])
    for (const name of secret.flatMap(hclNames)) noteSecret(base.host, values.get(name) ?? null)
    return values
  } catch (error) {
    // The message and its excerpt could hold plain text, so neither is kept.
    if (!(error instanceof DiagnosticError)) throw error
    throw failure(
      'state/bad-secret',
      `${secret.map(({ name }) => name).join(' and ')} cannot be evaluated once decrypted, or not with the other HCL files`,
    )
  }
}

/** A value and its Go type, as Go's `%v` and `%T` give them for simple values. */
export function describeValue(value: GoValue): string {
  if (value === null) return 'value=<nil>, type=<nil>'
  if (Array.isArray(value)) return `value=[${value.map(String).join(' ')}], type=[]interface {}`
  if (typeof value === 'object' && 'kind' in value) return `value=${value.value}, type=${value.kind}`
  return `value=${String(value)}, type=${typeof value === 'boolean' ? 'bool' : typeof value === 'number' ? 'float64' : typeof value}`
}

/** A values file; `earlier` values show under `.Values` below those of the environment. */
function readValuesFile(base: FileBase, list: ValuesEntries, file: string, earlier: GoMap): Layer {
  try {
    const source = isTemplate(file) ? renderValuesFile(base, list, file, earlier) : { name: file, text: base.host.fs.readText(file) }
    const value = decodeText(source)
    if (value === null || value instanceof Map) return fileLayer(base, list, file, { source, tree: value ? castKeys(value) : new Map() })
    throw failure('state/values-not-a-map', 'the document is not a map', { at: { source, start: 0, end: 0 } })
  } catch (error) {
    throw withNote(error, { text: `loading environment values file "${file}"` })
  }
}

function fileLayer(
  { host, nameOf }: FileBase,
  { given }: ValuesEntries,
  file: string,
  { source, tree }: { readonly source: Source; readonly tree: GoMap },
): Layer {
  const form: LayerFile['form'] = given ? 'given' : isTemplate(file) ? 'template' : 'plain'
  const named = { ...source, name: nameOf(file) }
  let root: YamlNode | null | undefined
  const placeOf: Layer['placeOf'] = (path) => {
    root ??= parseText(named)[0]?.root ?? null
    return placeInNode(root, path)
  }
  return { name: named.name, tree, secret: false, file: { path: resolve(host.cwd, file), form }, placeOf }
}

/** True for files that are rendered before they are read. */
export function isTemplate(file: string): boolean {
  return file.split('.').at(-1) === 'gotmpl'
}

function renderValuesFile(base: FileBase, list: ValuesEntries, file: string, earlier: GoMap): Source {
  const environment = list.environment ?? emptyEnvironment(list.environmentName)
  const values = earlier.size > 0 ? overrideMaps(earlier, mergedValues(environment)) : mergedValues(environment)
  const source = { name: file, text: base.host.fs.readText(file) }
  return textRenderer(base.host, dirname(file)).renderSource(source, stateTemplateData(environment, '', values))
}
