/**
 * Options of a command as data: the parser, the types that `run` sees, `--help`, completion and docs/cli.md come from one entry.
 */
export interface OptionSpec {
  /** One letter without its dash. */
  readonly short?: string
  /** Without dashes, as typed: `detailed-exitcode`. */
  readonly long: string
  readonly type: 'flag' | 'text' | 'integer' | 'list'
  /** What stands for the value in help: `FILE`, `SECONDS`; absent for flags. */
  readonly value?: string
  readonly description: string
  /** Accepted values, for validation and completion. */
  readonly choices?: readonly string[]
  /** The smallest number accepted, for integers. */
  readonly min?: number
  /** Environment variable that gives the value when the option is absent. */
  readonly env?: string
}

export type OptionTable = Readonly<Record<string, OptionSpec>>

type ValueOf<S extends OptionSpec> = S['type'] extends 'flag'
  ? boolean
  : S['type'] extends 'integer'
    ? number
    : S['type'] extends 'list'
      ? readonly string[]
      : string

/** What `run` gets for a table: each option by its table key, absent where it was not given. */
export type OptionValues<T extends OptionTable> = { readonly [K in keyof T]?: ValueOf<T[K]> }

/** `-e, --environment NAME`: as help prints it. */
export function spelling(option: OptionSpec): string {
  const short = option.short ? `-${option.short}, ` : ''
  return `${short}--${option.long}${option.value ? ` <${option.value}>` : ''}`
}
