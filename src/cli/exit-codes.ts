/** Exit codes of every command; scripts rely on them. 0 to 3 are Helmfile's. */
export const exitCodes = {
  /** Done, or nothing to do. */
  ok: 0,
  /** Something is wrong; a diagnostic says what. */
  failure: 1,
  /** There are (or were) changes; only with `--detailed-exitcode`. */
  changes: 2,
  /** What was asked does not fit: a wrong command line, no release that matches, a plan whose ground has changed. Nothing was done. */
  misfit: 3,
  /** Another run holds what this one would have changed. Nothing was done. */
  locked: 4,
  /** Ended by Ctrl-C or SIGTERM: 128 + SIGINT. */
  interrupted: 130,
} as const

type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** What each code says, for help and docs, in the order of the codes. */
export const exitMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: 'done, or nothing to do',
  failure: 'something is wrong; a message says what, and how to mend it',
  changes: 'there are (or were) changes; only with --detailed-exitcode',
  misfit: 'the command line is wrong, no release matches, a plan file is stale, or a promotion is refused; nothing was done',
  locked: 'another run is at work on the same; nothing was done',
  interrupted: 'ended by Ctrl-C or SIGTERM, after running writes were finished',
}

/** Codes of diagnostics that end a command in another way than a failure; those that begin with `cli/` are misfits. */
const byDiagnostic: ReadonlyMap<string, ExitCode> = new Map([
  ['state/no-releases', exitCodes.misfit],
  ['plan/stale', exitCodes.misfit],
  ['promote/same-environment', exitCodes.misfit],
  ['promote/skips-stage', exitCodes.misfit],
  ['promote/not-deployed', exitCodes.misfit],
  ['promote/not-healthy', exitCodes.misfit],
  ['promote/not-undrifted', exitCodes.misfit],
  ['promote/gates-offline', exitCodes.misfit],
  ['promote/changed-meanwhile', exitCodes.misfit],
  ['kube/locked', exitCodes.locked],
])

/** The exit code for an error with these diagnostic codes: the first that is no plain failure decides. */
export function exitCodeFor(diagnosticCodes: readonly string[]): ExitCode {
  const own = diagnosticCodes.map((code) => (code.startsWith('cli/') ? exitCodes.misfit : byDiagnostic.get(code)))
  return own.find((code) => code !== undefined) ?? exitCodes.failure
}
