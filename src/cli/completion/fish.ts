import type { OptionSpec } from '../option-table.ts'
import type { CommandWords, Words } from './words.ts'

const quoted = (text: string): string => `"${text.replace(/[\\"$]/g, '\\$&')}"`

/** True once all words of a command have been typed. */
const seen = (name: string): string =>
  name
    .split(' ')
    .map((word) => `__fish_seen_subcommand_from ${word}`)
    .join('; and ')

function optionLine(condition: string, { short, long, type, choices, description }: OptionSpec): string {
  const parts = [`complete -c flotilla -n "${condition}" -l ${long}`]
  if (short) parts.push(`-s ${short}`)
  if (type !== 'flag') parts.push('-r')
  if (choices) parts.push(`-f -a "${choices.join(' ')}"`)
  return `${parts.join(' ')} -d ${quoted(description)}`
}

function commandLines({ name, options, choices }: CommandWords): readonly string[] {
  const lines = options.map((option) => optionLine(seen(name), option))
  return choices.length > 0 ? [`complete -c flotilla -n "${seen(name)}" -f -a "${choices.join(' ')}"`, ...lines] : lines
}

/** The completion commands for fish. */
export function fishCompletion({ commands, first, members, globals }: Words): string {
  const start = first.map(({ word, summary }) => `complete -c flotilla -n __fish_use_subcommand -f -a ${word} -d ${quoted(summary)}`)
  const groups = [...members].flatMap(([group, words]) => {
    const none = `not __fish_seen_subcommand_from ${words.map(({ word }) => word).join(' ')}`
    return words.map(({ word, summary }) => `complete -c flotilla -n "${seen(group)}; and ${none}" -f -a ${word} -d ${quoted(summary)}`)
  })
  const lines = [...start, ...groups, ...globals.map((option) => optionLine('__fish_use_subcommand', option)), ...commands.flatMap(commandLines)]
  return `# flotilla completion for fish: flotilla completion fish | source\n${lines.join('\n')}\n`
}
