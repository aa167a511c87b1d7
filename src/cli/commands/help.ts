import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { commandHelp, generalHelp } from '../help.ts'
import { chooseCommand } from '../parse-argv.ts'

export const help: Command = defineCommand({
  options: {},
  arguments: [
    { name: 'COMMAND', description: 'the command to explain; absent: all', optional: true },
    { name: 'MEMBER', description: 'second word of the command', optional: true },
  ],
  examples: ['flotilla help apply', 'flotilla help chart template'],
  async run({ terminal }, _options, words) {
    const entry = chooseCommand(words)?.entry
    terminal.out(entry ? commandHelp(entry, await entry.load()) : generalHelp())
    return exitCodes.ok
  },
})
