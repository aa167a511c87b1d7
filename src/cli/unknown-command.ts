import { failure } from '../base/diagnostic.ts'
import { nearest } from '../base/nearest.ts'
import type { CommandEntry } from './command.ts'
import { refusedCommands } from './helmfile-options.ts'

type Commands = readonly CommandEntry[]

/** The error `cli/unknown-command` for a name that is none of `commands`, which hints at the nearest, unless `hint` knows better. */
export function noSuchCommand(commands: Commands, name: string, hint?: string): Error {
  const near = nearest(
    name,
    commands.map((command) => command.name),
  )
  const all = '"flotilla --help" lists all commands'
  return failure('cli/unknown-command', `unknown command "${name}" for "flotilla"`, {
    hint: hint ?? (near ? `did you mean "${near}"? ${all}` : all),
  })
}

/**
 * The same for the first words of a command line that are no options. `stray` is an option of commands that stood before them,
 * so that its value was taken for the command.
 */
export function unknownCommand(commands: Commands, [first, second]: readonly [string, string | undefined], stray: string | undefined): Error {
  const members = commands.filter((command) => command.name.startsWith(`${first} `)).map((command) => command.name)
  if (members.length > 0) {
    const what = second === undefined ? `"${first}" needs a command of its own` : `unknown command "${first} ${second}" for "flotilla"`
    return failure('cli/unknown-command', what, { hint: `use one of: ${members.join(', ')}` })
  }
  const instead = refusedCommands.get(first)
  if (instead !== undefined) return failure('cli/unknown-command', `the command "${first}" is not supported`, { hint: instead })
  return noSuchCommand(commands, first, stray && `write ${stray} behind the command it belongs to`)
}
