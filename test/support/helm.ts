import { execFile, execFileSync } from 'node:child_process'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

let found: string | null | undefined

/** Helm 4: `FLOTILLA_HELM`, or helm where Go installs it, or in the PATH; undefined where there is none. */
export function findHelm(): string | undefined {
  const candidates = [process.env['FLOTILLA_HELM'], join(homedir(), 'go/bin/helm'), 'helm'].filter((path) => path !== undefined)
  found ??= candidates.find(isHelm4) ?? null
  return found ?? undefined
}

function isHelm4(path: string): boolean {
  try {
    return execFileSync(path, ['version', '--short'], { stdio: 'pipe' }).toString().startsWith('v4.')
  } catch {
    // Not there, or not a program: the next candidate may be.
    return false
  }
}

/** Runs Helm against a cluster; a failing run is an answer, too. */
export async function runHelm(
  kubeconfig: string,
  args: readonly string[],
): Promise<{ readonly succeeded: boolean; readonly stdout: string; readonly stderr: string }> {
  const env = { PATH: process.env['PATH'], HOME: join(tmpdir(), 'flotilla-helm-home'), KUBECONFIG: kubeconfig, HELM_DRIVER: 'secret' }
  try {
    return { succeeded: true, ...(await promisify(execFile)(findHelm() as string, [...args], { env })) }
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string }
    return { succeeded: false, stdout, stderr }
  }
}
