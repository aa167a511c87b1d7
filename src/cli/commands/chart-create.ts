import { createChart } from '../../actions/create-files.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'

export const chartCreate: Command = defineCommand({
  options: { force: { long: 'force', type: 'flag', description: 'replace files that are there' } },
  arguments: [{ name: 'PATH', description: 'folder to make; its last part names the chart' }],
  examples: ['flotilla chart create charts/web', 'flotilla chart create charts/web && flotilla chart unittest charts/web'],
  async run({ host, terminal }, { force }, [path = '']) {
    const [first = ''] = createChart(host, path, force ?? false)
    terminal.out(`Creating ${path}\n`)
    terminal.err(
      `look at ${first.replace('.helmignore', 'values.yaml')} first; "flotilla chart lint ${path}" and "flotilla chart unittest ${path}" check it\n`,
    )
    return exitCodes.ok
  },
})
