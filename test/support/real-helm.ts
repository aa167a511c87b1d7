import { execFile, execFileSync } from 'node:child_process'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Scenario } from './scenario.ts'

/** The first of these programs that is Helm of that major version. */
function firstHelm(major: number, candidates: readonly (string | undefined)[]): string | undefined {
  return candidates.find((path) => {
    if (path === undefined) return false
    try {
      return execFileSync(path, ['version', '--short'], { stdio: 'pipe' }).toString().startsWith(`v${major}.`)
    } catch {
      // Not there, or not a program: the next candidate may be.
      return false
    }
  })
}

/** Helm 4: `FLOTILLA_HELM`, or where Go or the PATH has it. */
export const helm4: string | undefined = firstHelm(4, [process.env['FLOTILLA_HELM'], join(homedir(), 'go/bin/helm'), 'helm'])
/** Helm 3: `FLOTILLA_HELM3`. */
export const helm3: string | undefined = firstHelm(3, [process.env['FLOTILLA_HELM3']])

/** What Helm printed and how it ended. */
export interface HelmOutcome {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs Helm in the scenario's folder and namespace; it must exit with 0 or not as `fails` says. */
export async function runHelm(
  binary: string,
  scenario: Scenario,
  args: readonly string[],
  options: { readonly fails?: boolean } = {},
): Promise<string> {
  const all = [...args, '--namespace', scenario.namespace]
  const outcome = await new Promise<HelmOutcome>((done) => {
    execFile(binary, all, { cwd: scenario.folder, env: { ...scenario.env, HELM_DRIVER: 'secret' } }, (error, stdout, stderr) =>
      done({ exit: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    )
  })
  if ((outcome.exit !== 0) !== (options.fails ?? false)) throw new Error(`helm ${all.join(' ')} ended with ${outcome.exit}\n${outcome.stderr}`)
  return outcome.stdout
}
