import { logoutFrom } from '../../actions/publish-chart.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'

export const chartLogout: Command = defineCommand({
  options: {},
  arguments: [{ name: 'REGISTRY', description: 'host or host:port of the registry' }],
  examples: ['flotilla chart logout registry.shop.example'],
  async run({ host, terminal }, _options, [registry = '']) {
    const wasIn = await logoutFrom(host, registry)
    terminal.out(wasIn ? `Removing login credentials for ${registry}\n` : `Not logged in to ${registry}\n`)
    return exitCodes.ok
  },
})
