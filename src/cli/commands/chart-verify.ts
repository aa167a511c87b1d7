import { verifyArchive } from '../../actions/publish-chart.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { outputOption } from '../shared-options.ts'

export const chartVerify: Command = defineCommand({
  options: {
    keyring: { long: 'keyring', type: 'text', value: 'FILE', description: "keys to verify with (default: GnuPG's)" },
    ...outputOption,
  },
  arguments: [{ name: 'ARCHIVE', description: 'archive of a chart with its provenance file beside it' }],
  examples: ['flotilla chart verify web-1.0.0.tgz --keyring pubring.gpg'],
  async run({ host, terminal }, { keyring, output }, [archive = '']) {
    const verified = await verifyArchive(host, archive, keyring)
    const { userIds, fingerprint, digest } = verified
    if (output === 'json') terminal.json(verified)
    else {
      for (const id of userIds) terminal.out(`Signed by: ${id}\n`)
      terminal.out(`Using Key With Fingerprint: ${fingerprint}\nChart Hash Verified: ${digest}\n`)
    }
    return exitCodes.ok
  },
})
