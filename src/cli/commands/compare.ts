import { compareEnvironments } from '../../actions/compare-environments.ts'
import { comparisonDocument, formatComparison } from '../../report/comparison-text.ts'
import { chartOptions } from '../chart-options.ts'
import { type Command, type CommandContext, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { outputOption } from '../shared-options.ts'
import { environmentArguments, sharedRequest } from '../two-environments.ts'
import { withClusters } from '../with-clusters.ts'

type Clusters = Parameters<Parameters<typeof withClusters>[1]>[0]

export const compare: Command = defineCommand({
  options: {
    offline: { long: 'offline', type: 'flag', description: 'ask no cluster: leave out what is deployed' },
    showSecrets: { long: 'show-secrets', type: 'flag', description: 'print secret values of objects' },
    ...outputOption,
  },
  arguments: environmentArguments,
  examples: ['flotilla compare staging production', 'flotilla compare staging production -l app=web --offline --output json'],
  async run(context, { offline = false, showSecrets = false, output }, [source = '', target = '']) {
    const { terminal, host } = context
    const state = sharedRequest(context)
    if (showSecrets) terminal.reveal()
    const { helmCompat } = await context.settings()
    const charts = await chartOptions(context)
    const work = async (clusters?: Clusters): Promise<number> => {
      const options = { state, charts, ...(helmCompat && { helmCompat }), ...(clusters && { clusters }) }
      const comparison = await compareEnvironments(host, source, target, options)
      const diff = diffOptions(context, showSecrets)
      if (output === 'json') terminal.json(comparisonDocument(comparison, diff))
      else terminal.out(formatComparison(comparison, { color: terminal.colorOut, diff }))
      return exitCodes.ok
    }
    return offline ? work() : withClusters(context, work)
  },
})

function diffOptions({ host, terminal }: CommandContext, showSecrets: boolean): Parameters<typeof comparisonDocument>[1] {
  return { salt: Buffer.from(host.randomBytes(16)).toString('hex'), secretValues: terminal.secrets(), ...(showSecrets && { showSecrets }) }
}
