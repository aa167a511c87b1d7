import { type CacheReport, cacheReport } from '../../actions/chart-cache.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { outputOption } from '../shared-options.ts'

export const cacheInfo: Command = defineCommand({
  options: outputOption,
  examples: ['flotilla cache info'],
  async run({ host, terminal, settings }, { output }) {
    const report = cacheReport(host, (await settings()).charts?.cacheMegabytes)
    if (output === 'json') terminal.json(report)
    else terminal.out(`Cache directory: ${report.folder}\n${cacheLines(report)}It may hold ${report.limit / 1024 / 1024} MiB.\n`)
    return exitCodes.ok
  },
})

/** A line for each kind of thing that there is. */
export function cacheLines({ kinds }: CacheReport): string {
  return Object.entries(kinds)
    .map(([kind, { count, bytes }]) => `- ${kind}: ${count}, ${(bytes / 1024 / 1024).toFixed(1)} MiB\n`)
    .join('')
}
