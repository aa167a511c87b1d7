import type { Command } from '../../base/host.ts'
import { DISABLED, isInsecureDisabled } from '../functions/insecure.ts'
import { type Backend, type SecretBackend, type SecretQuery, secretFailure, textBackend, yamlBackend } from './backend.ts'

const DEFAULT_TIMEOUT_SECONDS = 30

/**
 * What a program prints: `PROGRAM/ARGUMENT/…`, or a whole path that begins with a slash; `args` (with commas), `timeout` in seconds,
 * `trim` and `env_NAME` as options.
 * Source: vals 0.46 pkg/providers/exec
 */
export const programBackend: SecretBackend = yamlBackend(async (by, query) => {
  if (isInsecureDisabled(by.host)) throw secretFailure(query.uri, DISABLED)
  const options = query.query
  const key = query.path.replace(/\/$/, '')
  const [file = '', ...args] = key.startsWith('/') ? [key] : key.split('/')
  if (file === '') throw secretFailure(query.uri, 'no program is named', 'write PROGRAM/ARGUMENT/…')
  const env = Object.fromEntries([...options].filter(([name]) => name.startsWith('env_')).map(([name, value]) => [name.slice(4), value]))
  const more = options.get('args')?.split(',') ?? []
  const seconds = Number(options.get('timeout')) > 0 ? Number(options.get('timeout')) : DEFAULT_TIMEOUT_SECONDS
  const text = await output(by, query, { file, args: [...args, ...more], env }, AbortSignal.timeout(seconds * 1000))
  return options.get('trim') === 'false' ? text : text.replace(/[ \t\r\n]+$/, '')
})

/** Items of 1Password, as `op read` prints them: `VAULT/ITEM/FIELD`. Source: vals 0.46 pkg/providers/onepassword, 1Password CLI 2 */
export const onePasswordBackend: SecretBackend = textBackend((by, query) =>
  output(by, query, { file: 'op', args: ['read', '--no-newline', `op://${query.path}`] }),
)

/** Passwords of macOS' keychain, of the kind `vals-secret`. Source: vals 0.46 pkg/providers/keychain */
export const keychainBackend: SecretBackend = yamlBackend(async (by, query) => {
  const name = query.path.replace(/\/$/, '').trim()
  const text = (await output(by, query, { file: 'security', args: ['find-generic-password', '-w', '-D', 'vals-secret', '-s', name] })).trim()
  // What is no plain line is printed as hexadecimal digits.
  return /^(?:[0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, 'hex').toString('utf8') : text
})

async function output({ host }: Backend, { uri }: SecretQuery, command: Command, signal?: AbortSignal): Promise<string> {
  const result = await host.run(command, signal)
  if (result.missing) throw secretFailure(uri, `the program "${command.file}" is not installed`)
  if (result.code === 0) return Buffer.from(result.stdout).toString('utf8')
  const words = Buffer.from(result.stderr).toString('utf8').trim()
  throw secretFailure(uri, `${command.file} ended with ${result.code ?? 'a signal'}${words && `: ${words}`}`)
}
