import { createHash } from 'node:crypto'
import { extname, resolve } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { GoMap, GoObject } from '../go/values.ts'
import { compileTemplate, Engine } from '../template/engine.ts'
import { overrideMaps } from '../values/merge-maps.ts'
import { environmentObject, structObject } from './environment.ts'
import { releaseSpecObject } from './release-spec-object.ts'
import type { Release, StateFile } from './state.ts'
import { decodeText, encodeText } from './yaml-text.ts'

const DEFAULT_TEMPLATE = '{{ .State.BaseName }}-{{ .State.AbsPathSHA1 }}/{{ .Release.Name }}.yaml'

/** Where `write-values` writes a release's values, and what. */
export interface ValuesFile {
  /** Absolute. */
  readonly path: string
  readonly text: string
}

/**
 * The releases of `file` whose values `write-values` writes: chosen, enabled and to be installed.
 */
export function releasesToWrite(file: StateFile): readonly Release[] {
  return file.selected.filter(({ enabled, installed }) => enabled && installed)
}

/**
 * All values of a release in one file: its values files and secrets, then the `extra` files, merged as Helmfile merges them;
 * `set` entries are not in it.
 * @throws DiagnosticError `state/missing-file`, and what reading the release's values throws
 * Source: Helmfile 1.8 pkg/state WriteReleasesValues, GenerateOutputFilePath
 */
export async function valuesFile(
  host: Host,
  file: StateFile,
  release: Release,
  options: { readonly template?: string; readonly extra?: readonly string[] } = {},
): Promise<ValuesFile> {
  let merged: GoMap = new Map()
  for (const { source } of await release.documents()) merged = overrideMaps(merged, mapIn(source))
  for (const path of options.extra ?? []) merged = overrideMaps(merged, mapIn({ name: path, text: readExtra(host, resolve(file.workingDir, path)) }))
  const path = renderPath(options.template || DEFAULT_TEMPLATE, pathData(file, release))
  return { path: resolve(file.workingDir, path), text: encodeText(merged) }
}

function mapIn(source: { readonly name: string; readonly text: string }): GoMap {
  const value = decodeText(source)
  if (value === null) return new Map()
  if (value instanceof Map) return value
  throw failure('state/values-not-a-map', 'a values file holds one map', { at: { source, start: 0, end: 0 } })
}

function readExtra(host: Host, path: string): string {
  if (host.fs.stat(path)?.kind !== 'file')
    throw failure('state/missing-file', `open ${path}: no such file or directory`, {
      hint: 'values files of the command line are relative to the state file',
    })
  return host.fs.readText(path)
}

function renderPath(template: string, data: GoObject): string {
  const engine = new Engine({ functions: new Map(), missingKey: 'default', rootName: 'output-file' })
  return engine.executeText(compileTemplate({ name: 'output-file', text: template }, new Set()), data)
}

const DEFAULT_FOLDER = '{{ .OutputDir }}/{{ .State.BaseName }}-{{ .State.AbsPathSHA1 }}-{{ .Release.Name}}'

/**
 * The folder (absolute) for the manifests of a release below `outputDir`, which is seen from where the file is worked on.
 * @throws DiagnosticError of `template`
 * Source: Helmfile 1.8 pkg/state GenerateOutputDir
 */
export function manifestFolder(file: StateFile, release: Release, outputDir: string, template: string = DEFAULT_FOLDER): string {
  return resolve(file.workingDir, renderPath(template, pathData(file, release, outputDir)))
}

function pathData(file: StateFile, release: Release, outputDir?: string): GoObject {
  const absolute = resolve(file.workingDir, file.filePath)
  const state = structObject('struct', {
    BaseName: file.filePath.slice(0, file.filePath.length - extname(file.filePath).length),
    Path: file.filePath,
    AbsPath: absolute,
    AbsPathSHA1: createHash('sha1').update(absolute).digest('hex').slice(0, 8),
  })
  const own = outputDir === undefined ? {} : { OutputDir: outputDir }
  return structObject('struct', {
    ...own,
    State: state,
    Release: releaseSpecObject(release.spec),
    Environment: environmentObject(file.environmentLayers),
  })
}
