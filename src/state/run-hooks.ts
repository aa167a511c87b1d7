import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { stringFromBytes } from '../go/bytes.ts'
import type { ResolvedHook } from './resolve-hooks.ts'

/**
 * Runs hooks one after the other, without a shell; `log` gets the output of those that want it shown.
 * @throws DiagnosticError `state/hook-failed` for the first that does not end with 0
 */
export async function runHooks(
  host: Host,
  hooks: readonly ResolvedHook[],
  options: { readonly log?: (hook: ResolvedHook, output: string) => void; readonly signal?: AbortSignal } = {},
): Promise<void> {
  for (const hook of hooks) {
    const result = await host.run({ file: hook.command, args: hook.args, cwd: hook.cwd }, options.signal)
    const output = stringFromBytes(result.stdout) + stringFromBytes(result.stderr)
    if (hook.showLogs) options.log?.(hook, output)
    if (result.missing) throw hookFailed(hook, missingCommand(hook.command), '')
    if (result.code !== 0) throw hookFailed(hook, result.code === null ? 'it was ended by a signal' : `exit status ${result.code}`, output)
  }
}

function missingCommand(command: string): string {
  return command.includes('/') ? `fork/exec ${command}: no such file or directory` : `exec: "${command}": executable file not found in $PATH`
}

function hookFailed(hook: ResolvedHook, what: string, output: string): Error {
  const notes = output.trim() === '' ? {} : { notes: [{ text: `it printed: ${output.trim()}` }] }
  return failure('state/hook-failed', `hook[${hook.name}]: command \`${hook.command}\` failed: ${what}`, { subject: `${hook.event} hook`, ...notes })
}
