import type { Command, CommandEntry } from '../command.ts'
import { globalOptions } from '../global-options.ts'
import type { OptionSpec, OptionTable } from '../option-table.ts'

/** One command as completion sees it. */
export interface CommandWords {
  /** As typed, with blanks: `chart template`. */
  readonly name: string
  readonly summary: string
  /** Its own options and those of every command. */
  readonly options: readonly OptionSpec[]
  /** What its first argument may be, where that is known. */
  readonly choices: readonly string[]
}

/** A word of a command line, and what it does. */
export interface Word {
  readonly word: string
  readonly summary: string
}

/** Everything that can be typed. */
export interface Words {
  readonly commands: readonly CommandWords[]
  /** First words of commands. */
  readonly first: readonly Word[]
  /** Second words, by the group they belong to. */
  readonly members: ReadonlyMap<string, readonly Word[]>
  readonly globals: readonly OptionSpec[]
}

const help: OptionSpec = { short: 'h', long: 'help', type: 'flag', description: 'show help' }

/** Reads the option tables of all commands. */
export async function completionWords(entries: readonly CommandEntry[]): Promise<Words> {
  const globals = [...Object.values(globalOptions as OptionTable), help]
  const loaded = await Promise.all(entries.map(async (entry) => commandWords(entry, await entry.load(), globals)))
  const first = new Map(entries.map(({ name, summary }) => [name.split(' ')[0] as string, summary]))
  const members = new Map<string, Word[]>()
  for (const { name, summary } of entries) {
    const [group, word] = name.split(' ')
    if (group !== undefined && word !== undefined) members.set(group, [...(members.get(group) ?? []), { word, summary }])
  }
  return { commands: loaded, first: [...first].map(([word, summary]) => ({ word, summary })), members, globals }
}

function commandWords({ name, summary }: CommandEntry, command: Command, globals: readonly OptionSpec[]): CommandWords {
  const own = Object.values(command.options)
  const others = globals.filter((option) => !own.some(({ long }) => long === option.long))
  return { name, summary, options: [...own, ...others], choices: command.arguments?.[0]?.choices ?? [] }
}

/** `--file`, `-f`: as an option is typed. */
export function spellings({ short, long }: OptionSpec): readonly string[] {
  return short === undefined ? [`--${long}`] : [`--${long}`, `-${short}`]
}
