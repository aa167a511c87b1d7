import { failure } from '../base/diagnostic.ts'
import type { Command, Host } from '../base/host.ts'
import { type DockerConfig, helperFor, readConfig, registryConfigPath, registryKey } from '../supply/registry-credentials.ts'

/** Who logs in. */
export interface Login {
  readonly username: string
  readonly password: string
}

/** @throws DiagnosticError `supply/credential-helper` */
async function runHelper(host: Host, helper: string, verb: 'store' | 'erase', input: string): Promise<void> {
  const command: Command = { file: `docker-credential-${helper}`, args: [verb], input }
  const { code, missing } = await host.run(command)
  // What the helper printed may hold what it was given.
  if (missing) throw failure('supply/credential-helper', `the credential helper ${command.file} is not installed`)
  if (code !== 0) throw failure('supply/credential-helper', `the credential helper ${command.file} ended with code ${code ?? 'none'}`)
}

function write(host: Host, config: DockerConfig): void {
  host.fs.writeFile(registryConfigPath(host), `${JSON.stringify(config, null, '\t')}\n`, { mode: 0o600 })
}

/**
 * Keeps a login where Helm looks for it: with the credential helper that its registry configuration names, else in the file itself,
 * for its owner's eyes only. Everything else in the file stays.
 *
 * @throws DiagnosticError `supply/bad-config`, `supply/credential-helper`
 * Source: Helm 4.3.1 pkg/registry/client.go (Login); docker/cli cli/config/configfile, docker-credential-helpers
 */
export async function storeLogin(host: Host, registry: string, { username, password }: Login): Promise<void> {
  const config = readConfig(host, registryConfigPath(host)) ?? {}
  const key = registryKey(registry)
  const helper = helperFor(config, registry)
  if (helper !== undefined) await runHelper(host, helper, 'store', JSON.stringify({ ServerURL: key, Username: username, Secret: password }))
  const auth = helper === undefined ? { auth: Buffer.from(`${username}:${password}`).toString('base64') } : {}
  write(host, { ...config, auths: { ...config.auths, [key]: auth } })
}

/**
 * Forgets a login; false where there was none.
 *
 * @throws as `storeLogin`
 */
export async function removeLogin(host: Host, registry: string): Promise<boolean> {
  const config = readConfig(host, registryConfigPath(host))
  const key = registryKey(registry)
  const helper = config && helperFor(config, registry)
  if (!config || (helper === undefined && !Object.hasOwn(config.auths ?? {}, key))) return false
  if (helper !== undefined) await runHelper(host, helper, 'erase', key)
  const { [key]: _removed, ...auths } = config.auths ?? {}
  write(host, { ...config, auths })
  return true
}
