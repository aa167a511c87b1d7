import type { Host } from '../base/host.ts'
import { visitState } from '../state/load-state.ts'
import type { StateRequest } from '../state/request.ts'
import type { StateFile } from '../state/state.ts'
import { betweenHooks, type CommandHookOptions, type CommandHooks, commandHooks } from './command-hooks.ts'

/**
 * Does `work` on each state file, one by one, between the prepare and the cleanup hooks of that file; `onlyFiles` as in
 * `betweenHooks`.
 *
 * @throws DiagnosticError as `visitState`, `state/hook-failed`, and of `work`
 */
export async function visitHooked(
  host: Host,
  request: StateRequest,
  { onlyFiles = false, ...options }: CommandHookOptions & { readonly onlyFiles?: boolean },
  work: (file: StateFile, hooks: CommandHooks) => Promise<void>,
): Promise<void> {
  await visitState(host, request, (file) => {
    const hooks = commandHooks(host, { files: [file] }, options)
    return betweenHooks(hooks, () => work(file, hooks), { onlyFiles })
  })
}
