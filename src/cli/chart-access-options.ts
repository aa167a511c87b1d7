import { resolve } from 'node:path'
import type { ChartAccess } from '../actions/named-chart.ts'
import { withoutUndefined } from '../base/without-undefined.ts'
import { chartOptions } from './chart-options.ts'
import type { CommandContext } from './command.ts'
import type { OptionValues } from './option-table.ts'

/** How a server is spoken to, in Helm's words. */
export const serverOptions = {
  username: { long: 'username', type: 'text', value: 'NAME', description: 'user of the repository or registry' },
  passwordStdin: { long: 'password-stdin', type: 'flag', description: "read the user's password from standard input" },
  caFile: { long: 'ca-file', type: 'text', value: 'FILE', description: 'certificates that vouch for the server' },
  certFile: { long: 'cert-file', type: 'text', value: 'FILE', description: 'certificate to show the server' },
  keyFile: { long: 'key-file', type: 'text', value: 'FILE', description: "that certificate's key" },
  insecureSkipTlsVerify: { long: 'insecure-skip-tls-verify', type: 'flag', description: 'believe any certificate' },
  plainHttp: { long: 'plain-http', type: 'flag', description: 'speak to a registry without TLS' },
} as const

const whichChart = {
  version: { long: 'version', type: 'text', value: 'VERSION', description: 'version of the chart, or a range (default: the newest)' },
  devel: { long: 'devel', type: 'flag', description: 'pre-releases count, too' },
  repo: { long: 'repo', type: 'text', value: 'URL', description: 'repository in which the name of the chart is looked up' },
  passCredentials: { long: 'pass-credentials', type: 'flag', description: 'send user and password also to where the repository says its charts are' },
  verify: { long: 'verify', type: 'flag', description: 'the chart must be signed by somebody of the keyring' },
  keyring: { long: 'keyring', type: 'text', value: 'FILE', description: "keys to verify with (default: GnuPG's)" },
} as const

/** Which chart is meant, and where it is looked for. */
export const chartAccessOptions: typeof whichChart & typeof serverOptions = { ...whichChart, ...serverOptions }

type ServerValues = OptionValues<typeof serverOptions>

/** The server options as actions take them; a password is read now, and hidden from then on. */
export function serverAccess(
  { terminal }: Pick<CommandContext, 'terminal'>,
  options: ServerValues,
): Pick<ChartAccess, 'username' | 'password' | 'caFile' | 'certFile' | 'keyFile' | 'skipTlsVerify' | 'plainHttp'> {
  const { username, passwordStdin, caFile, certFile, keyFile, insecureSkipTlsVerify, plainHttp } = options
  const password = passwordStdin ? terminal.readInput().replace(/\r?\n$/, '') : undefined
  if (password) terminal.conceal([password])
  return withoutUndefined({ username, password, caFile, certFile, keyFile, skipTlsVerify: insecureSkipTlsVerify, plainHttp })
}

/** All of the options as actions take them, with what the settings ask of charts. */
export async function chartAccess(context: CommandContext, options: OptionValues<typeof chartAccessOptions>): Promise<ChartAccess> {
  const { version, devel, repo, passCredentials, verify, keyring } = options
  const { policy, servers, skipRefresh, signal } = await chartOptions(context)
  const folded = keyring === undefined ? undefined : resolve(context.host.cwd, keyring)
  return {
    ...serverAccess(context, options),
    ...withoutUndefined({ version, devel, repo, passCredentials, verify, keyring: folded }),
    ...withoutUndefined({ policy, servers, skipRefresh, signal }),
  }
}
