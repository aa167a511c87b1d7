import { dirname } from 'node:path'
import { failure, withNote } from '../base/diagnostic.ts'
import type { Source, Span } from '../base/source.ts'
import type { GoValue } from '../go/values.ts'
import { castKeys } from './cast-keys.ts'
import { describeValue, isTemplate } from './environment-values.ts'
import type { LoadedFile } from './load-file.ts'
import { placeInNode } from './node-place.ts'
import { textRenderer } from './render-text.ts'
import { type FileBase, normalizePath, resolveFile } from './resolve-file.ts'
import { expandSecretRefs } from './secret-refs.ts'
import { nodeOfValue, placeOfSpec, type ReleaseSpec } from './spec.ts'
import { type ReleaseSurroundings, releaseTemplateData } from './template-data.ts'
import { decodeText, encodeText, parseText } from './yaml-text.ts'

/** One values file of a release as Helm would be given it. */
export interface ValuesDocument {
  /** For people. */
  readonly name: string
  readonly source: Source
  readonly secret: boolean
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
  const documents: ValuesDocument[] = []
  for (const [i, entry] of (release.values ?? []).entries()) {
    const document = valuesDocument(file, around, release, entry, i)
    if (document) documents.push(document)
  }
  return documents
}

function valuesDocument(file: LoadedFile, around: ReleaseSurroundings, release: ReleaseSpec, entry: GoValue, index: number): ValuesDocument | undefined {
  const { host } = file.base
  const at = placeOfSpec(release.values) ?? placeOfSpec(release)
  if (typeof entry === 'string') {
    const normalized = normalizePath(file.base, `${release.valuesPathPrefix ?? ''}${entry}`)
    const path = expandSecretRefs(host, normalized)
    if (typeof path === 'string') return fileDocument(file, around, release, path, at)
  }
  const value = expandSecretRefs(host, entry)
  if (!(value instanceof Map)) throw failure('state/bad-values-entry', `unexpected type of value: ${describeValue(value)}`, { ...(at ? { at } : {}), hint: 'use file names and maps only' })
  const node = nodeOfValue(entry as object)
  const name = `inline values ${index + 1} of release "${release.name}"`
  return { name, source: { name, text: encodeText(value) }, secret: false, placeOf: (keys) => placeInNode(node, keys) }
}

function fileDocument(file: LoadedFile, around: ReleaseSurroundings, release: ReleaseSpec, path: string, at: Span | undefined): ValuesDocument | undefined {
  const whenMissing = release.missingFileHandler ?? file.spec.missingFileHandler
  const found = resolveFile(file.base, { what: 'values', path, whenMissing, at })
  if (found.length === 0) return undefined
  if (found.length > 1) throw globRefusal(path, found, at)
  try {
    return readDocument(file, around, release, found[0] as string)
  } catch (error) {
    throw withNote(error, { text: `rendering values file "${path}" of release "${release.name}"`, ...(at ? { at } : {}) })
  }
}

function globRefusal(path: string, found: readonly string[], at: Span | undefined): Error {
  return failure('state/values-glob', 'glob patterns in release values and secrets is not supported yet', {
    ...(at ? { at } : {}),
    notes: [{ text: `"${path}" matches ${found.join(', ')}` }],
    hint: 'name each file',
  })
}

function readDocument({ base }: LoadedFile, around: ReleaseSurroundings, release: ReleaseSpec, path: string): ValuesDocument {
  const name = base.nameOf(path)
  const written: Source = { name, text: base.host.fs.readText(path) }
  const isRendered = isTemplate(path) && written.text.includes('{{')
  const text = isRendered ? textRenderer(base.host, dirname(path)).render(written, releaseTemplateData(around, release)) : written.text
  const source: Source = isRendered ? { name: `${name} (rendered)`, text } : written
  if (!text.includes('ref+')) return { name, source, secret: false, placeOf: lazyPlaces(source) }
  const expanded = encodeText(expandSecretRefs(base.host, castKeys(decodeText(source))))
  return { name, source: { name, text: expanded }, secret: true, placeOf: lazyPlaces(source) }
}

/**
 * A values file named on the command line, as it lies there.
 * @throws DiagnosticError `state/missing-file`
 */
export function fileText(base: FileBase, path: string): ValuesDocument {
  if (base.host.fs.stat(path)?.kind !== 'file')
    throw failure('state/missing-file', `open ${base.nameOf(path)}: no such file or directory`, { hint: 'values files of the command line are relative to the state file' })
  const source: Source = { name: base.nameOf(path), text: base.host.fs.readText(path) }
  return { name: source.name, source, secret: false, placeOf: lazyPlaces(source) }
}

/** Finds places by parsing the text again, the first time one is asked for. */
function lazyPlaces(source: Source): (path: readonly string[]) => Span | undefined {
  let root: ReturnType<typeof parseText>[number]['root'] | undefined
  return (path) => {
    root ??= parseText(source)[0]?.root ?? null
    return placeInNode(root, path)
  }
}
