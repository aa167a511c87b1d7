import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { commandHelp, generalHelp } from '../help.ts'
import { noSuchCommand } from '../unknown-command.ts'

export const help: Command = defineCommand({
  options: {},
  arguments: [
    { name: 'COMMAND', description: 'the command to explain; absent: all', optional: true },
    { name: 'MEMBER', description: 'second word of the command', optional: true },
  ],
  examples: ['flotilla help apply', 'flotilla help chart template'],
  async run({ terminal, commands }, _options, words) {
    const name = words.join(' ')
    const entry = commands.find((command) => command.name === name)
    if (!entry && name !== '') throw noSuchCommand(commands, name)
    terminal.out(entry ? commandHelp(entry, await entry.load()) : generalHelp(commands))
    return exitCodes.ok
  },
})
