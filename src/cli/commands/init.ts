import { checkReadiness } from '../../actions/check-readiness.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { outputOption } from '../shared-options.ts'
import { withClusters } from '../with-clusters.ts'

export const init: Command = defineCommand({
  options: {
    ...outputOption,
    force: { long: 'force', type: 'flag', description: 'accepted as Helmfile does: nothing is installed, so nobody is asked' },
  },
  examples: ['flotilla init', 'flotilla --kube-context staging init'],
  async run(context, { output }) {
    const { host, terminal } = context
    // Settings that cannot be read are an error of their own.
    await context.settings()
    const checks = await withClusters(context, (clusters) => checkReadiness(host, clusters))
    if (output === 'json') terminal.json(checks)
    else for (const { ok, text } of checks) terminal.out(`${ok ? 'ok' : 'missing'}: ${text}\n`)
    // Without a cluster everything that only reads files works.
    return checks.every(({ what, ok }) => ok || what === 'cluster') ? exitCodes.ok : exitCodes.failure
  },
})
