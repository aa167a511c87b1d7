import { isAbsolute, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { DiagnosticError, failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { markWith } from '../plan/mask-secrets.ts'
import type { Plan, ReleasePlan } from '../plan/plan.ts'
import { bindRelease, identifyClusters, mutationsOfRelease } from '../plan/saved/bind-plan.ts'
import { digestWith } from '../plan/saved/digest.ts'
import { encodePlanFile } from '../plan/saved/encode-plan-file.ts'
import { holdsSecrets, maskedPlan } from '../plan/saved/masked-plan.ts'
import { withoutRecords } from '../plan/saved/on-records.ts'
import { PLAN_FILE_FORMAT, PLAN_FILE_VERSION, type PlanFile, type PlanWork, type SavedOperation } from '../plan/saved/plan-file.ts'
import { keyMaterialOf } from '../plan/saved/read-histories.ts'
import { sealFor } from '../secrets/age-seal.ts'
import type { Clusters } from './clusters.ts'
import { digestKey, KEY_CHECK } from './digest-key.ts'

export interface SavePlanOptions {
  /** Every value that is to be hidden. */
  readonly secrets: readonly string[]
  /** Those of them that planning the releases again will meet too; `secrets` when absent. */
  readonly decrypted?: readonly string[]
  /** Age public keys; empty: operations that hold secrets are withheld. */
  readonly recipients: readonly string[]
  readonly maxAgeMs: number
  /** Of the Lease that a run on this environment holds. */
  readonly leaseName: string
}

/** What a saved plan is like. */
export interface SavedPlan {
  readonly expiresAt: number
  /** Ids of the releases that have to be planned again when it is applied. */
  readonly withheld: readonly string[]
}

/**
 * Writes `plan` to `path`: whole or not at all, readable by its owner only.
 *
 * @throws DiagnosticError of the plan's own blockers; `plan/needs-recipient`; `secrets/bad-recipient`; of an unreachable cluster
 */
export async function savePlan(host: Host, plan: Plan, clusters: Clusters, path: string, options: SavePlanOptions): Promise<SavedPlan> {
  const blockers = plan.releases.flatMap((release) => release.blockers)
  if (blockers.length > 0) throw new DiagnosticError(blockers)
  const withheld = options.recipients.length > 0 ? [] : withheldFrom(plan, options.secrets)
  const file = await planFile(host, plan, clusters, { ...options, withheld })
  host.fs.writeFile(isAbsolute(path) ? path : join(host.cwd, path), encodePlanFile(file), { mode: 0o600 })
  return { expiresAt: file.expiresAt, withheld: withheld.map(({ id }) => id) }
}

function withheldFrom(plan: Plan, secrets: readonly string[]): readonly ReleasePlan[] {
  const withheld = plan.releases.filter((release) => holdsSecrets(release, secrets))
  const random = withheld.find((release) => (release.randomValues?.length ?? 0) > 0)
  if (!random) return withheld
  throw failure('plan/needs-recipient', `${random.id} makes other values at every render, which can be kept only in an encrypted plan`, {
    subject: `release ${random.id}`,
    notes: (random.randomValues ?? []).map((text) => ({ text })),
    hint: 'name an age recipient with --plan-recipient, or in the settings as plan.recipients',
  })
}

async function planFile(
  host: Host,
  plan: Plan,
  clusters: Clusters,
  options: SavePlanOptions & { readonly withheld: readonly ReleasePlan[] },
): Promise<PlanFile> {
  const createdAt = host.now()
  const work = await workOf(host, plan, clusters, options)
  return {
    format: PLAN_FILE_FORMAT,
    formatVersion: PLAN_FILE_VERSION,
    createdAt,
    expiresAt: createdAt + options.maxAgeMs,
    environment: plan.environment,
    leaseName: options.leaseName,
    clusters: await identifyClusters(plan, clusters.clientFor),
    // The salt of the marks is kept nowhere: they cannot be tried against guesses.
    plan: maskedPlan(plan, options.secrets, markWith(Buffer.from(host.randomBytes(16)).toString('hex'))),
    work: options.recipients.length === 0 ? { clear: work } : await sealed(work, options.recipients),
  }
}

async function workOf(
  host: Host,
  plan: Plan,
  clusters: Clusters,
  { withheld, recipients, secrets, decrypted = secrets }: SavePlanOptions & { readonly withheld: readonly ReleasePlan[] },
): Promise<PlanWork> {
  const salt = Buffer.from(host.randomBytes(32)).toString('hex')
  const material = keyMaterialOf(plan.releases.map(({ basis }) => basis?.history ?? []))
  const digest = digestWith(await digestKey(salt, [...(withheld.length > 0 ? decrypted : []), ...material]))
  const mutations = await Promise.all(
    plan.releases.map(async (release) => mutationsOfRelease(release, await clusters.clientFor(release.kubeContext), digest)),
  )
  return {
    salt,
    keyCheck: digest(KEY_CHECK),
    bindings: plan.releases.map((release) => bindRelease(release, digest)),
    mutations: mutations.flat(),
    operations: plan.releases.flatMap((release): readonly SavedOperation[] => {
      const { id, operation } = release
      if (!operation) return []
      if (withheld.includes(release)) return [{ release: id, withheld: true }]
      return [recipients.length > 0 ? { release: id, operation } : { release: id, onRecords: withoutRecords(operation) }]
    }),
  }
}

async function sealed(work: PlanWork, recipients: readonly string[]): Promise<PlanFile['work']> {
  const content = await sealFor(recipients, gzipSync(JSON.stringify(work)))
  return { sealed: Buffer.from(content).toString('base64'), recipients }
}
