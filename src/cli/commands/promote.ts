import { formerSecretsOf } from '../../actions/former-secrets-of.ts'
import { loadState, type StateRequest } from '../../actions/load-state.ts'
import { markSalt } from '../../actions/mark-salt.ts'
import { type Plan, planState } from '../../actions/plan-state.ts'
import { checkStages, type PreparedPromotion, preparePromotion } from '../../actions/promote-environment.ts'
import { closedGates } from '../../actions/promotion-gates.ts'
import { DiagnosticError, failure } from '../../base/diagnostic.ts'
import type { Host } from '../../base/host.ts'
import { formatPromotion, promotionDocument } from '../../report/promotion-text.ts'
import { type Command, type CommandContext, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { planOptionsFrom } from '../plan-command.ts'
import { concurrencyOption, diffDisplayOptions, outputOption } from '../shared-options.ts'
import { planDocumentOf, showPlan } from '../show-plan.ts'
import { environmentArguments, sharedRequest } from '../two-environments.ts'
import { withClusters } from '../with-clusters.ts'
import { withSettings } from '../with-settings.ts'

type Clusters = Parameters<Parameters<typeof withClusters>[1]>[0]

export const promote: Command = defineCommand({
  options: {
    keys: {
      long: 'keys',
      type: 'list',
      value: 'PATTERN',
      description: "paths of the values to promote, with commas between: '**.image.tag,**.version'",
    },
    dryRun: { long: 'dry-run', type: 'flag', description: 'show what would be written, and write nothing' },
    force: { long: 'force', type: 'flag', description: 'promote past the order of environments and gates that are closed' },
    offline: { long: 'offline', type: 'flag', description: "ask no cluster: leave out the target's plan" },
    ...diffDisplayOptions,
    ...concurrencyOption,
    ...outputOption,
  },
  arguments: environmentArguments,
  examples: [
    'flotilla promote staging production',
    'flotilla promote dev staging -l app=web --dry-run',
    "flotilla promote dev staging --keys '**.image.tag,images.*'",
  ],
  async run(context, { keys, dryRun = false, force = false, offline = false, ...given }, [source = '', target = '']) {
    const { promotion: { order, keys: usual, require = [] } = {} } = await context.settings()
    const request = sharedRequest(context)
    checkStages({ source, target, ...(order && { order }) }, force)
    if (given.showSecrets) context.terminal.reveal()
    const options = await withSettings(context, given)
    if (offline && require.length > 0 && !force)
      throw failure('promote/gates-offline', `promotion.require (${require.join(', ')}) cannot be checked offline`, {
        hint: 'leave --offline out, or use --force',
      })
    const prepare = (): Promise<PreparedPromotion> => {
      const wanted = keys ?? usual
      return preparePromotion(context.host, { source, target }, { state: request, ...(wanted && { keys: wanted }) })
    }
    const finish = async (promotion: PreparedPromotion, planned?: Shown): Promise<number> => {
      if (!dryRun) promotion.write()
      show(context, promotion, { ...options, dryRun, target }, planned)
      if (promotion.left.length > 0) return exitCodes.failure
      return options.detailedExitcode && promotion.files.length > 0 ? exitCodes.changes : exitCodes.ok
    }
    if (offline) return finish(await prepare())
    return withClusters(context, async (clusters) => {
      if (!force && require.length > 0) await checkGates(context, clusters, { request, source, require, options })
      const promotion = await prepare()
      return finish(promotion, await targetPlan(context, clusters, { host: promotion.host, request: { ...request, environment: target }, options }))
    })
  },
})

type Options = Parameters<typeof planOptionsFrom>[1] & { readonly output?: string }

async function checkGates(
  context: CommandContext,
  clusters: Clusters,
  {
    request,
    source,
    require,
    options,
  }: {
    readonly request: StateRequest
    readonly source: string
    readonly require: Parameters<typeof closedGates>[2]['require']
    readonly options: Options
  },
): Promise<void> {
  const planOptions = await planOptionsFrom(context, options)
  const state = await loadState(context.host, { ...request, environment: source })
  const plan = await planState(context.host, state, clusters, planOptions)
  const { omitSecrets } = planOptions
  const closed = await closedGates(state, plan, { require, ...(omitSecrets && { omitSecrets }) })
  if (closed.length > 0) throw new DiagnosticError(closed)
}

interface Shown {
  readonly plan: Plan
  readonly salt: string
}

/** The plan of the target as it will be once the files of `host` are written. */
async function targetPlan(
  context: CommandContext,
  clusters: Clusters,
  { host, request, options }: { readonly host: Host; readonly request: StateRequest; readonly options: Options },
): Promise<Shown> {
  const { terminal } = context
  const state = await loadState(host, request)
  const plan = await planState(host, state, clusters, await planOptionsFrom(context, options))
  terminal.conceal(await formerSecretsOf(state, plan, () => terminal.everySecret()))
  return { plan, salt: await markSalt(host, plan, clusters, terminal.secrets()) }
}

function show(
  context: CommandContext,
  promotion: PreparedPromotion,
  options: Options & { readonly dryRun: boolean; readonly target: string },
  planned: Shown | undefined,
): void {
  const { terminal } = context
  const { dryRun, target, output } = options
  const isWritten = !dryRun && promotion.files.length > 0
  if (output === 'json') {
    const plan = planned ? planDocumentOf(context, planned.plan, { ...options, salt: planned.salt }) : null
    terminal.json({ ...promotionDocument(promotion), written: isWritten, plan })
    return
  }
  terminal.out(formatPromotion(promotion, { color: terminal.colorOut }))
  if (isWritten && !context.global.quiet) terminal.err(`wrote ${promotion.files.join(', ')}\n`)
  if (!planned) return
  terminal.out(`\n${dryRun ? `${target} would then have this plan` : `the plan of ${target} is now`}:\n\n`)
  showPlan(context, planned.plan, { ...options, output: 'text', salt: planned.salt })
}
