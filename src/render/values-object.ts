import { tableAt, valueAt } from '../chart/values-path.ts'
import { quote } from '../go/quote.ts'
import { SharedMap } from '../go/shared-map.ts'
import { GoError, type GoFunction, type GoMap, withGoMethods, withGoType } from '../go/values.ts'
import { encodeYaml } from '../yaml/encode.ts'

const VALUES = 'common.Values'

function table(values: GoMap, path: string): GoMap {
  const found = tableAt(values, path)
  if ('error' in found) throw new GoError(found.error)
  return sharedValues(found.table)
}

function methodsOf(values: GoMap): Readonly<Record<string, GoFunction>> {
  const path = { params: ['string'] }
  return {
    YAML: { params: [], call: () => encodeYaml(values, 'helm') },
    AsMap: { params: [], call: () => new SharedMap(values) },
    Table: { ...path, call: (name: string) => table(values, name) },
    PathValue: {
      ...path,
      call: (name: string) => {
        if (name === '') throw new GoError('YAML path cannot be empty')
        const value = valueAt(values, name)
        if (value === undefined) throw new GoError(`${quote(name.slice(name.lastIndexOf('.') + 1))} is not a value`)
        return value
      },
    },
    Encode: { params: ['io.Writer'], call: () => null },
  }
}

/**
 * Makes `map` a value of Helm's type `common.Values`, whose methods hide keys of their names; returns the same map.
 *
 * Source: Helm 4.3.1 pkg/chart/common/values.go
 */
export function asValues(map: GoMap): GoMap {
  const methods = methodsOf(map)
  return withGoMethods(withGoType(map, VALUES), (name) => (Object.hasOwn(methods, name) ? methods[name] : undefined))
}

/** As `asValues`, for a map that must stay an ordinary one elsewhere. */
export function sharedValues(map: GoMap): GoMap {
  return asValues(new SharedMap(map))
}
