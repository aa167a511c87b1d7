import { type GoObject, type GoValue, withGoType } from '../go/values.ts'
import { encodeSpec } from './encode-spec.ts'
import { structObject } from './environment.ts'
import { releaseShape } from './known-keys.ts'
import type { ReleaseSpec } from './spec.ts'

/** Keys whose Go field is not the key with a capital. */
const GO_NAMES: Readonly<Record<string, string>> = {
  set: 'SetValues',
  setString: 'SetStringValues',
  setTemplate: 'SetValuesTemplate',
  env: 'EnvValues',
  jsonPatches: 'JSONPatches',
}

/** A whole release as hooks and file name templates see it: `.Release.Name`, `.Release.Labels.tier`, `.Release.Version`. */
export function releaseSpecObject(release: ReleaseSpec): GoObject {
  const encoded = encodeSpec(releaseShape, release)
  const fields: Record<string, GoValue> = {}
  for (const [key, { shape }] of Object.entries(releaseShape.fields)) {
    const name = GO_NAMES[key] ?? `${key[0]?.toUpperCase()}${key.slice(1)}`
    fields[name] = encoded.get(key) ?? (shape.kind === 'string' ? '' : shape.kind === 'bool' ? false : null)
  }
  fields['Labels'] = withGoType(new Map(release.labels), 'map[string]string')
  return structObject('*state.ReleaseSpec', fields)
}
