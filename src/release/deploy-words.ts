import type { HookEvent } from '../render/rendered.ts'

/** What distinguishes the three ways of deploying in what they say and which hooks they run. */
export interface DeployWords {
  readonly before: HookEvent
  readonly after: HookEvent
  readonly complete: string | undefined
  readonly hookFailed: (event: HookEvent, text: string) => string
  readonly failed: (release: string, text: string) => string
  /** When it was the waiting that failed. */
  readonly notReady: (release: string, text: string) => string
}

/** Helm's own texts for a record's description. Source: Helm 4.3.1 pkg/action/{install,upgrade,rollback}.go. */
export const DEPLOY_WORDS: Readonly<Record<'install' | 'upgrade' | 'rollback', DeployWords>> = {
  install: {
    before: 'pre-install',
    after: 'post-install',
    complete: 'Install complete',
    hookFailed: (event, text) => `failed ${event}: ${text}`,
    failed: (release, text) => `Release "${release}" failed: ${text}`,
    notReady: (release, text) => `Release "${release}" failed: ${text}`,
  },
  upgrade: {
    before: 'pre-upgrade',
    after: 'post-upgrade',
    complete: 'Upgrade complete',
    hookFailed: (event, text) => `${event} hooks failed: ${text}`,
    failed: (release, text) => `Upgrade "${release}" failed: ${text}`,
    notReady: (release, text) => `Upgrade "${release}" failed: ${text}`,
  },
  rollback: {
    before: 'pre-rollback',
    after: 'post-rollback',
    // The description was set when the record was planned: `Rollback to N`.
    complete: undefined,
    hookFailed: (_event, text) => text,
    failed: (release, text) => `Rollback "${release}" failed: ${text}`,
    notReady: (release, text) => `Release "${release}" failed: ${text}`,
  },
}
