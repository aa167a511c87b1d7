import { loginTo } from '../../actions/publish-chart.ts'
import { failure } from '../../base/diagnostic.ts'
import { serverAccess, serverOptions } from '../chart-access-options.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'

export const chartLogin: Command = defineCommand({
  options: { ...serverOptions, username: { ...serverOptions.username, short: 'u' } },
  arguments: [{ name: 'REGISTRY', description: 'host or host:port of the registry' }],
  examples: ['flotilla chart login registry.shop.example -u ci --password-stdin < token.txt'],
  async run(context, options, [registry = '']) {
    const { username, password = '', ...access } = serverAccess(context, options)
    if (username === undefined || password === '') {
      throw failure('cli/missing-login', 'a login needs --username and a password', {
        hint: 'give --password-stdin and the password on standard input',
      })
    }
    await loginTo(context.host, registry, { ...access, username, password, signal: context.signal })
    context.terminal.out('Login Succeeded\n')
    return exitCodes.ok
  },
})
