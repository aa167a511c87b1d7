import { failure } from '../base/diagnostic.ts'
import type { GoMap } from '../go/values.ts'
import { type FileBase, resolveFile } from './resolve-file.ts'
import { type EnvironmentSpec, placeOfSpec } from './spec.ts'

/** The decrypted values of an environment's `secrets`, later files winning. */
export async function decryptEnvironmentSecrets(base: FileBase, environment: EnvironmentSpec, whenMissing: string | undefined): Promise<GoMap> {
  const at = placeOfSpec(environment.secrets)
  for (const path of environment.secrets ?? []) {
    const files = resolveFile(base, { what: 'environment values', path, whenMissing, at })
    if (files.length > 0) throw failure('state/secrets', `environment secrets file "${path}" is encrypted, which is not supported`, at ? { at } : {})
  }
  return new Map()
}
