// The text of docs/cli.md, from the tables that the command line itself is read by.
import { argumentText, type Command, type CommandEntry } from '../../src/cli/command.ts'
import { commands } from '../../src/cli/commands.ts'
import { exitCodes, exitMeanings } from '../../src/cli/exit-codes.ts'
import { globalOptions } from '../../src/cli/global-options.ts'
import { type OptionTable, spelling } from '../../src/cli/option-table.ts'

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('{{', '`{{').replaceAll('}}', '}}`')

function optionTable(options: OptionTable): string {
  const rows = Object.values(options).map((option) => {
    const { description, choices, env } = option
    const facts = [
      choices && `one of: ${choices.join(', ')}`,
      env && `environment: \`${env}\``,
      option.type === 'list' && 'may be given several times',
    ]
    const more = facts.filter(Boolean).join('; ')
    return `| \`${spelling(option)}\` | ${cell(description)}${more && ` (${more})`} |`
  })
  return ['| option | |', '|---|---|', ...rows].join('\n')
}

function commandSection({ name, summary }: CommandEntry, command: Command): string {
  const args = command.arguments ?? []
  const usage = ['flotilla', '[options]', name, '[options]', ...args.map(argumentText)].join(' ')
  const parts = [`## ${name}`, `${summary[0]?.toUpperCase()}${summary.slice(1)}.`, `    ${usage}`]
  if (args.length > 0) parts.push(args.map((arg) => `- \`${arg.name}\`: ${arg.description}`).join('\n'))
  if (Object.keys(command.options).length > 0) parts.push(optionTable(command.options))
  parts.push(`Examples:\n\n${command.examples.map((line) => `    ${line}`).join('\n')}`)
  return parts.join('\n\n')
}

function exitRows(): string {
  return Object.entries(exitMeanings)
    .map(([name, meaning]) => `| ${exitCodes[name as keyof typeof exitCodes]} | ${meaning} |`)
    .join('\n')
}

/** The whole page. */
export async function cliReference(): Promise<string> {
  const sections = await Promise.all(commands.map(async (entry) => commandSection(entry, await entry.load())))
  return `<!-- Written by \`npm run docs\` from the option tables in src/cli; edit those. -->
# Command line

    flotilla [options] <command> [options] [arguments]

Options may stand before or after the command. A value follows as the next word or after \`=\`; single letters may be joined
(\`-qe staging\`). Names, defaults and variables are Helmfile's where Helmfile has them; an option that Flotilla does not have is
refused by name.

| exit code | |
|---|---|
${exitRows()}

Results go to standard output; progress, warnings and errors to standard error. What comes out of encrypted files is shown as
\`(secret)\` by every command, unless \`--show-secrets\` is given; only \`template\`, \`chart template\`, \`build\` and \`write-values\`, whose
output is for other programs, write values as they are. \`docs/decisions/0018-masking-by-origin.md\` says how.

For programs: \`--output json\` of \`diff\`, \`plan\` and \`show\` is described by \`schemas/plan.schema.json\`, that of \`apply\`, \`sync\`,
\`destroy\`, \`rollback\` and \`test\` by \`schemas/result.schema.json\`, that of \`compare\` and \`promote\` by
\`schemas/comparison.schema.json\` and \`schemas/promotion.schema.json\`. With \`--output ndjson\` those that change something print one
line at a time what \`schemas/event.schema.json\` describes: the plan, each event as it happens, the result. The same plan prints the
same bytes. \`--output github\` and \`gitlab\` print markdown that fits into a comment; \`junit\` a report with a test case per release.

Command hooks of state files run as Helmfile runs them: \`prepare\` and \`cleanup\` around every command that reads charts, the others
only where something is changed; [hooks.md](hooks.md) says which run when.

## Options of every command

${optionTable(globalOptions)}

${sections.join('\n\n')}
`
}
