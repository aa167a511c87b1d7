import type { HookOptions } from '../actions/command-hooks.ts'
import type { CommandContext } from './command.ts'
import { connectHooks } from './connect-hooks.ts'
import { printDiagnostics } from './print-diagnostics.ts'

type Log = NonNullable<HookOptions['log']>

/** Where output of command hooks goes: to the terminal, or, while something is drawn there, to whoever draws. */
export interface HookLog {
  readonly log: Log
  /** Sends the lines of hooks of releases to `write` until it is called without one. */
  divert(write?: (text: string, release: string) => void): void
}

/** Lines in Helmfile's form, `hook[EVENT] logs | LINE`; none with `--quiet`. */
export function hookLog({ terminal, global }: Pick<CommandContext, 'terminal' | 'global'>): HookLog {
  let diverted: ((text: string, release: string) => void) | undefined
  return {
    log: ({ event }, output, release) => {
      if (global.quiet) return
      for (const line of output.replace(/\n$/, '').split('\n')) {
        const text = `hook[${event}] logs | ${line}`
        if (diverted && release !== undefined) diverted(text, release)
        else terminal.err(`${text}\n`)
      }
    },
    divert: (write) => {
      diverted = write
    },
  }
}

/** What hooks of commands that only print are given. */
export function printHooks(context: CommandContext): HookOptions {
  const { terminal, signal } = context
  return { signal, log: hookLog(context).log, warn: (diagnostic) => printDiagnostics(terminal, [diagnostic]), connect: connectHooks(context) }
}
