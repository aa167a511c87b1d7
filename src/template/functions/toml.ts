import { decodeToml } from '../../go/toml-decode.ts'
import { encodeToml } from '../../go/toml-encode.ts'
import { GoError, type GoFunction, type GoMap, type GoValue } from '../../go/values.ts'
import { ANY, fixed } from './signature.ts'

/** `read`'s result, or what `onError` makes of the error's text. */
function orError(read: () => GoValue, onError: (message: string) => GoValue): GoValue {
  try {
    return read()
  } catch (error) {
    if (error instanceof GoError) return onError(error.message)
    throw error
  }
}

const asEntry = (message: string): GoMap => new Map([['Error', message]])

/**
 * TOML. `toToml` gives an error's text as its result, `fromToml` puts it under `Error`.
 *
 * Source: Helm 4.3.1 pkg/engine/funcs.go
 */
export const tomlFunctions: ReadonlyMap<string, GoFunction> = new Map<string, GoFunction>([
  [
    'toToml',
    fixed([ANY], (value: GoValue) =>
      orError(
        () => encodeToml(value),
        (message) => message,
      ),
    ),
  ],
  ['mustToToml', fixed([ANY], encodeToml)],
  ['fromToml', fixed(['string'], (text: string) => orError(() => decodeToml(text), asEntry))],
])
