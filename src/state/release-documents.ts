import { dirname, resolve } from 'node:path'
import { DiagnosticError, failure, withNote } from '../base/diagnostic.ts'
import type { Source, Span } from '../base/source.ts'
import { stringFromBytes } from '../go/bytes.ts'
import type { GoValue } from '../go/values.ts'
import { decodeSecret, type Secret } from '../secrets/secret-reader.ts'
import type { LayerFile } from '../values/layer.ts'
import { placeInNode } from '../values/place-in-node.ts'
import { castKeys } from './cast-keys.ts'
import { readSecret } from './environment-secrets.ts'
import { describeValue, isTemplate } from './environment-values.ts'
import { withFetchedSecrets } from './fetched-secrets.ts'
import type { LoadedFile } from './load-file.ts'
import { hasActions, textRenderer } from './render-text.ts'
import { type FileBase, fetchingOf, normalizePath, resolveFile } from './resolve-file.ts'
import { noteSecret } from './secret-log.ts'
import { expandSecretRefsDecrypting } from './secret-refs.ts'
import { nodeOfValue, placeOfSpec, type ReleaseSpec } from './spec.ts'
import { type ReleaseSurroundings, releaseTemplateData } from './template-data.ts'
import { decodeText, encodeText, parseText } from './yaml-text.ts'

/** One values file of a release as Helm would be given it. */
export interface ValuesDocument {
  /** For people. */
  readonly name: string
  readonly source: Source
  readonly secret: boolean
  readonly file: LayerFile
  /** Where the value at a path was written, when known. */
  readonly placeOf: (path: readonly string[]) => Span | undefined
}

/**
 * The release's `values` and `secrets`, each as one YAML text, lowest first: files read, rendered and decrypted, inline maps
 * printed, references to secrets resolved.
 * @throws DiagnosticError `state/missing-file`, `state/values-glob`, `state/bad-values-entry`, `state/secret-*`, and what templates throw
 * Source: Helmfile 1.8 pkg/state generateValuesFiles
 */
export async function releaseDocuments(file: LoadedFile, around: ReleaseSurroundings, release: ReleaseSpec): Promise<readonly ValuesDocument[]> {
  const documents: (ValuesDocument | undefined)[] = []
  for (const [i, entry] of (release.values ?? []).entries()) documents.push(await valuesDocument(file, around, release, entry, i))
  for (const entry of release.secrets ?? []) documents.push(await secretDocument(file, around, release, entry))
  return documents.filter((document) => document !== undefined)
}

async function valuesDocument(
  file: LoadedFile,
  around: ReleaseSurroundings,
  release: ReleaseSpec,
  entry: GoValue,
  index: number,
): Promise<ValuesDocument | undefined> {
  const at = placeOfSpec(release.values) ?? placeOfSpec(release)
  const given = typeof entry === 'string' ? normalizePath(file.base, `${release.valuesPathPrefix ?? ''}${entry}`) : entry
  const value = await expandSecretRefsDecrypting(fetchingOf(file.base), given)
  if (typeof value === 'string') return fileDocument(file, around, release, value, at)
  if (!(value instanceof Map)) {
    throw failure('state/bad-values-entry', `unexpected type of value: ${describeValue(value)}`, {
      ...(at ? { at } : {}),
      hint: 'use file names and maps only',
    })
  }
  const node = entry !== null && typeof entry === 'object' ? nodeOfValue(entry) : undefined
  const name = `inline values ${index + 1} of release "${release.name}"`
  return {
    name,
    source: { name, text: encodeText(withPlainKeys(value)) },
    secret: value !== given,
    file: layerFile(file.base, file.base.filePath, 'inline'),
    placeOf: (keys) => placeInNode(node, keys),
  }
}

async function fileDocument(
  file: LoadedFile,
  around: ReleaseSurroundings,
  release: ReleaseSpec,
  path: string,
  at: Span | undefined,
): Promise<ValuesDocument | undefined> {
  const whenMissing = release.missingFileHandler ?? file.spec.missingFileHandler
  const { ignoreMissingGitBranch: ignoreMissingBranch } = release.missingFileHandlerConfig ?? file.spec.missingFileHandlerConfig ?? {}
  const found = await resolveFile(file.base, { what: 'values', path, whenMissing, ignoreMissingBranch, at })
  if (found.length === 0) return undefined
  if (found.length > 1) throw globRefusal(path, found, at)
  try {
    return await readDocument(file, around, release, found[0] as string)
  } catch (error) {
    throw withNote(error, { text: `rendering values file "${path}" of release "${release.name}"`, ...(at ? { at } : {}) })
  }
}

async function secretDocument(
  file: LoadedFile,
  around: ReleaseSurroundings,
  release: ReleaseSpec,
  entry: GoValue,
): Promise<ValuesDocument | undefined> {
  const { base } = file
  const at = placeOfSpec(release.secrets) ?? placeOfSpec(release)
  if (typeof entry !== 'string')
    throw failure('state/inline-secret', 'secrets that stand in the state file itself are not supported', {
      ...(at ? { at } : {}),
      hint: 'put them into a file',
    })
  const path = `${release.valuesPathPrefix ?? ''}${entry}`
  const ignoreMissingBranch = file.spec.missingFileHandlerConfig?.ignoreMissingGitBranch
  const found = await resolveFile(base, { what: 'secrets', path, whenMissing: release.missingFileHandler, ignoreMissingBranch, at })
  if (found.length === 0) return undefined
  if (found.length > 1) throw globRefusal(path, found, at)
  const name = found[0] as string
  const secret = await readSecret(base, name)
  noteSecret(base.host, treeOrText(secret))
  const text = isTemplate(name) && secret.text.includes('{{') ? renderSecret(file, around, release, name, secret) : secret.text
  return {
    name: base.nameOf(name),
    source: { name: base.nameOf(name), text },
    secret: true,
    file: layerFile(base, name, 'encrypted'),
    placeOf: lazyPlaces(secret.encrypted),
  }
}

