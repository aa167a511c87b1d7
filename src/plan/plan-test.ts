import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { Revision } from '../release/record.ts'
import { lastRecord, readHistory, revisionOf } from '../release/storage.ts'
import type { Release } from '../state/state.ts'
import { PLAN_FORMAT_VERSION, type Plan, type PlanInput } from './plan.ts'
import { chartOf, inNamespace, lifecycleOptions } from './plan-facts.ts'

/** Which release is tested, and by which of its test hooks. */
export type TestInput = Omit<PlanInput, 'desire' | 'releases'> & {
  readonly release: Release
  /** `name=NAME` for those to run, `!name=NAME` for those to leave out; absent: all run. */
  readonly filters?: readonly string[]
  /** Tell the logs of their pods. */
  readonly logs?: boolean
  /** Milliseconds for each hook; absent: the release's own timeout. */
  readonly timeoutMs?: number
}

/** Names of the tests that `filters` choose. Source: Helm 4.3.1 pkg/cmd/release_testing.go */
function chosenTests({ hooks }: Revision, filters: readonly string[]): readonly string[] {
  const wanted = filters.filter((filter) => !filter.startsWith('!')).map((filter) => filter.slice('name='.length))
  const unwanted = new Set(filters.filter((filter) => filter.startsWith('!')).map((filter) => filter.slice('!name='.length)))
  const names = hooks.filter((hook) => hook.events.includes('test')).map((hook) => hook.name)
  return names.filter((name) => (wanted.length === 0 || wanted.includes(name)) && !unwanted.has(name))
}

/**
 * Plans running the test hooks of what is deployed.
 *
 * @throws DiagnosticError `plan/not-installed`, `release/corrupt-record`
 */
export async function planTest(_host: Host, input: TestInput): Promise<Plan> {
  const { filters, logs, timeoutMs } = input
  const client = await input.clientFor(input.release.kubeContext)
  const release = inNamespace(input.release, client)
  const newest = lastRecord(await readHistory(client, release))
  if (!newest)
    throw failure('plan/not-installed', `release ${release.name} is not installed in namespace ${release.namespace}`, {
      subject: `release ${release.id}`,
    })
  const revision = revisionOf(newest)
  const options = {
    ...lifecycleOptions(release),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(filters ? { tests: chosenTests(revision, filters) } : {}),
    ...(logs ? { testLogs: true } : {}),
  }
  const operation = {
    kind: 'test' as const,
    revision,
    settle: [],
    supersede: [],
    prune: [],
    createNamespace: false,
    crds: [],
    crdUpgrades: [],
    objects: [],
    removals: [],
    options,
  }
  const { id, name, namespace, kubeContext } = release
  const planned = {
    id,
    name,
    namespace,
    kubeContext,
    needs: [],
    after: [],
    action: 'test' as const,
    reason: `${options.tests?.length ?? revision.hooks.filter((hook) => hook.events.includes('test')).length} test hooks`,
    fromRevision: revision.version,
    ...(revision.chart ? { chart: chartOf(revision.chart.metadata) } : {}),
    changes: [],
    notes: [],
    blockers: [],
    suppressDiff: false,
    operation,
  }
  return { formatVersion: PLAN_FORMAT_VERSION, environment: input.environment, releases: [planned] }
}
