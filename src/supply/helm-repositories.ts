import { join } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { type Plain, toPlain } from '../go/plain.ts'
import { decodeYaml } from '../yaml/decode.ts'
import type { RepositorySettings } from './chart-source.ts'

/** Where Helm keeps the repositories that were added by hand. Source: Helm 4.3.1 pkg/helmpath */
function helmRepositoriesPath({ env, homeDir }: Host): string {
  const home = env['HELM_CONFIG_HOME'] || join(env['XDG_CONFIG_HOME'] || join(homeDir, '.config'), 'helm')
  return env['HELM_REPOSITORY_CONFIG'] || join(home, 'repositories.yaml')
}

/**
 * The repositories that `helm repo add` knows on this machine.
 * @throws DiagnosticError `supply/bad-config`
 */
export function helmRepositories(host: Host): readonly RepositorySettings[] {
  const path = helmRepositoriesPath(host)
  if (host.fs.stat(path)?.kind !== 'file') return []
  let content: Plain
  try {
    content = toPlain(decodeYaml({ name: path, text: host.fs.readText(path) }, 'helm'))
  } catch (cause) {
    throw failure('supply/bad-config', `${path} cannot be read`, { cause, hint: 'repair it, or remove it' })
  }
  const list = (content as { readonly repositories?: Plain } | null)?.repositories
  return Array.isArray(list) ? list.flatMap(settingsOf) : []
}

function settingsOf(entry: Plain): RepositorySettings[] {
  const fields = (entry ?? {}) as { readonly [name: string]: Plain }
  const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '')
  const filled = (field: string, name: string): object => (text(name) === '' ? {} : { [field]: text(name) })
  if (text('name') === '' || text('url') === '') return []
  return [
    {
      name: text('name'),
      url: text('url'),
      ...filled('username', 'username'),
      ...filled('password', 'password'),
      ...filled('caFile', 'caFile'),
      ...filled('certFile', 'certFile'),
      ...filled('keyFile', 'keyFile'),
      ...(fields['insecure_skip_tls_verify'] === true ? { skipTlsVerify: true } : {}),
      ...(fields['pass_credentials_all'] === true ? { passCredentials: true } : {}),
    },
  ]
}
