import type { OptionSpec } from '../option-table.ts'
import { type CommandWords, spellings, type Words } from './words.ts'

const longNames = (options: readonly OptionSpec[]): string => options.map(({ long }) => `--${long}`).join(' ')

/** The cases of a bash `case`, one line each. */
const cases = (entries: Iterable<readonly [string, string]>): string =>
  [...entries].map(([pattern, words]) => `    ${pattern}) words="${words}" ;;`).join('\n')

/** `"diff --output"`: where the value of an option is one of a few words. */
function choiceCases({ name, options }: CommandWords): [string, string][] {
  return options.flatMap((option) => (option.choices ? [[`"${name} --${option.long}"`, option.choices.join(' ')] as [string, string]] : []))
}

/** The completion function for bash, which zsh can use too. */
export function bashCompletion({ commands, first, members, globals }: Words): string {
  const withValue = new Set(
    [globals, ...commands.map(({ options }) => options)].flat().flatMap((option) => (option.type === 'flag' ? [] : spellings(option))),
  )
  const commandCases = commands.map(({ name, options, choices }): [string, string] => [`"${name}"`, [...choices, longNames(options)].join(' ')])
  const groupCases = [...members].map(([group, words]): [string, string] => [`"${group}"`, words.map(({ word }) => word).join(' ')])
  return `# flotilla completion for bash: source <(flotilla completion bash)
_flotilla() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="" words="" value="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [[ -n "$value" ]]; then value=""; continue; fi
    case "$word" in
      ${[...withValue].join('|')}) value=yes ;;
      -*) ;;
      *) case "$command" in ""|${[...members.keys()].join('|')}) command="\${command:+$command }$word" ;; esac ;;
    esac
  done
  COMPREPLY=()
  case "$command $previous" in
${cases(commands.flatMap(choiceCases))}
  esac
  [[ -n "$value" && -z "$words" ]] && return
  [[ -n "$words" ]] || case "$command" in
${cases([...groupCases, ...commandCases])}
    *) words="${first.map(({ word }) => word).join(' ')} ${longNames(globals)}" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _flotilla flotilla
`
}

/** The same for zsh, through its bash emulation. */
export function zshCompletion(words: Words): string {
  return `#compdef flotilla
# flotilla completion for zsh: source <(flotilla completion zsh)
autoload -U +X bashcompinit && bashcompinit
${bashCompletion(words)}`
}
