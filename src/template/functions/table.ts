import type { Host } from '../../base/host.ts'
import type { GoFunction } from '../../go/values.ts'
import { cryptoFunctions } from './crypto.ts'
import { dateFunctions } from './date.ts'
import { defaultFunctions } from './defaults.ts'
import { dictFunctions } from './dicts.ts'
import { encodingFunctions } from './encoding.ts'
import { jsonFunctions } from './json.ts'
import { listFunctions } from './lists.ts'
import { numberFunctions } from './numbers.ts'
import { pathFunctions } from './paths.ts'
import { randomFunctions } from './random.ts'
import { reflectionFunctions } from './reflection.ts'
import { regexFunctions } from './regexes.ts'
import { semverFunctions } from './semver.ts'
import { textFunctions } from './text.ts'
import { textCaseFunctions } from './text-case.ts'
import { textShapeFunctions } from './text-shape.ts'
import { tomlFunctions } from './toml.ts'
import { urlFunctions } from './urls.ts'
import { yamlFunctions } from './yaml.ts'

function joined(families: readonly ReadonlyMap<string, GoFunction>[]): ReadonlyMap<string, GoFunction> {
  const all = new Map<string, GoFunction>()
  for (const family of families) for (const [name, fn] of family) all.set(name, fn)
  return all
}

/** Those of `helmFunctions` that give the same for the same arguments wherever and whenever they are called. */
export const pureFunctions: ReadonlyMap<string, GoFunction> = joined([
  textFunctions,
  textShapeFunctions,
  textCaseFunctions,
  listFunctions,
  dictFunctions,
  numberFunctions,
  defaultFunctions,
  reflectionFunctions,
  encodingFunctions,
  jsonFunctions,
  yamlFunctions,
  tomlFunctions,
  semverFunctions,
  urlFunctions,
  pathFunctions,
])

/** Those of `helmFunctions` that read a clock (if only to see how long they take) or draw random bytes, and their families. */
export function hostFunctions(host: Pick<Host, 'now' | 'randomBytes'>): ReadonlyMap<string, GoFunction> {
  return joined([dateFunctions(host), randomFunctions(host), cryptoFunctions(host), regexFunctions(host)])
}

/**
 * The functions a Helm template can call, by name, but for those that need the chart or the cluster (`include`, `tpl`, `lookup`,
 * `getHostByName`): `render/` adds them.
 *
 * Source: Helm 4.3.1 pkg/engine/funcs.go (sprig 3.3.0 without `env` and `expandenv`)
 */
export function helmFunctions(host: Pick<Host, 'now' | 'randomBytes'>): ReadonlyMap<string, GoFunction> {
  return joined([pureFunctions, hostFunctions(host)])
}
