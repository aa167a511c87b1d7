import type { Host } from '../base/host.ts'
import type { Settings } from '../settings/settings.ts'
import type { globalOptions } from './global-options.ts'
import type { MaskedTerminal } from './masked-terminal.ts'
import type { OptionTable, OptionValues } from './option-table.ts'
import type { Stopwatch } from './stopwatch.ts'

export type GlobalValues = OptionValues<typeof globalOptions>

/** A command's entry: what `flotilla --help` shows, and how its file is loaded once it is chosen. */
export interface CommandEntry {
  /** As typed; a space separates a group from its member: `chart template`. */
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<Command>
}

/** What a command works with beside its own options. */
export interface CommandContext {
  readonly host: Host
  readonly terminal: MaskedTerminal
  readonly global: GlobalValues
  /** Flotilla's own settings, read when first asked for. */
  readonly settings: () => Promise<Settings>
  /** Every command there is; for completion. */
  readonly commands: readonly CommandEntry[]
  /** Where `--timings` is given. */
  readonly stopwatch?: Stopwatch
  /** Aborted by the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal
}

/** A positional argument. */
export interface ArgumentSpec {
  readonly name: string
  readonly description: string
  readonly optional?: boolean
  /** For the last one: more of its kind may follow. */
  readonly many?: boolean
  /** All it may be, for completion. */
  readonly choices?: readonly string[]
}

/** `<PATH>...`: as usage lines print an argument. */
export function argumentText({ name, optional, many }: ArgumentSpec): string {
  return `${optional ? `[${name}]` : `<${name}>`}${many ? '...' : ''}`
}

/** One command, in one file. `run` prints its result to the terminal and resolves to the exit code. */
export interface Command<T extends OptionTable = OptionTable> {
  readonly options: T
  readonly arguments?: readonly ArgumentSpec[]
  /** Full command lines for `--help`. */
  readonly examples: readonly string[]
  run(context: CommandContext, options: OptionValues<T>, args: readonly string[]): Promise<number>
}

/** Gives `command` back; exists so that the type of its options is inferred from the table. */
export function defineCommand<const T extends OptionTable>(command: Command<T>): Command<T> {
  return command
}