/** What a decrypted file holds, or its text where that is no YAML. */
function treeOrText(secret: Secret): GoValue {
  try {
    return decodeSecret(secret, 'helmfile')
  } catch (error) {
    if (error instanceof DiagnosticError) return secret.text
    throw error
  }
}

function renderSecret({ base }: LoadedFile, around: ReleaseSurroundings, release: ReleaseSpec, path: string, secret: Secret): string {
  try {
    return textRenderer(base.host, dirname(path)).render({ name: path, text: secret.text }, releaseTemplateData(around, release))
  } catch (error) {
    // The message and its excerpt could hold plain text, so neither is kept.
    if (error instanceof DiagnosticError) throw failure('state/bad-secret', `the decrypted template ${path} cannot be rendered`)
    throw error
  }
}

/** Every map with its keys as texts, as they are after references to secrets were looked for. */
function withPlainKeys(value: GoValue): GoValue {
  if (Array.isArray(value)) return value.map(withPlainKeys)
  return value instanceof Map ? new Map([...value].map(([key, item]) => [key, withPlainKeys(item)])) : value
}

function globRefusal(path: string, found: readonly string[], at: Span | undefined): Error {
  return failure('state/values-glob', 'glob patterns in release values and secrets is not supported yet', {
    ...(at ? { at } : {}),
    notes: [{ text: `"${path}" matches ${found.join(', ')}` }],
    hint: 'name each file',
  })
}

/**
 * `release` with the maps that its values files and secrets files hold in the place of their names; what is encrypted stays so.
 * @throws DiagnosticError as `releaseDocuments`
 * Source: Helmfile 1.8 pkg/state LoadYAMLForEmbedding
 */
export async function withEmbeddedValues(file: LoadedFile, around: ReleaseSurroundings, release: ReleaseSpec): Promise<ReleaseSpec> {
  const embed = async (entries: readonly GoValue[], what: string): Promise<readonly GoValue[]> => {
    const maps: GoValue[] = []
    for (const entry of entries) {
      if (typeof entry !== 'string') maps.push(entry)
      else maps.push(...(await embeddedFile(file, around, release, { what, path: `${release.valuesPathPrefix ?? ''}${entry}` })))
    }
    return maps
  }
  return {
    ...release,
    ...(release.values ? { values: await embed(release.values, 'values') } : {}),
    ...(release.secrets ? { secrets: await embed(release.secrets, 'secrets') } : {}),
  }
}

async function embeddedFile(
  file: LoadedFile,
  around: ReleaseSurroundings,
  release: ReleaseSpec,
  { what, path }: { readonly what: string; readonly path: string },
): Promise<readonly GoValue[]> {
  const at = placeOfSpec(release)
  const ignoreMissingBranch = file.spec.missingFileHandlerConfig?.ignoreMissingGitBranch
  const found = await resolveFile(file.base, { what, path, whenMissing: release.missingFileHandler, ignoreMissingBranch, at })
  if (found.length > 1) throw globRefusal(path, found, at)
  if (found.length === 0) return []
  const { source } = await readDocument(file, around, release, found[0] as string)
  return [castKeys(decodeText(source))]
}

/** A values file, rendered where it is a template, its references to secrets resolved. */
function readDocument(file: LoadedFile, around: ReleaseSurroundings, release: ReleaseSpec, path: string): Promise<ValuesDocument> {
  return withFetchedSecrets(fetchingOf(file.base), () => readDocumentOnce(file, around, release, path))
}

async function readDocumentOnce({ base }: LoadedFile, around: ReleaseSurroundings, release: ReleaseSpec, path: string): Promise<ValuesDocument> {
  const name = base.nameOf(path)
  const written: Source = { name, text: stringFromBytes(base.host.fs.readFile(path)) }
  const isRendered = isTemplate(path) && hasActions(written.text)
  const source = isRendered ? textRenderer(base.host, dirname(path)).renderDocument(written, releaseTemplateData(around, release)) : written
  const { text } = source
  const from = layerFile(base, path, isTemplate(path) ? 'template' : 'plain')
  if (!text.includes('ref+')) return { name, source, secret: false, file: from, placeOf: lazyPlaces(source) }
  const value = await expandSecretRefsDecrypting(fetchingOf(base), castKeys(decodeText(source)))
  return { name, source: { name, text: encodeText(value) }, secret: true, file: from, placeOf: lazyPlaces(source) }
}

/**
 * A values file named on the command line, as it lies there.
 * @throws DiagnosticError `state/missing-file`
 */
export function fileText(base: FileBase, path: string): ValuesDocument {
  if (base.host.fs.stat(path)?.kind !== 'file')
    throw failure('state/missing-file', `open ${base.nameOf(path)}: no such file or directory`, {
      hint: 'values files of the command line are relative to the state file',
    })
  const source: Source = { name: base.nameOf(path), text: base.host.fs.readText(path) }
  return { name: source.name, source, secret: false, file: layerFile(base, path, 'given'), placeOf: lazyPlaces(source) }
}

function layerFile({ host }: FileBase, path: string, form: LayerFile['form']): LayerFile {
  return { path: resolve(host.cwd, path), form }
}

/** Finds places by parsing the text again, the first time one is asked for. */
function lazyPlaces(source: Source): (path: readonly string[]) => Span | undefined {
  let root: ReturnType<typeof parseText>[number]['root'] | undefined
  return (path) => {
    root ??= parseText(source)[0]?.root ?? null
    return placeInNode(root, path)
  }
}
