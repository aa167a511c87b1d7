import { cleanCache } from '../../actions/chart-cache.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { cacheLines } from './cache-info.ts'

export const cacheClean: Command = defineCommand({
  options: {},
  examples: ['flotilla cache clean'],
  async run({ host, terminal }) {
    const report = cleanCache(host)
    terminal.out(`Cleaning up cache directory: ${report.folder}\n${cacheLines(report)}`)
    return exitCodes.ok
  },
})
