import { findRelease } from '../../actions/find-release.ts'
import { loadState } from '../../actions/load-state.ts'
import { releaseHistory } from '../../actions/release-status.ts'
import { formatTable } from '../../report/table.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { outputOption } from '../shared-options.ts'
import { stateRequest } from '../state-request.ts'
import { withClusters } from '../with-clusters.ts'

export const history: Command = defineCommand({
  options: {
    ...outputOption,
    max: { long: 'max', type: 'integer', value: 'N', min: 0, description: 'how many revisions, the newest (default: 256)' },
  },
  arguments: [{ name: 'RELEASE', description: 'name, or namespace/name' }],
  examples: ['flotilla -e staging history web', 'flotilla -e staging history shop/web --output json'],
  async run(context, { output, max = 256 }, [name = '']) {
    return withClusters(context, async (clusters) => {
      const state = await loadState(context.host, { ...stateRequest(context), selection: 'matching' })
      const release = findRelease(
        state.files.flatMap((file) => file.selected),
        name,
      )
      const lines = (await releaseHistory(release, clusters)).slice(-max || Number.POSITIVE_INFINITY)
      const rows = lines.map((line) => [
        String(line.revision),
        line.updated.replace(/\.\d+/, ''),
        line.status,
        line.chart,
        line.appVersion || '-',
        line.description.replace(/\s*\n\s*/g, ' '),
      ])
      const table = formatTable(['REVISION', 'UPDATED', 'STATUS', 'CHART', 'APP VERSION', 'DESCRIPTION'], rows)
      if (output === 'json') context.terminal.json(lines)
      else context.terminal.out(table)
      return exitCodes.ok
    })
  },
})
