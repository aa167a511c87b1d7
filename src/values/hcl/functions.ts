import type { GoValue } from '../../go/values.ts'
import { COLLECTION_FUNCTIONS } from './collection-functions.ts'
import { HclError } from './convert.ts'
import { ENCODING_FUNCTIONS } from './encoding-functions.ts'
import { NETWORK_FUNCTIONS } from './network-functions.ts'
import { NUMBER_FUNCTIONS } from './number-functions.ts'
import { TEXT_FUNCTIONS } from './text-functions.ts'

/** Throws HclError for arguments that it cannot work with. */
export type HclFunction = (...args: readonly GoValue[]) => GoValue

/** Every function of HCL values but `can` and `try`, which see expressions. Source: Helmfile 1.8 pkg/hcllang/hcl_functions.go */
export const HCL_FUNCTIONS: ReadonlyMap<string, HclFunction> = new Map(
  Object.entries({ ...NUMBER_FUNCTIONS, ...TEXT_FUNCTIONS, ...COLLECTION_FUNCTIONS, ...ENCODING_FUNCTIONS, ...NETWORK_FUNCTIONS }).map(
    ([name, [least, most, work]]) => [
      name,
      (...args: readonly GoValue[]): GoValue => {
        if (args.length < least) throw new HclError(`not enough arguments: it needs ${least}`)
        if (args.length > most) throw new HclError(`too many arguments: it takes ${most}`)
        return work(...args)
      },
    ],
  ),
)
