import { setMaxListeners } from 'node:events'
import type { Clusters } from '../actions/clusters.ts'
import type { State } from '../actions/load-state.ts'
import { type LockTarget, lockEnvironment, lockTargetOf } from '../actions/lock-environment.ts'
import { failure } from '../base/diagnostic.ts'
import type { CommandContext } from './command.ts'
import { printDiagnostics } from './print-diagnostics.ts'

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 }

/** Milliseconds. @throws DiagnosticError `cli/invalid-value` */
function lockTimeoutMs(text: string): number {
  const [, amount, unit = 's'] = /^(\d{1,6})([smh])?$/.exec(text) ?? []
  if (amount === undefined)
    throw failure('cli/invalid-value', `"${text}" is not a time to wait for a lock`, { hint: 'write seconds, or 90s, 5m, 1h' })
  return Number(amount) * (UNIT_MS[unit] ?? 1000)
}

/** What a run is about to change: what a state says, or a saved plan. */
export type LockSubject = { readonly clusters: Clusters } & ({ readonly state: State } | { readonly target: LockTarget })

/**
 * Runs `work` while no other run changes the environment; its context's signal is aborted when that is no longer sure.
 *
 * @throws DiagnosticError `kube/locked`, `kube/lease-lost`
 */
export async function withLock<T>(
  context: CommandContext,
  subject: LockSubject,
  { lockTimeout }: { readonly lockTimeout?: string },
  work: (context: CommandContext) => Promise<T>,
): Promise<T> {
  const { host, terminal, global, signal } = context
  const { name, namespace, timeout } = (await context.settings()).lock ?? {}
  const waitMs = lockTimeoutMs(lockTimeout ?? String(timeout ?? 0))
  const target = 'target' in subject ? subject.target : lockTargetOf(subject.state, name)
  const lock = await lockEnvironment(host, target, subject.clusters, {
    waitMs,
    signal,
    ...(namespace !== undefined && { namespace }),
    onWaiting: (text) => {
      if (!global.quiet) terminal.err(`${text}; ${waitMs > 0 ? 'waiting' : 'seeing whether that run still lives'}\n`)
    },
    warn: (diagnostic) => printDiagnostics(terminal, [diagnostic]),
  })
  const either = AbortSignal.any([signal, lock.lost])
  setMaxListeners(0, either)
  try {
    return await work({ ...context, signal: either })
  } finally {
    await lock.release()
    lock.lost.throwIfAborted()
  }
}
