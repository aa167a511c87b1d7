import type { Clusters } from '../actions/clusters.ts'
import { loadState } from '../actions/load-state.ts'
import { replanReleases } from '../actions/replan-releases.ts'
import { type PlanFile, type Replanned, readPlanFile, restorePlan } from '../actions/restore-plan.ts'
import { failure } from '../base/diagnostic.ts'
import { hasChanges } from '../report/plan-summary.ts'
import { carryOut } from './carry-out.ts'
import type { CommandContext, GlobalValues } from './command.ts'
import { isConfirmed } from './confirm.ts'
import { exitCodes } from './exit-codes.ts'
import { globalOptions } from './global-options.ts'
import type { OptionTable } from './option-table.ts'
import { type PlanCommandOptions, planOptionsFrom } from './plan-command.ts'
import { diffScopeOptions, needsOptions, strictValuesOption, upgradeOptions, valueOptions } from './shared-options.ts'
import { isText, type ShowOptions, showPlan, showsPlan } from './show-plan.ts'
import { stateRequest } from './state-request.ts'
import { withClusters } from './with-clusters.ts'
import { withLock } from './with-lock.ts'

type ApplyOptions = PlanCommandOptions & ShowOptions & { readonly yes?: boolean }

/** What makes a plan what it is, and so cannot change one that was made. */
const planning: OptionTable = { ...upgradeOptions, ...diffScopeOptions, ...needsOptions, ...valueOptions, ...strictValuesOption }
const { selector, chart, stateValuesSet, stateValuesSetString, stateValuesFile } = globalOptions
const choosing: OptionTable = { selector, chart, stateValuesSet, stateValuesSetString, stateValuesFile }

/**
 * Carries out the plan in the file at `path`, and nothing else; `given` is what the command line says of its own.
 *
 * @throws DiagnosticError `cli/fixed-by-plan`, and as `restorePlan`
 */
export async function applySavedPlan(
  unlocked: CommandContext,
  path: string,
  { given, options }: { readonly given: object; readonly options: ApplyOptions },
): Promise<number> {
  const file = readPlanFile(unlocked.host, path)
  refuseOptions(unlocked.global, given, file, path)
  return withClusters(unlocked, (clusters) => {
    const kubeContexts = file.plan.releases.map(({ kubeContext }) => kubeContext)
    const target = { environment: file.environment, leaseName: file.leaseName, kubeContexts }
    return withLock(unlocked, { target, clusters }, options, (context) => applyFile(context, path, file, { clusters, options }))
  })
}

async function applyFile(
  context: CommandContext,
  path: string,
  file: PlanFile,
  { clusters: opened, options }: { readonly clusters: Clusters; readonly options: ApplyOptions },
): Promise<number> {
  const replan = (releases: ReadonlySet<string>): Promise<Replanned> => replanFor(context, file, opened, { options, releases })
  const { plan, clusters } = await restorePlan(context.host, file, opened, { path, replan })
  if (showsPlan(options)) showPlan(context, plan, options)
  if (!hasChanges(plan)) return isText(options) ? exitCodes.ok : (await carryOut(context, plan, { clusters }, options)).exit
  if (!(await isConfirmed(context, plan, 'Apply this plan?', options))) return exitCodes.ok
  return (await carryOut(context, plan, { clusters }, options)).exit
}

function refuseOptions(global: GlobalValues, given: object, file: PlanFile, path: string): void {
  const { environment } = global
  if (environment !== undefined && environment !== file.environment) {
    throw failure('cli/fixed-by-plan', `the plan is for the environment ${file.environment}, not ${environment}`, {
      subject: path,
      hint: 'leave --environment out, or name the plan of that environment',
    })
  }
  // Releases that are planned again want the options they were planned with.
  if ('clear' in file.work && file.work.clear.operations.some((saved) => 'withheld' in saved)) return
  const fixed = [...namesIn(planning, given), ...namesIn(choosing, global)]
  if (fixed.length === 0) return
  throw failure('cli/fixed-by-plan', `${fixed.join(', ')} cannot change a plan that was made`, {
    subject: path,
    hint: 'leave it out, or make a new plan with it',
  })
}

function namesIn(table: OptionTable, values: object): readonly string[] {
  const given = new Set(Object.keys(values))
  return Object.entries(table).flatMap(([key, { long }]) => (given.has(key) ? [`--${long}`] : []))
}

async function replanFor(
  context: CommandContext,
  file: PlanFile,
  clusters: Clusters,
  { options, releases }: { readonly options: ApplyOptions; readonly releases: ReadonlySet<string> },
): Promise<Replanned> {
  const { host, terminal } = context
  const state = await loadState(host, { ...stateRequest(context, options), environment: file.environment, syncArgs: options.syncArgs ?? '' })
  const plan = await replanReleases(host, state, clusters, releases, await planOptionsFrom(context, options))
  return { plan, secrets: terminal.everySecret() }
}
