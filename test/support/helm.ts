import { execFile, execFileSync } from 'node:child_process'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const found = new Map<number, string | undefined>()

/**
 * Helm of a major version: `FLOTILLA_HELM` (or `FLOTILLA_HELM3`), or helm where Go installs it, or in the PATH; undefined
 * where there is none.
 */
export function findHelm(major: 3 | 4 = 4): string | undefined {
  if (!found.has(major)) {
    const given = process.env[major === 3 ? 'FLOTILLA_HELM3' : 'FLOTILLA_HELM']
    const candidates = [given, join(homedir(), 'go/bin/helm'), 'helm'].filter((path) => path !== undefined)
    found.set(
      major,
      candidates.find((path) => isHelm(path, major)),
    )
  }
  return found.get(major)
}

function isHelm(path: string, major: number): boolean {
  try {
    return execFileSync(path, ['version', '--short'], { stdio: 'pipe' }).toString().startsWith(`v${major}.`)
  } catch {
    // Not there, or not a program: the next candidate may be.
    return false
  }
}

/** Runs Helm (4 unless `major` says 3) against a cluster; a failing run is an answer, too. */
export async function runHelm(
  kubeconfig: string,
  args: readonly string[],
  options: { readonly major?: 3 | 4; readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<{ readonly succeeded: boolean; readonly stdout: string; readonly stderr: string }> {
  const env = { PATH: process.env['PATH'], HOME: join(tmpdir(), 'flotilla-helm-home'), KUBECONFIG: kubeconfig, HELM_DRIVER: 'secret', ...options.env }
  try {
    const where = options.cwd === undefined ? {} : { cwd: options.cwd }
    return { succeeded: true, ...(await promisify(execFile)(findHelm(options.major) as string, [...args], { env, ...where })) }
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string }
    return { succeeded: false, stdout, stderr }
  }
}
