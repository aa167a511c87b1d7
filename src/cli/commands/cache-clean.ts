import { cleanCache } from '../../actions/chart-cache.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { outputOption } from '../shared-options.ts'
import { cacheLines } from './cache-info.ts'

export const cacheClean: Command = defineCommand({
  options: outputOption,
  examples: ['flotilla cache clean'],
  async run({ host, terminal, settings }, { output }) {
    const report = cleanCache(host, (await settings()).charts?.cacheMegabytes)
    if (output === 'json') terminal.json(report)
    else terminal.out(`Cleaning up cache directory: ${report.folder}\n${cacheLines(report)}`)
    return exitCodes.ok
  },
})
