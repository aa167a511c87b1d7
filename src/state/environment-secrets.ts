import { resolve } from 'node:path'
import { failure, withNote } from '../base/diagnostic.ts'
import type { Source } from '../base/source.ts'
import { stringFromBytes } from '../go/bytes.ts'
import type { GoMap, GoValue } from '../go/values.ts'
import { isEncrypted } from '../secrets/decrypt-sops.ts'
import { decodeSecret, type Secret } from '../secrets/secret-reader.ts'
import type { Layer } from '../values/layer.ts'
import { overrideMaps } from '../values/merge-maps.ts'
import { castKeys } from './cast-keys.ts'
import { type FileBase, resolveFile, type Wanted } from './resolve-file.ts'
import { noteSecret } from './secret-log.ts'
import { type EnvironmentSpec, placeOfSpec } from './spec.ts'

/** What an environment's `secrets` hold. */
export interface EnvironmentSecrets {
  /** Of YAML files, later ones winning. */
  readonly values: GoMap
  /** The YAML files, lowest first. */
  readonly layers: readonly Layer[]
  /** HCL files, decrypted, which are evaluated together with those among `values`. */
  readonly hcl: readonly Source[]
}

/**
 * The decrypted `secrets` of an environment.
 * @throws DiagnosticError `state/missing-file`, and what decrypting throws
 * Source: Helmfile 1.8 pkg/state scatterGatherEnvSecretFiles
 */
export async function decryptEnvironmentSecrets(
  base: FileBase,
  environment: EnvironmentSpec,
  missing: Pick<Wanted, 'whenMissing' | 'ignoreMissingBranch'>,
): Promise<EnvironmentSecrets> {
  const at = placeOfSpec(environment.secrets)
  const found = (environment.secrets ?? []).map((path) => resolveFile(base, { ...missing, what: 'environment values', path, at }))
  const files = (await Promise.all(found)).flat()
  const [hcl, others] = [files.filter(isHcl), files.filter((file) => !isHcl(file))]
  const decrypted = await Promise.all(others.map((file) => secretValues(base, file)))
  const texts = await Promise.all(hcl.map(async (file) => ({ name: base.nameOf(file), text: (await readSecret(base, file)).text })))
  return { values: decrypted.reduce<GoMap>((below, { tree }) => overrideMaps(below, tree), new Map()), layers: decrypted, hcl: texts }
}

function isHcl(file: string): boolean {
  return file.endsWith('.hcl')
}

async function secretValues(base: FileBase, file: string): Promise<Layer> {
  try {
    const value = decodeSecret(await readSecret(base, file), 'helmfile')
    noteSecret(base.host, value)
    if (value === null || value instanceof Map) {
      const tree = value ? castKeys(value) : new Map<string, GoValue>()
      const path = resolve(base.host.cwd, file)
      return { name: base.nameOf(file), tree, secret: true, file: { path, form: 'encrypted' }, placeOf: () => undefined }
    }
    throw failure('state/bad-secret', `the decrypted file ${file} holds no map`)
  } catch (error) {
    throw withNote(error, { text: `loading environment secrets file "${base.nameOf(file)}"` })
  }
}

/** A file decrypted, or as it lies there where nobody encrypted it, which the secrets plugin of Helm takes too. */
export async function readSecret(base: FileBase, file: string): Promise<Secret> {
  const text = stringFromBytes(base.host.fs.readFile(file))
  if (!isEncrypted(text)) return { text, encrypted: { name: base.nameOf(file), text: '' } }
  return base.secrets.decryptFile(resolve(base.host.cwd, file))
}
