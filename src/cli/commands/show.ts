import { readPlanFile } from '../../actions/restore-plan.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { diffDisplayOptions, planOutputOption, suppressDiffOption } from '../shared-options.ts'
import { isText, showPlan } from '../show-plan.ts'
import { withSettings } from '../with-settings.ts'

const { showSecrets: _kept, detailedExitcode: _ofRuns, ...display } = diffDisplayOptions

export const show: Command = defineCommand({
  options: {
    ...display,
    ...suppressDiffOption,
    ...planOutputOption,
  },
  arguments: [{ name: 'PLAN', description: 'file that "flotilla plan -o" wrote' }],
  examples: ['flotilla show staging.plan', 'flotilla show staging.plan --output json'],
  async run(context, given, [path = '']) {
    const options = await withSettings(context, given)
    const { plan, createdAt, expiresAt, clusters, environment } = readPlanFile(context.host, path)
    if (isText(options)) {
      const where = clusters.map(({ server, uid }) => `${server}${uid === null ? '' : ` (${uid})`}`).join(', ')
      const [made, end] = [createdAt, expiresAt].map((time) => new Date(time).toISOString())
      context.terminal.out(`Environment ${environment} on ${where}\nmade at ${made}, good until ${end}\n\n`)
    }
    showPlan(context, plan, options)
    return exitCodes.ok
  },
})
