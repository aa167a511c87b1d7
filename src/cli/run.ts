import { DiagnosticError, knownFailure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { Command, CommandContext, GlobalValues } from './command.ts'
import { commands } from './commands.ts'
import { exitCodeFor, exitCodes } from './exit-codes.ts'
import { commandHelp, generalHelp } from './help.ts'
import { lookFor } from './look.ts'
import { type MaskedTerminal, maskedTerminal } from './masked-terminal.ts'
import type { OptionTable, OptionValues } from './option-table.ts'
import { chooseCommand, parseOptions } from './parse-argv.ts'
import { printDiagnostics } from './print-diagnostics.ts'
import type { Terminal } from './terminal.ts'

/**
 * Runs one command line (`argv` without node and script) and resolves to the exit code; never throws for what a person
 * can cause. Everything is printed through `screen`.
 */
export async function runCli(host: Host, screen: Terminal, argv: readonly string[], signal: AbortSignal): Promise<number> {
  let terminal = maskedTerminal(screen, lookFor(screen, host.env))
  try {
    const chosen = chooseCommand(argv)
    if (!chosen) return await topLevel(terminal, argv)
    const command = await chosen.entry.load()
    const parsed = parseOptions(chosen.rest, command.options, host.env, chosen.entry.name)
    terminal = maskedTerminal(screen, lookFor(screen, host.env, parsed.global))
    if (parsed.help) {
      terminal.out(commandHelp(chosen.entry, command))
      return exitCodes.ok
    }
    checkArguments(command, parsed.args, chosen.entry.name)
    const context = { host, terminal, global: withLogLevel(parsed.global), settings: settingsOf(host), commands, signal }
    return await timed(context, (context) => command.run(context, parsed.own as OptionValues<OptionTable>, parsed.args))
  } catch (error) {
    // Whatever fails after a person asked to stop fails because of that.
    if (signal.aborted) {
      terminal.err('interrupted\n')
      return exitCodes.interrupted
    }
    return reportError(terminal, error)
  }
}

/** What it took is told however it ended. */
async function timed(context: CommandContext, run: (context: CommandContext) => Promise<number>): Promise<number> {
  if (!context.global.timings) return run(context)
  const [{ startStopwatch }, { formatTimings }] = await Promise.all([import('./stopwatch.ts'), import('../report/timings.ts')])
  const stopwatch = startStopwatch(context.host)
  try {
    return await run({ ...context, stopwatch })
  } finally {
    context.terminal.err(formatTimings(stopwatch.read()))
  }
}

async function topLevel(terminal: MaskedTerminal, argv: readonly string[]): Promise<number> {
  if (argv.includes('--version') || argv.includes('-v')) {
    const { readVersion } = await import('./commands/version.ts')
    terminal.out(`flotilla version ${readVersion()}\n`)
    return exitCodes.ok
  }
  parseOptions(argv, {}, {})
  terminal.out(generalHelp(commands))
  return exitCodes.ok
}

function settingsOf(host: Host): CommandContext['settings'] {
  let known: ReturnType<CommandContext['settings']> | undefined
  return () => {
    known ??= import('../settings/load-settings.ts').then(({ loadSettings }) => loadSettings(host))
    return known
  }
}

function withLogLevel(global: GlobalValues): GlobalValues {
  if (global.debug) return { ...global, quiet: false }
  return global.logLevel === 'warn' || global.logLevel === 'error' ? { ...global, quiet: true } : global
}

function checkArguments(command: Command, args: readonly string[], name: string): void {
  const specs = command.arguments ?? []
  const missing = specs.find((spec, i) => !spec.optional && args[i] === undefined)
  const usage = `"flotilla ${name} --help" shows how it is used`
  if (missing) throw usageError('cli/missing-argument', `"flotilla ${name}" needs the argument ${missing.name}`, usage)
  if (args.length > specs.length && !specs.at(-1)?.many) throw usageError('cli/extra-argument', `unexpected argument "${args[specs.length]}"`, usage)
}

function usageError(code: string, summary: string, hint: string): DiagnosticError {
  return new DiagnosticError({ code, severity: 'error', summary, hint })
}

function reportError(terminal: MaskedTerminal, error: unknown): number {
  const known = knownFailure(error)
  if (known) {
    printDiagnostics(terminal, known.diagnostics)
    return exitCodeFor(known.diagnostics.map((d) => d.code))
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  terminal.err(`internal error, please report it: ${text}\n`)
  return exitCodes.failure
}
