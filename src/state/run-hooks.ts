import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { stringFromBytes } from '../go/bytes.ts'
import type { ManifestHook, ResolvedHook } from './resolve-hooks.ts'

export interface RunHooksOptions {
  readonly log?: (hook: ResolvedHook, output: string) => void
  readonly signal?: AbortSignal
  /** Applies the manifests that a hook names, and says what became of them. */
  readonly apply?: (hook: ManifestHook) => Promise<string>
}

/**
 * Runs hooks one after the other, without a shell; `log` gets the output of those that want it shown. Those that apply manifests are
 * handed to `apply`; where there is none, kubectl is run.
 * @throws DiagnosticError `state/hook-failed` for the first that does not end with 0, and what `apply` throws
 */
export async function runHooks(host: Host, hooks: readonly ResolvedHook[], options: RunHooksOptions = {}): Promise<void> {
  for (const hook of hooks) {
    const { manifests } = hook
    if (manifests && options.apply) {
      const applied = await options.apply({ ...hook, manifests })
      if (hook.showLogs) options.log?.(hook, applied)
      continue
    }
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
