import type { Diagnostic } from '../base/diagnostic.ts'
import { isObject, sameJson } from '../base/json.ts'
import { type Plain, toPlain } from '../go/plain.ts'
import { readinessOf } from '../kube/readiness/judge.ts'
import type { Plan, ReleasePlan } from '../plan/plan.ts'
import { deployedRecord, lastRecord, revisionOf } from '../release/storage.ts'
import type { Release, State } from '../state/state.ts'
import { mergeLayers } from '../values/merge-layers.ts'
import { withoutSecretValues } from './stored-config.ts'

/** What an environment must be before something is promoted from it. */
export type Gate = 'deployed' | 'healthy' | 'undrifted'

export interface GateOptions {
  readonly require: readonly Gate[]
  /** Every secret value, where records are kept without them. */
  readonly omitSecrets?: () => readonly string[]
}

type PlainMap = { readonly [key: string]: Plain }

/** Why nothing may be promoted from the environment of `plan`: the first closed gate of each release, for others often follow from it. */
export async function closedGates(state: State, plan: Plan, options: GateOptions): Promise<readonly Diagnostic[]> {
  const releases = new Map(state.files.flatMap(({ selected }) => selected.map((release) => [release.id, release] as const)))
  const closed: Diagnostic[] = []
  for (const planned of plan.releases) {
    const release = releases.get(planned.id)
    if (!release?.installed) continue
    for (const gate of options.require) {
      const why = gate === 'deployed' ? await notDeployed(release, planned, options) : gate === 'healthy' ? notHealthy(planned) : drifted(planned)
      if (why === undefined) continue
      closed.push(refusal(plan.environment, planned, gate, why))
      break
    }
  }
  return closed
}

function refusal(environment: string, { id }: ReleasePlan, gate: Gate, why: string): Diagnostic {
  const hint = gate === 'healthy' ? `mend it in ${environment}, or promote with --force` : `apply ${environment} first, or promote with --force`
  return { code: `promote/not-${gate}`, severity: 'error', summary: why, subject: `release ${id} in ${environment}`, hint }
}

async function notDeployed(release: Release, { basis, chart }: ReleasePlan, { omitSecrets }: GateOptions): Promise<string | undefined> {
  const history = basis?.history ?? []
  const [deployed, last] = [deployedRecord(history), lastRecord(history)]
  if (!deployed || !last) return 'it is not deployed'
  if (last !== deployed) return `its last revision, ${last.version}, is ${last.status}`
  const { config, chart: stored } = revisionOf(deployed)
  if (chart && stored?.metadata.version !== chart.version)
    return `revision ${deployed.version} has chart version ${stored?.metadata.version}, not ${chart.version}`
  const layers = await release.layers()
  const given = toPlain(mergeLayers(layers).tree) as PlainMap
  const wanted = omitSecrets ? withoutSecretValues(given, layers, omitSecrets()) : given
  const { reuseValues, resetThenReuseValues } = release.options
  const isSame = reuseValues || resetThenReuseValues ? holds(config, wanted) : sameJson(config, wanted)
  return isSame ? undefined : `revision ${deployed.version} was deployed from other values`
}

/** Whether `all` has everything of `part`. */
function holds(all: Plain, part: Plain): boolean {
  if (!isObject(part)) return sameJson(all, part)
  return isObject(all) && Object.entries(part).every(([key, value]) => all[key] !== undefined && holds(all[key], value))
}

function notHealthy({ basis }: ReleasePlan): string | undefined {
  for (const { live } of basis?.objects ?? []) {
    const readiness = live && readinessOf(live)
    if (live && readiness && readiness.state !== 'ready')
      return `${live.kind} ${live.metadata.name ?? ''} is ${readiness.state}: ${readiness.message}`
  }
  return (basis?.history ?? []).length === 0 ? 'it is not deployed' : undefined
}

function drifted({ action, reason }: ReleasePlan): string | undefined {
  return action === 'none' ? undefined : `it differs from what the state files say: ${action}${reason ? ` (${reason})` : ''}`
}
