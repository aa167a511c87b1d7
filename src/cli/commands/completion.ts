import { failure } from '../../base/diagnostic.ts'
import { type Command, defineCommand } from '../command.ts'
import { bashCompletion, zshCompletion } from '../completion/bash.ts'
import { fishCompletion } from '../completion/fish.ts'
import { completionWords, type Words } from '../completion/words.ts'
import { exitCodes } from '../exit-codes.ts'

const shells: ReadonlyMap<string, (words: Words) => string> = new Map([
  ['bash', bashCompletion],
  ['zsh', zshCompletion],
  ['fish', fishCompletion],
])

export const completion: Command = defineCommand({
  options: {},
  arguments: [{ name: 'SHELL', description: 'bash, zsh or fish', choices: [...shells.keys()] }],
  examples: ['source <(flotilla completion bash)', 'flotilla completion fish | source'],
  async run({ terminal, commands }, _options, [shell = '']) {
    const script = shells.get(shell)
    if (!script) throw failure('cli/unknown-shell', `no completion for the shell "${shell}"`, { hint: 'use bash, zsh or fish' })
    terminal.out(script(await completionWords(commands)))
    return exitCodes.ok
  },
})
