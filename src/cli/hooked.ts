import type { Clusters } from '../actions/clusters.ts'
import { betweenHooks, type CommandHooks, commandHooks } from '../actions/command-hooks.ts'
import type { State } from '../actions/load-state.ts'
import type { CommandContext } from './command.ts'
import { connectHooks } from './connect-hooks.ts'
import { type HookLog, hookLog } from './hook-log.ts'
import { printDiagnostics } from './print-diagnostics.ts'

/** How a command ended: its exit code and, where that stands for a failure, what failed. */
export interface Ending {
  readonly exit: number
  readonly error?: string
}

/** The hooks of a run, and where their output goes. */
export interface Hooks extends CommandHooks {
  readonly output: HookLog
}

/**
 * Runs `work` between the prepare and cleanup hooks of the state files, as Helmfile does for `command`; with `onlyReleases` these do
 * not run, and `work` gets those of releases.
 */
export async function hooked(
  context: CommandContext,
  command: string,
  { state, clusters }: { readonly state: State; readonly clusters: Clusters },
  work: (hooks: Hooks) => Promise<Ending>,
  { onlyReleases = false }: { readonly onlyReleases?: boolean } = {},
): Promise<number> {
  const { host, terminal, signal } = context
  const output = hookLog(context)
  const warn = (diagnostic: Parameters<typeof printDiagnostics>[1][number]): void => printDiagnostics(terminal, [diagnostic])
  const all = commandHooks(host, state, { command, signal, log: output.log, warn, connect: connectHooks(context, clusters) })
  // What a hook is told of an error becomes an argument of its program, which everyone on the machine can see.
  const hooks: CommandHooks = { ...all, cleanup: (error) => all.cleanup(error === undefined ? undefined : terminal.concealed(error)) }
  if (onlyReleases) return (await work({ ...hooks, output })).exit
  const { exit } = await betweenHooks(hooks, () => work({ ...hooks, output }), { errorOf: ({ error }) => error })
  return exit
}
