import { failure } from '../../base/diagnostic.ts'
import { type Command, type CommandEntry, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { globalOptions } from '../global-options.ts'
import type { OptionTable } from '../option-table.ts'

const longNames = (table: OptionTable): string[] => Object.values(table).map((option) => `--${option.long}`)

/** Words that can follow: the commands, and per command its options. */
interface Words {
  /** First words of commands with what they do. */
  readonly commands: ReadonlyMap<string, string>
  readonly options: ReadonlyMap<string, readonly string[]>
}

async function words(commands: readonly CommandEntry[]): Promise<Words> {
  const loaded = await Promise.all(commands.map(async (entry): Promise<[string, Command]> => [entry.name, await entry.load()]))
  return {
    commands: new Map(commands.map((entry) => [entry.name.split(' ')[0] as string, entry.summary])),
    options: new Map(loaded.map(([name, command]) => [name, [...longNames(command.options), ...longNames(globalOptions), '--help']])),
  }
}

function bash({ commands: names, options }: Words): string {
  const cases = [...options].map(([name, list]) => `    "${name}") words="${list.join(' ')}" ;;`)
  return `# flotilla completion for bash: source <(flotilla completion bash)
_flotilla() {
  local current="\${COMP_WORDS[COMP_CWORD]}" command="" words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ "$word" == -* ]] || command="\${command:+$command }$word"
  done
  case "$command" in
${cases.join('\n')}
    *) words="${[...names.keys()].join(' ')} ${longNames(globalOptions).join(' ')} --help" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _flotilla flotilla
`
}

function zsh(all: Words): string {
  return `#compdef flotilla
# flotilla completion for zsh: source <(flotilla completion zsh)
autoload -U +X bashcompinit && bashcompinit
${bash(all)}`
}

function fish({ commands: names, options }: Words): string {
  const lines = [...names].map(([name, summary]) => `complete -c flotilla -n __fish_use_subcommand -f -a ${name} -d "${summary}"`)
  for (const [name, list] of options) {
    const seen = name
      .split(' ')
      .map((word) => `__fish_seen_subcommand_from ${word}`)
      .join('; and ')
    for (const option of list) lines.push(`complete -c flotilla -n "${seen}" -l ${option.slice(2)}`)
  }
  return `# flotilla completion for fish: flotilla completion fish | source\n${lines.join('\n')}\n`
}

const shells: Readonly<Record<string, (all: Words) => string>> = { bash, zsh, fish }

export const completion: Command = defineCommand({
  options: {},
  arguments: [{ name: 'SHELL', description: 'bash, zsh or fish' }],
  examples: ['source <(flotilla completion bash)', 'flotilla completion fish | source'],
  async run({ terminal, commands }, _options, [shell = '']) {
    const script = Object.hasOwn(shells, shell) ? shells[shell] : undefined
    if (!script) throw failure('cli/unknown-shell', `no completion for the shell "${shell}"`, { hint: 'use bash, zsh or fish' })
    terminal.out(script(await words(commands)))
    return exitCodes.ok
  },
})
