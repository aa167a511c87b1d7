import { packageChart } from '../../actions/publish-chart.ts'
import { failure } from '../../base/diagnostic.ts'
import { withoutUndefined } from '../../base/without-undefined.ts'
import { serverAccess, serverOptions } from '../chart-access-options.ts'
import { type Command, type CommandContext, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { printDiagnostics } from '../print-diagnostics.ts'
import { outputOption } from '../shared-options.ts'

/** The first line of a file, `-` for standard input; hidden from then on. */
function passphraseFrom({ host, terminal }: CommandContext, file: string): string {
  const text = file === '-' ? terminal.readInput() : host.fs.readText(file)
  const line = text.split(/\r?\n/)[0] ?? ''
  if (line !== '') terminal.conceal([line])
  return line
}

export const chartPackage: Command = defineCommand({
  options: {
    destination: { short: 'd', long: 'destination', type: 'text', value: 'DIR', description: 'folder for the archives (default: the current one)' },
    version: { long: 'version', type: 'text', value: 'VERSION', description: 'give the chart this version' },
    appVersion: { long: 'app-version', type: 'text', value: 'VERSION', description: 'give the chart this appVersion' },
    dependencyUpdate: { short: 'u', long: 'dependency-update', type: 'flag', description: 'fetch what the chart depends on into the archive' },
    sign: { long: 'sign', type: 'flag', description: 'sign the archive; writes a provenance file beside it' },
    key: { long: 'key', type: 'text', value: 'NAME', description: 'user id of the key to sign with, or part of it' },
    keyring: { long: 'keyring', type: 'text', value: 'FILE', description: "file with the secret key (default: GnuPG's old keyring)" },
    passphraseFile: {
      long: 'passphrase-file',
      type: 'text',
      value: 'FILE',
      description: 'file with the passphrase of the key; "-" reads standard input',
    },
    ...serverOptions,
    ...outputOption,
  },
  arguments: [{ name: 'PATH', description: 'folder of a chart; may be given more than once', many: true }],
  examples: ['flotilla chart package charts/web -d dist', 'flotilla chart package charts/web --sign --key ci@shop.example --keyring secring.gpg'],
  async run(context, options, paths) {
    const { destination, version, appVersion, dependencyUpdate, sign, key, keyring, passphraseFile, output } = options
    const { host, terminal } = context
    if (sign && key === undefined) throw failure('cli/missing-key', '--key is required for signing a package')
    const access = serverAccess(context, options)
    let passphrase: string | undefined
    const askPassphrase = async (file: string): Promise<string> => {
      passphrase ??= passphraseFrom(context, file)
      return passphrase
    }
    const packaged = []
    for (const path of paths) {
      const made = await packageChart(host, path, {
        ...access,
        ...withoutUndefined({ destination, version, appVersion, dependencyUpdate, keyring, signWith: sign ? key : undefined }),
        ...(passphraseFile !== undefined && { passphrase: () => askPassphrase(passphraseFile) }),
        signal: context.signal,
        warn: (diagnostic) => printDiagnostics(terminal, [diagnostic]),
      })
      packaged.push(made)
      if (output !== 'json') terminal.out(`Successfully packaged chart and saved it to: ${made.archive}\n`)
    }
    if (output === 'json') terminal.json(packaged)
    return exitCodes.ok
  },
})
