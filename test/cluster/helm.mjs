// Real Helm binaries for comparing with: built once with Go and kept under the user's cache folder.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

export const HELM_4 = { module: 'helm.sh/helm/v4', version: 'v4.3.1' }
export const HELM_3 = { module: 'helm.sh/helm/v3', version: 'v3.18.6' }

/** The path of that Helm, built if need be; undefined, and a line that says why, when it cannot be built. */
export function helmBinary({ module, version }) {
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'flotilla-test', `helm-${version}`)
  if (existsSync(join(folder, 'helm'))) return join(folder, 'helm')
  console.error(`helm ${version}: building it, which takes some minutes the first time`)
  mkdirSync(dirname(folder), { recursive: true })
  const temporary = mkdtempSync(`${folder}.`)
  try {
    execFileSync('go', ['install', `${module}/cmd/helm@${version}`], {
      cwd: temporary,
      env: { ...process.env, GOBIN: temporary },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    renameSync(temporary, folder)
    return join(folder, 'helm')
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true })
    console.error(
      `helm ${version}: SKIPPED, it could not be built: ${String(error.stderr ?? error.message)
        .trim()
        .split('\n')
        .at(-1)}`,
    )
    return undefined
  }
}
