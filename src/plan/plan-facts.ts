import type { ChartMetadata } from '../chart/chart.ts'
import type { KubeClient } from '../kube/client.ts'
import type { LifecycleOptions } from '../release/operation.ts'
import type { Release, ReleaseOptions } from '../state/state.ts'
import type { ReleasePlan } from './plan.ts'

/** Seconds that Helm waits unless told otherwise. */
const DEFAULT_TIMEOUT = 300

/** A chart as a plan names it. */
export function chartOf(metadata: ChartMetadata): NonNullable<ReleasePlan['chart']> {
  const { name, version, appVersion } = metadata
  return { name, version, ...(appVersion ? { appVersion } : {}) }
}

/** `release` in the namespace it goes to: its own, or that of the kubeconfig context. */
export function inNamespace(release: Release, client: KubeClient): Release {
  return release.namespace ? release : { ...release, namespace: client.defaultNamespace }
}

/** How an install, upgrade or rollback of `release` is carried out. */
export function lifecycleOptions(release: Release): LifecycleOptions {
  const { options } = release
  return {
    wait: (options.wait ?? false) || (options.atomic ?? false),
    waitForJobs: options.waitForJobs ?? false,
    ...(options.wait && options.legacyWait && { legacyWait: true }),
    timeoutMs: (options.timeout ?? DEFAULT_TIMEOUT) * 1000,
    cleanupOnFail: options.cleanupOnFail ?? false,
    disableHooks: options.disableHooks ?? false,
    forceConflicts: options.forceConflicts ?? false,
    keepHistory: false,
    propagation: 'Background',
    ...(options.description ? { description: options.description } : {}),
  }
}

/** How the removal of `release` is carried out. */
export function removalOptions(release: Release): LifecycleOptions {
  const { options } = release
  return {
    ...lifecycleOptions(release),
    wait: options.deleteWait ?? false,
    timeoutMs: (options.deleteTimeout ?? options.timeout ?? DEFAULT_TIMEOUT) * 1000,
    keepHistory: options.keepHistory ?? false,
    propagation: propagationOf(options.cascade),
  }
}

function propagationOf(cascade: ReleaseOptions['cascade']): LifecycleOptions['propagation'] {
  if (cascade === 'orphan') return 'Orphan'
  return cascade === 'foreground' ? 'Foreground' : 'Background'
}
