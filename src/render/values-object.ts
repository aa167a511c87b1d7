import { tableAt, valueAt } from '../chart/values-path.ts'
import { quote } from '../go/quote.ts'
import { SharedMap } from '../go/shared-map.ts'
import { GoError, type GoFunction, type GoMap, type GoValue, withGoMethods, withGoType } from '../go/values.ts'
import { encodeYaml } from '../yaml/encode.ts'

const VALUES = 'common.Values'

function table(values: GoMap, path: string): GoMap {
  const found = tableAt(values, path)
  if ('error' in found) throw new GoError(found.error)
  return sharedValues(found.table)
}

const PATH = ['string'] as const

function pathValue(values: GoMap, name: string): GoValue {
  if (name === '') throw new GoError('YAML path cannot be empty')
  const value = valueAt(values, name)
  if (value === undefined) throw new GoError(`${quote(name.slice(name.lastIndexOf('.') + 1))} is not a value`)
  return value
}

/** Made when asked for: every access to a field asks, and hardly any is one of these. */
function methodOfValues(values: GoMap, name: string): GoFunction | undefined {
  switch (name) {
    case 'YAML':
      return { params: [], call: () => encodeYaml(values, 'helm') }
    case 'AsMap':
      return { params: [], call: () => new SharedMap(values) }
    case 'Table':
      return { params: PATH, call: (path: string) => table(values, path) }
    case 'PathValue':
      return { params: PATH, call: (path: string) => pathValue(values, path) }
    case 'Encode':
      return { params: ['io.Writer'], call: () => null }
    default:
      return undefined
  }
}

/**
 * Makes `map` a value of Helm's type `common.Values`, whose methods hide keys of their names; returns the same map.
 *
 * Source: Helm 4.3.1 pkg/chart/common/values.go
 */
export function asValues(map: GoMap): GoMap {
  return withGoMethods(withGoType(map, VALUES), (name) => methodOfValues(map, name))
}

/** As `asValues`, for a map that must stay an ordinary one elsewhere. */
export function sharedValues(map: GoMap): GoMap {
  return asValues(new SharedMap(map))
}
