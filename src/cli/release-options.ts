import type { ReleaseOptions } from '../actions/plan-state.ts'
import type { OptionValues } from './option-table.ts'
import type { cascadeOption, upgradeOptions } from './shared-options.ts'

/** What the options of apply and sync lay over every release's own. */
export function overridesFrom(options: OptionValues<typeof upgradeOptions & typeof cascadeOption>): ReleaseOptions {
  const given = {
    wait: options.wait,
    waitForJobs: options.waitForJobs,
    legacyWait: options.trackMode && options.trackMode === 'helm-legacy',
    timeout: options.timeout,
    skipCrds: options.skipCrds,
    skipSchemaValidation: options.skipSchemaValidation,
    takeOwnership: options.takeOwnership,
    reuseValues: options.reuseValues,
    resetValues: options.resetValues,
    resetThenReuseValues: options.resetThenReuseValues,
    atomic: options.rollbackOnFailure ?? options.atomic,
    cleanupOnFail: options.cleanupOnFail,
    historyMax: options.historyMax,
    description: options.description,
    serverSide: options.serverSide,
    cascade: options.cascade,
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as ReleaseOptions
}
