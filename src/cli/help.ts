import { argumentText, type Command, type CommandEntry } from './command.ts'
import { exitCodes, exitMeanings } from './exit-codes.ts'
import { globalOptions } from './global-options.ts'
import { type OptionSpec, type OptionTable, spelling } from './option-table.ts'

const COLUMNS = 100

/** Two columns, the right one wrapped at `COLUMNS`. */
function twoColumns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.min(34, Math.max(...rows.map(([left]) => left.length)))
  const lines = rows.flatMap(([left, right]) => {
    const wrapped = wrap(right, COLUMNS - width - 4)
    const first = left.length > width ? [`  ${left}`] : [`  ${left.padEnd(width)}  ${wrapped.shift() ?? ''}`]
    return [...first, ...wrapped.map((text) => `${' '.repeat(width + 4)}${text}`)]
  })
  return lines.map((line) => line.trimEnd()).join('\n')
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

function optionRows(table: OptionTable): (readonly [string, string])[] {
  return Object.values(table).map((option) => [spelling(option).padStart(option.short ? 0 : spelling(option).length + 4), explained(option)])
}

function explained(option: OptionSpec): string {
  return option.env ? `${option.description} [env ${option.env}]` : option.description
}

/** What `flotilla --help` prints. */
export function generalHelp(commands: readonly CommandEntry[]): string {
  return `Flotilla brings whole environments of Helm charts to Kubernetes. It reads helmfile.yaml.

Usage:
  flotilla [options] <command> [options]

Commands:
${twoColumns(commands.map((c) => [c.name, c.summary]))}

Options of every command:
${twoColumns([...optionRows(globalOptions), ['-h, --help', 'show this help, or the help of a command']])}

Examples:
  flotilla -e staging diff
  flotilla -e staging apply
  flotilla --sandbox -f examples/shop -e staging apply
  flotilla -l app=web template

Exit codes:
${twoColumns(exitRows())}
`
}

function exitRows(): (readonly [string, string])[] {
  return Object.entries(exitMeanings).map(([name, meaning]) => [String(exitCodes[name as keyof typeof exitCodes]), meaning])
}

/** What `flotilla COMMAND --help` prints. */
export function commandHelp(entry: CommandEntry, command: Command): string {
  const positional = (command.arguments ?? []).map(argumentText).join(' ')
  const sections = [
    `${entry.summary[0]?.toUpperCase()}${entry.summary.slice(1)}.`,
    `Usage:\n  flotilla [options] ${entry.name} [options]${positional && ` ${positional}`}`,
  ]
  if (command.arguments?.length) sections.push(`Arguments:\n${twoColumns(command.arguments.map((a) => [a.name, a.description]))}`)
  if (Object.keys(command.options).length > 0) sections.push(`Options:\n${twoColumns(optionRows(command.options))}`)
  sections.push(`Examples:\n${command.examples.map((line) => `  ${line}`).join('\n')}`)
  sections.push('Options of every command: flotilla --help')
  return `${sections.join('\n\n')}\n`
}
