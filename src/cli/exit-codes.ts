/** Exit codes of every command; scripts rely on them. 2 and 3 are Helmfile's. */
export const exitCodes = {
  /** Done, or nothing to do. */
  ok: 0,
  /** Something is wrong; a diagnostic says what. */
  failure: 1,
  /** There are (or were) changes; only with `--detailed-exitcode`. */
  changes: 2,
  /** The command line is wrong, or no release matches. */
  usage: 3,
  /** Ended by Ctrl-C or SIGTERM: 128 + SIGINT. */
  interrupted: 130,
} as const

const usageCodes: ReadonlySet<string> = new Set(['state/no-releases'])

/** The exit code for an error with these diagnostic codes. */
export function exitCodeFor(diagnosticCodes: readonly string[]): number {
  const usage = diagnosticCodes.some((code) => code.startsWith('cli/') || usageCodes.has(code))
  return usage ? exitCodes.usage : exitCodes.failure
}
