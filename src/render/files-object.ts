import type { ChartFile } from '../chart/chart.ts'
import type { HelmCompat } from '../chart/helm-compat.ts'
import { stringFromBytes } from '../go/bytes.ts'
import { NIL_BYTES } from '../go/kind.ts'
import { type GoFunction, type GoObject, GoPanic, type GoValue, sortedKeys, withGoType } from '../go/values.ts'
import { encodeYaml } from '../yaml/encode.ts'
import { compileGlob } from './glob.ts'

type Files = ReadonlyMap<string, Uint8Array>

const NO_BYTES: Uint8Array = new Uint8Array()

function lastName(path: string): string {
  return path.replace(/\/+$/, '').split('/').at(-1) || (path === '' ? '.' : '/')
}

/** The files' last names with `encode` of their content, as YAML without its last line break. */
function asYaml(files: Files, encode: (data: Uint8Array) => string): string {
  const map = new Map<string, GoValue>()
  for (const name of sortedKeys(files)) map.set(lastName(name), encode(files.get(name) as Uint8Array))
  return encodeYaml(map, 'helm').replace(/\n$/, '')
}

function linesOf(data: Uint8Array | undefined, failsOnEmpty: boolean): GoValue {
  const text = stringFromBytes(data ?? NO_BYTES)
  if (text === '' && failsOnEmpty && data) throw new GoPanic('runtime error: index out of range [-1]')
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n')
  return withGoType(lines, '[]string')
}

function filtered(files: Files, pattern: string): Files {
  const matches = compileGlob(pattern) ?? (() => true)
  return new Map([...files].filter(([name]) => matches(name)))
}

function methodsOf(files: Files, failsOnEmpty: boolean): Readonly<Record<string, GoFunction>> {
  const name = { params: ['string'] }
  return {
    Get: { ...name, call: (path: string) => stringFromBytes(files.get(path) ?? NO_BYTES) },
    GetBytes: { ...name, call: (path: string) => files.get(path) ?? NO_BYTES },
    Glob: { ...name, call: (pattern: string) => objectOf(filtered(files, pattern), failsOnEmpty) },
    Lines: { ...name, call: (path: string) => linesOf(files.get(path), failsOnEmpty) },
    AsConfig: { params: [], call: () => asYaml(files, stringFromBytes) },
    AsSecrets: { params: [], call: () => asYaml(files, (data) => Buffer.from(data).toString('base64')) },
  }
}

function objectOf(files: Files, failsOnEmpty: boolean): GoObject {
  const methods = methodsOf(files, failsOnEmpty)
  return {
    goType: 'engine.files',
    goKind: 'map',
    // A Go map of byte slices gives a nil slice for a key it lacks.
    field: (name) => files.get(name) ?? NIL_BYTES,
    method: (name) => (Object.hasOwn(methods, name) ? methods[name] : undefined),
    plain: () => withGoType(new Map<string, GoValue>(files), 'map[string][]uint8'),
  }
}

/**
 * `.Files` as templates reach it: a map from path to bytes with `Get`, `GetBytes`, `Glob`, `Lines`, `AsConfig` and `AsSecrets`.
 *
 * Source: Helm 4.3.1 pkg/engine/files.go
 */
export function filesObject(files: readonly ChartFile[], compat?: HelmCompat): GoObject {
  // Before Helm 4.3, asking for the lines of an empty file failed.
  return objectOf(new Map(files.map((file) => [file.name, file.data])), compat === '3' || compat === '4.2')
}
